"""Types of columns that both databases keep alike, and the digest that things are looked up by."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from inboxwatch.adapters.store.codec import from_microseconds, to_microseconds

_REFUSED = re.compile("[\x00\x10\ud800-\udfff]")
_ESCAPED = re.compile("\x10([0-9a-f]{4})")


def digest(*parts: str | int) -> bytes:
    """Return 16 bytes that stand for these parts, in this order, and for nothing else."""
    texts = [str(part) for part in parts]
    whole = "".join([f"{len(text)}:{text}" for text in texts])
    if whole.isascii():  # then each length is one in bytes too
        return hashlib.sha256(whole.encode("ascii")).digest()[:16]
    raws = [text.encode("utf-8", "surrogatepass") for text in texts]
    return hashlib.sha256(b"".join([b"%d:%b" % (len(raw), raw) for raw in raws])).digest()[:16]


class Words(TypeDecorator[str]):
    """Any Python text: what a database refuses is written as DLE and four hex digits."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape what a database refuses."""
        if value is None or (value.isascii() and "\0" not in value and "\x10" not in value):
            return value
        if _REFUSED.search(value) is None:
            return value
        return _REFUSED.sub(lambda found: f"\x10{ord(found[0]):04x}", value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it was."""
        if value is None or "\x10" not in value:
            return value
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


class Raw(LargeBinary):
    """Bytes as both drivers give and take them, without SQLAlchemy's wrapping of each value."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """Leave it to the driver."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Leave it to the driver."""


class Instant(TypeDecorator[datetime]):
    """An aware time; read back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return microseconds since 1970 in UTC."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the aware UTC time."""
        return None if value is None else from_microseconds(value)
