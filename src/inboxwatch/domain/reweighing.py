"""Judge again what was judged before, when only its surroundings may have changed. Pure.

What words and headers tell is the costly part of a judgement, and stays the same for as long as
the wording and the program do. How soon after ours a message came and whether its text came
before cost nothing to ask again.
"""

from __future__ import annotations

from dataclasses import replace

from inboxwatch.domain.classify import Context, classify, read_as, told
from inboxwatch.domain.evidence.shape import LONG_TEXT
from inboxwatch.domain.evidence.timing import observe_sameness, observe_timing
from inboxwatch.domain.evidence.weights import DECISIVE, Observation
from inboxwatch.domain.kinds import Classification, Evidence
from inboxwatch.domain.message import Message
from inboxwatch.domain.scoring import add_up
from inboxwatch.domain.threads import Direction

_AROUND = "timing"  # the source of what the surroundings tell
_TAUGHT = "taught"


def classify_again(
    message: Message, before: Classification, was: Direction, context: Context
) -> Classification:
    """Return what `classify` gives, made from an earlier judgement as far as that goes.

    Args:
        before: what `classify` gave for this message with the same wording, by the same program.
        was: the direction it was judged for.
    """
    if was is not context.direction or before.by_hand:
        return classify(message, context)
    if _is_decided(before.evidence):
        return before
    sender = message.sender.address if message.sender else ""
    is_taught = before.fingerprint and context.taught_kind(sender, before.fingerprint) is not None
    if is_taught or any(seen.source == _TAUGHT or not seen.row for seen in before.evidence):
        return classify(message, context)
    around = list(
        observe_timing(message, context.own_message_at, answers_ours=context.answers_ours)
    )
    if context.seen_before:
        is_long = any(seen.row == "long text" for seen in before.evidence)
        length = LONG_TEXT if is_long else len(read_as(message))
        around += observe_sameness(length, context.seen_before)
    known = [(seen.row, seen.text) for seen in before.evidence if seen.source == _AROUND]
    if known == [(seen.row, seen.text) for seen in around]:
        return before
    return _weighed(message, before, around, context)


def _is_decided(evidence: tuple[Evidence, ...]) -> bool:
    """Tell whether one thing decided that no surroundings and no teaching outweigh."""
    if len(evidence) != 1:
        return False
    (one,) = evidence
    return one.weight == DECISIVE and not one.row and one.source != _TAUGHT


def _weighed(
    message: Message, before: Classification, around: list[Observation], context: Context
) -> Classification:
    own = [
        Observation(e.row, e.text, e.source, e.share)
        for e in before.evidence
        if e.source != _AROUND
    ]
    # `classify` asks the surroundings before the wording; the reasons keep that order.
    at = next((i for i, seen in enumerate(own) if seen.source == "wording"), len(own))
    score = add_up((*own[:at], *around, *own[at:]))
    judged = replace(before, kind=score.kind, evidence=score.evidence, confidence=score.confidence)
    if score.kind is before.kind:
        return judged
    return told(message, context, judged.untold())
