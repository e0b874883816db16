"""Takes the real addresses out of a header block, fast. A display name is never an address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

_FOLD = re.compile(rb"\n(?=[ \t])")
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"(\s*@)?', re.DOTALL)
_COMMENT = re.compile(rb"\((?:[^()\\]|\\.)*\)")
_ANGLE = re.compile(rb"<([^<>]*)>")
_ADDRESS = re.compile(rb"[^\s<>,;:\"()\[\]@]*@[^\s<>,;:\"()\[\]@]+")


@lru_cache(maxsize=256)  # the ids of a portion are looked up together, then each is judged
def fields(block: bytes) -> Mapping[bytes, Sequence[bytes]]:
    """Return the fields of a header block, unfolded, by lower-case name."""
    found: dict[bytes, list[bytes]] = {}
    for line in _FOLD.sub(b"", block.replace(b"\r\n", b"\n")).splitlines():
        name, colon, value = line.partition(b":")
        if colon:
            found.setdefault(name.strip().lower(), []).append(value.strip())
    return found


def addresses(value: bytes) -> list[str]:
    """Return the addresses of an address field, lower case, in order.

    Where a correspondent has an angle bracket, only what stands in it counts: anybody may write
    `send@kent.gov.uk` into a display name.
    """
    bare = _QUOTED.sub(lambda quoted: b"q@" if quoted[1] else b" ", value)
    while (without := _COMMENT.sub(b" ", bare)) != bare:
        bare = without
    found = []
    for part in re.split(rb"[,;]", bare):
        angles = [a for a in _ANGLE.findall(part) if b"@" in a]
        # The last one: `<a@x> <b@y>` is malformed, and mail programs answer the last.
        match = _ADDRESS.findall(angles[-1]) if angles else _ADDRESS.findall(part)
        if match:
            address = match[-1].lower().rstrip(b".").decode("utf-8", "replace")
            found.append(address)
    return found
