"""The words for facts: kind, exact, never an accusation. No decision is made here."""

from __future__ import annotations

from datetime import date, datetime

from inboxwatch.domain.london import local
from inboxwatch.domain.threads import LinkKind
from inboxwatch.domain.verdict import Status

STATUS_WORDS = {
    Status.ANSWERED: "Answered",
    Status.WAITING: "Waiting",
    Status.OVERDUE: "Past its day",
    Status.UNDELIVERED: "Not delivered",
    Status.REVIEW: "For you to look at",
    Status.CLOSED: "Closed",
}

LINK_WORDS = {
    LinkKind.ROOT: "begins the thread",
    LinkKind.BY_HAND: "you put it here",
    LinkKind.REFERENCES: "names an earlier message of the thread",
    LinkKind.REPORT: "is a report about a message of the thread",
    LinkKind.SERVER_THREAD: "the mail server keeps it in the same conversation",
    LinkKind.CASE_REFERENCE: "carries the thread's case reference",
    LinkKind.QUOTATION: "quotes a message of the thread",
    LinkKind.SUBJECT: "has the same subject",
    LinkKind.TIMING: "came minutes after a message of the thread",
    LinkKind.POSSIBLE: "may belong here",
}

DISCLAIMER = (
    "A reply by phone, by post, in a portal or at another address does not show in a mailbox."
    " Service standards are not law. This is not legal advice."
)


_CALENDAR_WORDS = {
    "england-and-wales": "bank holidays of England and Wales",
    "scotland": "bank holidays of Scotland",
    "northern-ireland": "bank holidays of Northern Ireland",
    "any-uk": "bank holidays anywhere in the UK",
    "calendar-days": "every day counted",
    "school": "school days",
}


def calendar_words(name: str) -> str:
    """Write which days count."""
    return _CALENDAR_WORDS.get(name, name)


def mail_of(person: str) -> str:
    """Name somebody's mail; "me" is who has never been given a name."""
    return "your mail" if person == "me" else f"the mail of '{person}'"


def day_words(day: date) -> str:
    """Write a day: "Tuesday 3 March 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def moment_words(moment: datetime) -> str:
    """Write a moment in local time: "3 March 2026, 09:12"."""
    here = local(moment)
    return f"{here.day} {here:%B %Y, %H:%M}"


def times_words(count: int) -> str:
    """Write how often: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def no_reply_found(as_of: datetime) -> str:
    """Say what is known, and up to when."""
    here = local(as_of)
    return f"No reply found in this mailbox as of {here.day} {here:%B %Y}"


def plural(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
