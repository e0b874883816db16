"""What is true in the simulated world: the calendar, the mails as others see them, the verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
AS_OF = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
# England and Wales, typed in from the published list, so that the truth owes nothing to the code.
HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        "2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05",
        "2025-05-26", "2025-08-25", "2025-12-25", "2025-12-26", "2026-01-01", "2026-04-03",
        "2026-04-06", "2026-05-04", "2026-05-25",
    )
)  # fmt: skip


def working_day_after(day: date, number: int) -> date:
    """Return the working day so many after one."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5 and day not in HOLIDAYS
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A mail as the others see it."""

    message_id: str
    subject: str
    at: datetime
    sender: str
    to: tuple[str, ...]
    body: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is true of one wait: the message that began it, at which mailbox, and its facts.

    `statuses` are those that are right; None for a fact that is not asked.
    """

    scenario: str
    message_id: str
    mailbox: str
    statuses: frozenset[str]
    acknowledged: bool | None = None
    read: bool | None = None
    deleted: bool | None = None
    chasers: int | None = None
    promised_on: date | None = None
