"""Recognise the line that separates messages in an mbox, and read its date."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DATED = re.compile(
    rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?[ ]+"
    rb"(?:(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ ]+(?P<day>\d{1,2})"
    rb"|(?P<day2>\d{1,2})[ ]+(?P<month2>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
    rb"(?:[ ]+(?P<year2>\d{4}))?[ ]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    rb"(?P<rest>[^\r\n]{0,40})"
)
_YEAR = re.compile(rb"\b(\d{4})\b(?![^\s])")
_ZONE = re.compile(rb"([+-])(\d\d)(\d\d)\b")
# git writes this line into the patches that people mail and attach.
_GIT = re.compile(rb"From [0-9a-f]{40} Mon Sep 17 00:00:00 2001")
_BARE = re.compile(rb"From (?:-\s*|\S+@\S+\s*)?$")
_HEADER = re.compile(rb"[!-9;-~]{1,76}[ \t]*:|>?From ")
_BY_PROGRAM = (b"From -", b"From MAILER-DAEMON")

MAX_LINE = 1_000


def separates(text: bytes, start: int, *, after_blank: bool) -> bool:
    """Tell whether the From_ line at text[start:] begins a message.

    A dated line does, with a header below it. Without a date there must be a blank line above
    and nothing but a sender in it. `From ` in a letter is thus left alone, quoted or not.
    """
    end = text.find(b"\n", start, start + MAX_LINE)
    if end < 0 or not _HEADER.match(text, end + 1):
        return False
    line = text[start:end]
    if _GIT.match(line):
        return False
    return _DATED.search(line) is not None or (after_blank and _BARE.match(line) is not None)


def is_trustworthy(line: bytes) -> bool:
    """Tell whether a mail system wrote the line on arrival, not a program when it copied."""
    return not line.startswith(_BY_PROGRAM) and b"@" in line[5:].split(b" ", 1)[0]


def date_of(line: bytes) -> datetime | None:
    """Return the time in a From_ line, UTC unless it names a zone; None without one."""
    found = _DATED.search(line)
    if found is None:
        return None
    rest = found["rest"]
    year = found["year2"] or (years[-1] if (years := _YEAR.findall(rest)) else None)
    if year is None:
        return None
    zone = _ZONE.search(rest)
    offset = timedelta()
    if zone:
        offset = timedelta(hours=int(zone[2]), minutes=int(zone[3]))
    try:
        at = datetime(
            int(year),
            _MONTHS.index(found["month"] or found["month2"]) + 1,
            int(found["day"] or found["day2"]),
            int(found["hour"]),
            int(found["minute"]),
            min(int(found["second"] or 0), 59),
            tzinfo=UTC,
        )
        return at + offset if zone and zone[1] == b"-" else at - offset
    except (ValueError, OverflowError):
        return None
