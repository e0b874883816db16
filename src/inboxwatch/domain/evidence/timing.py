"""What behaviour tells: how soon after ours it came, whether the text came before. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from inboxwatch.domain.evidence.weights import Observation

AT_ONCE = timedelta(minutes=2)
SOON = timedelta(minutes=10)
LATER = timedelta(days=1)
OFTEN = 3
ENOUGH_TEXT = 60  # folded characters; a shorter text ("Thank you") is the same by chance


def observe_timing(
    at: datetime, own_message_at: datetime | None, *, answers_ours: bool
) -> Iterator[Observation]:
    """Yield what the time between our message and this one tells.

    Args:
        own_message_at: aware; our message that it names, else our newest to that body before it.
        answers_ours: whether it names that message.
    """
    if own_message_at is None or at < own_message_at:
        return
    after = at - own_message_at
    if after <= AT_ONCE:
        row = "within two minutes of ours" if answers_ours else "soon after a message of ours"
        yield _seen(row, f"it arrived {int(after.total_seconds())} s after a message of ours")
    elif after <= SOON and answers_ours:
        minutes = int(after.total_seconds() // 60)
        yield _seen("within ten minutes of ours", f"it arrived {minutes} minutes after ours")
    elif after >= LATER and answers_ours:
        yield _seen("a day after ours", f"it arrived {after.days} days after ours")


def observe_sameness(length: int, seen_before: int) -> Iterator[Observation]:
    """Yield whether the same text came before from the same sender, digits and names aside.

    Args:
        length: of the folded text, or anything from `ENOUGH_TEXT` on where it is longer.
    """
    if length < ENOUGH_TEXT or seen_before < 1:
        return
    row = "same text often before" if seen_before >= OFTEN else "same text once before"
    # Beyond `OFTEN` no count is given: a message that comes late would change them all.
    times = "once" if seen_before == 1 else "often" if seen_before >= OFTEN else "twice"
    yield _seen(row, f"the same text came {times} before from this sender")


def _seen(row: str, text: str) -> Observation:
    return Observation(row, text, "timing")
