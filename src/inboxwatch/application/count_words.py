"""Say how the days of a due date were counted: briefly, each weekday left out by its name. Pure."""

from __future__ import annotations

from inboxwatch.application.wording import day_words, plural
from inboxwatch.domain.counting import CountedDay
from inboxwatch.domain.due import AFTER_HOURS, Due


def count_words(due: Due) -> list[str]:
    """Write the count briefly: first and last day, and each weekday skipped by name."""
    sent, skipped = _parted(due)
    lines = [f"{sent}{day_words(due.received_on)} counts as the day it was received (day 0)"]
    named = [
        f"{day_words(day.on)} ({day.note})" for day in skipped if day.on.weekday() < 5 and day.note
    ]
    weekend = sum(1 for day in skipped if day.on.weekday() >= 5)
    counted = [day for day in due.count if day.number is not None and day.number > 0]
    if counted:
        first, last = counted[0], counted[-1]
        lines.append(
            f"day {first.number} is {day_words(first.on)}; day {last.number} is"
            f" {day_words(last.on)}"
        )
    if weekend:
        lines.append(f"weekends ({plural(weekend, 'day')}) do not count")
    if named:
        lines.append(("also not counted: " if weekend else "not counted: ") + ", ".join(named))
    lines.append(f"so the last day on time is {day_words(due.due_on)}")
    lines += due.warnings
    return lines


def _parted(due: Due) -> tuple[str, list[CountedDay]]:
    """Return why the first day counts as it does, and the days that do not count after it."""
    skipped = [day for day in due.count if day.number is None]
    first = skipped[0] if skipped else None
    if first is None or not first.received_later:
        return "", skipped
    why, on = first.received_later, day_words(first.on)
    if why == AFTER_HOURS:
        when = f"{why} on {on}"
    else:
        when = f"on {on}" if why in on else f"on {on} ({why})"
    return f"it was sent {when}, so ", [day for day in skipped if day.on > due.received_on]
