"""Decide from the bytes of a header block whether a message may be ours to read.

A coarse sieve on the way past 100,000 messages: what it lets through is parsed and checked again
on the parsed addresses. It must never hold back what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from inboxwatch.adapters.mailfile.from_line import date_of
from inboxwatch.adapters.mailfile.items import Sighting
from inboxwatch.domain.bodies import Watch

_DOMAIN = re.compile(rb"@\s*([a-z0-9_.-]+)")
_ID = re.compile(rb"<\s*([^<>\s]{3,990})\s*>")
_REPORTERS = (b"mailer-daemon", b"postmaster", b"mail delivery", b"microsoftexchange329e71ec88ae")
_REPORTS = (b"multipart/report", b"ms-tnef", b"delivery-status", b"disposition-notification")
_ADDRESSED = (b"from", b"to", b"cc", b"bcc", b"reply-to", b"sender")
_NAMING = (
    b"in-reply-to",
    b"references",
    b"x-ms-exchange-parent-message-id",
    b"original-message-id",
    b"x-original-message-id",
)
_DATE = re.compile(
    rb"(\d{1,2})[ ]+(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ ]+(\d{4})[ ]+"
    rb"(\d\d):(\d\d)(?::(\d\d))?[ ]+([+-])(\d\d)(\d\d)"
)
_MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MAX_NAMED = 100
_FEW = 20  # so many places are sooner looked for in the whole block than in its addresses


class HeaderSieve:
    """Looks for watched places, for ids and for reports.

    Args:
        watch: whom to look for; None wants every message.
    """

    def __init__(self, watch: Watch | None) -> None:
        self._places = None if watch is None else _places(watch)
        self._systems = (
            frozenset(system.encode() for system in watch.systems) if watch else frozenset()
        )
        few = self._places is not None and len(self._places) <= _FEW
        self._few = tuple(sorted(self._places or ())) if few else None

    def __call__(self, header: bytes, from_line: bytes, position: int) -> Sighting:
        """Judge a header block that begins with a line break."""
        lower = header.lower()
        at = _time_of(header, lower) or date_of(from_line)
        if (
            self._places is None
            or self._is_addressed(header, lower)
            or self._is_from_system(lower)
            or _is_report(header, lower)
        ):
            return Sighting(wanted=True, at=at)
        named = tuple(
            hash(found)
            for name in _NAMING
            for value in field_values(header, lower, name)
            for found in _ID.findall(value)[-_MAX_NAMED:]
        )
        return Sighting(wanted=False, named=named, at=at)

    def _is_addressed(self, header: bytes, lower: bytes) -> bool:
        places = self._places
        if places is None:
            return True
        if self._few is not None and not any(place in lower for place in self._few):
            return False  # most mail leaves here
        return any(
            _names(value, places)
            for name in _ADDRESSED
            for value in field_values(lower, lower, name)
        )

    def _is_from_system(self, lower: bytes) -> bool:
        systems = self._systems
        return bool(systems) and any(
            _names(value, systems) for value in field_values(lower, lower, b"from")
        )


def _names(value: bytes, places: frozenset[bytes]) -> bool:
    """Tell whether a field holds an address in one of some places."""
    for domain in _DOMAIN.findall(value):
        while domain:
            if domain in places:
                return True
            domain = domain.partition(b".")[2]
    return False


def id_hash(message_id: str) -> int:
    """Return the hash that `Sighting.named` holds for a message id."""
    return hash(message_id.encode("utf-8", "surrogateescape"))


def field_values(header: bytes, lower: bytes, name: bytes) -> Iterable[bytes]:
    """Yield the values of a header, folded lines and all; `lower` is the block in lower case."""
    mark = b"\n" + name + b":"
    found = lower.find(mark)
    while found >= 0:
        begin = end = found + len(mark)
        while True:
            end = header.find(b"\n", end)
            if end < 0:
                end = len(header)
                break
            if header[end + 1 : end + 2] not in (b" ", b"\t"):
                break
            end += 1
        yield header[begin:end]
        found = lower.find(mark, end)


def _places(watch: Watch) -> frozenset[bytes]:
    """Return every domain that a watched address may lie in, taught ones too."""
    names = {domain for body in watch.bodies for domain in body.domains}
    names |= {address for body in watch.bodies for address in body.addresses}
    names |= {place for place, _ in watch.learned}
    return frozenset(name.rpartition("@")[2].encode("utf-8") for name in names)


def _is_report(header: bytes, lower: bytes) -> bool:
    if b"mailer-daemon" in lower or b"postmaster" in lower or b"microsoftexchange" in lower:
        senders = b"\n".join(field_values(lower, lower, b"from"))
        if any(name in senders for name in _REPORTERS):
            return True
    types = b"\n".join(field_values(lower, lower, b"content-type"))
    return any(name in types for name in _REPORTS)


def _time_of(header: bytes, lower: bytes) -> datetime | None:
    """Return the time of the newest Received header, else of the Date."""
    for name in (b"received", b"date"):
        for value in field_values(header, lower, name):
            found = _parsed(value.rpartition(b";")[2])
            if found is not None:
                return found
            break
    return None


def _parsed(value: bytes) -> datetime | None:
    found = _DATE.search(value)
    try:
        if found is None:
            return _parsed_slowly(value)
        day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
        at = datetime(
            int(year),
            _MONTHS.index(month) + 1,
            int(day),
            int(hour),
            int(minute),
            min(int(second or 0), 59),
            tzinfo=UTC,
        )
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return at + offset if sign == b"-" else at - offset
    except (ValueError, OverflowError):
        return None


def _parsed_slowly(value: bytes) -> datetime | None:
    try:
        parts = parsedate_tz(value[:200].decode("latin-1"))
        if parts is None:
            return None
        return datetime(*parts[:5], tzinfo=UTC) - timedelta(seconds=parts[9] or 0)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
