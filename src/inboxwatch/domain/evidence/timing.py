"""What behaviour tells: how soon after ours it came, whether the text came before. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from inboxwatch.domain.evidence.courtesy import FRAGMENT, said_in
from inboxwatch.domain.evidence.shape import words_after_signature
from inboxwatch.domain.evidence.weights import Observation
from inboxwatch.domain.message import Message

AT_ONCE = timedelta(minutes=2)
SOON = timedelta(minutes=10)
LATER = timedelta(days=1)
OFTEN = 3
ENOUGH_TEXT = 60  # folded characters; a shorter text ("Thank you") is the same by chance
# Nobody notices, opens, reads and answers a message in less time, or types for long at such speed.
_TO_READ = 15  # seconds
_TYPED_A_SECOND = 8  # characters, some 95 words a minute
_TYPED_ALREADY = 30  # characters that a click or two may put there


def observe_timing(
    message: Message, own_message_at: datetime | None, *, answers_ours: bool
) -> Iterator[Observation]:
    """Yield what the time between our message and this one tells.

    Args:
        own_message_at: aware; our message that it answers, else our newest to that body before it.
        answers_ours: whether it names that message, or comes at once with its subject.
    """
    if own_message_at is None or message.at < own_message_at:
        return
    after = message.at - own_message_at
    if after <= AT_ONCE:
        seconds = int(after.total_seconds())
        row = "within two minutes of ours" if answers_ours else "soon after a message of ours"
        yield _seen(row, f"it arrived {seconds} s after a message of ours")
        if answers_ours and _typed(message) > _can_type(seconds):
            told = f"nobody reads a message and types so much within {seconds} s"
            yield _seen("faster than anybody writes", told)
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


def _typed(message: Message) -> int:
    """Return how many characters of whole sentences stand above the author's name, at least."""
    text = message.own_text
    above = text[: len(text) - len(words_after_signature(text, message.sender))]
    return sum(
        len(said)
        for said in said_in(above)
        if said.endswith((".", "!", "?")) and len(said.split()) > FRAGMENT
    )


def _can_type(seconds: int) -> int:
    return _TYPED_ALREADY + max(seconds - _TO_READ, 0) * _TYPED_A_SECOND


def _seen(row: str, text: str) -> Observation:
    return Observation(row, text, "timing")
