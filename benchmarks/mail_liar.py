"""A proxy before a server that makes its SEARCH lie: every third hit is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from inboxwatch.adapters.imap.uidset import compress, expand
from tests.adapters.imap.proxy import proxied

_COMPACT = re.compile(rb"^(\* ESEARCH .*?ALL )([0-9:,]+)", re.MULTILINE)
_PLAIN = re.compile(rb"^(\* SEARCH)((?: \d+)+)", re.MULTILINE)


@contextmanager
def lying(target: int) -> Iterator[int]:
    """Run the proxy and yield its port."""
    with proxied(target) as proxy:
        proxy.rewrite = _fewer
        yield proxy.port


def _fewer(said: bytes) -> bytes:
    said = _COMPACT.sub(
        lambda m: m[1] + _left(expand(m[2].decode())).replace(" ", ",").encode(), said
    )
    return _PLAIN.sub(
        lambda m: m[1] + b" " + _left(map(int, m[2].split())).replace(",", " ").encode(), said
    )


def _left(uids: object) -> str:
    ordered = sorted(uids)  # type: ignore[call-overload]
    return compress(uid for n, uid in enumerate(ordered) if n % 3) or str(ordered[0])
