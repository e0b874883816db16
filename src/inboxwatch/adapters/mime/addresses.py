"""Read addresses as RFC 5322 means them, so that a display name can never pose as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from inboxwatch.adapters.mime.guards import MAX_ADDRESS_VALUE, MAX_ADDRESSES, MAX_NAME
from inboxwatch.adapters.mime.words import clean, decode_words, from_wire
from inboxwatch.domain.message import Address

_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPACED_AT = re.compile(r"[ \t]+@[ \t]*|@[ \t]+")
_NOT_IN_DOMAIN = re.compile(r"[<>(),;\\\"\s]")
_NO_QUOTES = str.maketrans("", "", '"()')
_SHORT = 300  # characters of a header value that is worth remembering
_MAX_ADDRESS = 320  # RFC 5321: 64 + 1 + 255


class _Item:
    """One mailbox of a list while it is being read: words, comment and angle address apart."""

    __slots__ = ("angle", "comment", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comment: list[str] = []
        self.angle: list[str] | None = None

    def address(self) -> Address | None:
        """Return what was written, None when there is no address in it."""
        words = "".join(self.words)
        if self.angle is not None:
            spec, name = "".join(self.angle).strip(), words
            if spec.startswith("@"):  # RFC 822 routes: <@relay.example:a@b.example>
                spec = spec.rpartition(":")[2]
        else:
            # Old mail programs put a name before a bare address without brackets.
            spec = words.strip()
            if not (spec.startswith('"') and spec.count('"') == 2 and '"@' in spec):
                spec = _SPACED_AT.sub("@", spec)
                spec = spec.split()[-1] if spec else ""
            name = "".join(self.comment)
        address = _valid(spec)
        if address is None:
            return None
        shown = decode_words(_unquoted(name), MAX_NAME)
        return Address(address=address, name="" if shown.lower() == address else shown)


def parse_addresses(values: Iterable[object]) -> tuple[Address, ...]:
    """Return every address of the given raw header values, in order.

    Encoded words are decoded in names only and after the structure was read: neither
    `"send@kent.gov.uk" <x@evil.example>` nor an address hidden in an encoded word counts as
    mail of Kent. Groups give their members. What has no @ is left out.
    """
    found: list[Address] = []
    for value in values:
        text = from_wire(value)[:MAX_ADDRESS_VALUE]
        found += _parsed(text) if len(text) > _SHORT else _remembered(text)
        if len(found) >= MAX_ADDRESSES:
            break
    return tuple(found[:MAX_ADDRESSES])


def _parsed(text: str) -> tuple[Address, ...]:
    items, balanced = _items(text)
    if not balanced:
        items, _ = _items(text.translate(_NO_QUOTES))
    return tuple(address for item in items if (address := item.address()) is not None)


# The same few people write and are written to.
_remembered = lru_cache(maxsize=4096)(_parsed)


def _items(text: str) -> tuple[list[_Item], bool]:
    """Take a list apart in one pass; the flag tells whether quotes and comments were closed."""
    item, quoted, depth, in_angle, skip = _Item(), False, 0, False, False
    items = [item]
    for position, char in enumerate(text):
        if skip:
            skip = False
            continue
        sink = item.comment if depth else item.words
        if in_angle and item.angle is not None and not depth:
            sink = item.angle
        if char == "\\" and (quoted or depth):
            sink.append(text[position : position + 2])
            skip = True
        elif quoted:
            sink.append(char)
            quoted = char != '"'
        elif depth:
            depth += (char == "(") - (char == ")")
            if depth:
                sink.append(char)
        elif char == '"':
            sink.append(char)
            quoted = True
        elif char == "(":
            depth = 1
        elif in_angle and char != ">":
            sink.append(char)
        elif char == ">":
            in_angle = False
        elif char == "<":
            item.angle, in_angle = [], True  # of two, the last is the address
        elif char in ",;" or (char == ":" and item.angle is None):
            if char == ":":
                items.pop()  # a group's name
            item = _Item()
            items.append(item)
        else:
            sink.append(char)
    return items, not quoted and not depth


def _valid(spec: str) -> str | None:
    """Return an address in lower case, None when it is none.

    Only A to Z are folded: a Kelvin sign is no k, so that no look-alike becomes a watched name.
    """
    spec = clean(spec).strip()
    if not spec.startswith('"'):
        spec = "".join(spec.split())
    local, at, domain = spec.rpartition("@")
    domain = domain.rstrip(".")
    if not at or not local or not domain or len(spec) > _MAX_ADDRESS:
        return None
    if _NOT_IN_DOMAIN.search(domain) or ("@" in local and not local.startswith('"')):
        return None
    address = f"{local}@{domain}"
    return address.lower() if address.isascii() else address.translate(_ASCII_LOWER)


def _unquoted(name: str) -> str:
    """Return a display name without its quotation marks."""
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        return _ESCAPED.sub(r"\1", name[1:-1])
    return name.replace('"', "") if name.count('"') == 2 else name
