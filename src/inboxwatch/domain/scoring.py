"""Add up the evidence on a message into one kind. The whole score model in one place. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inboxwatch.domain.evidence.weights import (
    ANSWER_MARGIN,
    ANSWER_POINTS,
    MACHINE_FROM,
    PERSON_UNTIL,
    PRIOR,
    WEIGHTS,
    Observation,
)
from inboxwatch.domain.evidence.wording import Says, Strength
from inboxwatch.domain.kinds import Evidence, Kind

# Of equal points the first has it: mail of a machine that says nothing more is an acknowledgement.
_MACHINE_KINDS = (
    Kind.ACKNOWLEDGEMENT,
    Kind.OUT_OF_OFFICE,
    Kind.CHALLENGE,
    Kind.BOUNCE,
    Kind.DELAY,
    Kind.RECEIPT,
    Kind.BULK,
    Kind.SYSTEM_ANSWER,
)
_LONG = "long text"
_DIGITS = 6  # so that the order of a sum cannot decide
# A short notice that a message waits in a portal may stand for an answer, whatever else it is.
_MAY_WAIT_ELSEWHERE = frozenset(
    {Kind.HUMAN, Kind.ACKNOWLEDGEMENT, Kind.BULK, Kind.SYSTEM_ANSWER, Kind.CHALLENGE}
)
_MAY_BE_CLOSURE = frozenset({Kind.HUMAN, Kind.ACKNOWLEDGEMENT, Kind.SYSTEM_ANSWER})
# A notice that a case is closed tells no answer without one of these.
_SUBSTANCE = frozenset(
    {
        _LONG,
        "document attached",
        "personal sender",
        "personal sign-off",
        "person, strong",
        "system-answer, strong",
        "system-answer, medium",
    }
)
_SAID_BY_NOBODY = frozenset({"no-reply sender", "speaks of nobody"})
# Of an acknowledgement with one of these a machine surely wrote all, whatever it tells besides.
_MARKED = frozenset(
    {
        "auto-submitted: auto-replied",
        "auto-submitted: auto-generated",
        "auto-reply header",
        "exchange rule",
        "exchange rule loop and suppression",
        "faster than anybody writes",
        "precedence: auto_reply",
        "robot",
        "same text often before",
        "same text once before",
        "soon after a message of ours",
        "vacation header",
        "within ten minutes of ours",
        "within two minutes of ours",
    }
)
# Who signs with a name under her own address wrote it, whatever her footer says of a mailbox.
_OF_A_MAILBOX = frozenset({Kind.ACKNOWLEDGEMENT, Kind.CHALLENGE})
_IN_PERSON = frozenset({"personal sender", "personal sign-off"})
_NOT_A_MACHINE = frozenset({Kind.HUMAN, Kind.UNSURE})
_ANSWERED_BY_A_MAILBOX = frozenset({"auto-reply header", "vacation header"})
_SYSTEM = frozenset({"mailer-daemon", "postmaster", "null return path", "failed recipients header"})
# One of these must be there before a long text is taken for an acknowledgement.
_SAYS_SO = frozenset(
    {
        "robot",
        "same text once before",
        "same text often before",
        "within two minutes of ours",
        *(
            f"{says.value}, {strength.value}"
            for says in (Says.AUTOMATIC, Says.ACKNOWLEDGEMENT, Says.OUT_OF_OFFICE, Says.CHALLENGE)
            for strength in (Strength.STRONG, Strength.MEDIUM)
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The outcome: a kind, how sure from 0 to 1, and every piece of evidence with its weight."""

    kind: Kind
    confidence: float
    evidence: tuple[Evidence, ...]


def add_up(observations: tuple[Observation, ...]) -> Score:
    """Add up observations by the table of weights.

    From `PRIOR`, the sum of `automatic` or of the bulk points, whichever is larger, tells whether
    it is machine mail; the points tell of which kind. Machine mail that reads as an answer is
    SYSTEM_ANSWER. A mailbox that answers for itself did receive the message, so that "could not
    be delivered" is then a challenge and no failure. When answer and acknowledgement are near to
    each other, or a long text has only headers against it, nobody can tell: UNSURE.
    """
    automatic = 0.0
    points = dict.fromkeys(_MACHINE_KINDS, 0.0)
    times: dict[str, int] = {}
    parts: list[tuple[Observation, float, tuple[tuple[Kind, float], ...]]] = []
    for seen in observations:
        weight, before = WEIGHTS[seen.row], times.get(seen.row, 0)
        share = seen.share * 0.5**before
        times[seen.row] = before + 1
        automatic += weight.automatic * share
        shares = weight.points
        if share != 1.0:
            shares = tuple([(kind, value * share) for kind, value in shares])
        for kind, value in shares:
            points[kind] += value
        parts.append((seen, weight.automatic * share, shares))
    points = {kind: round(value, _DIGITS) for kind, value in points.items()}
    total = round(PRIOR + max(automatic, points[Kind.BULK]), _DIGITS)
    kind = _kind(total, points, frozenset(times))
    if "closed, strong" in times and kind in _MAY_BE_CLOSURE and _SUBSTANCE.isdisjoint(times):
        kind = Kind.UNSURE
    if "elsewhere, strong" in times and _LONG not in times and kind in _MAY_WAIT_ELSEWHERE:
        kind = Kind.UNSURE
    if "reaction, strong" in times and _LONG not in times and kind is Kind.HUMAN:
        kind = Kind.UNSURE
    tells_a_fact = "tells a fact besides" in times and _MARKED.isdisjoint(times)
    if tells_a_fact and kind is Kind.ACKNOWLEDGEMENT:
        kind = Kind.UNSURE
    says_automatic = "automatic, strong" in times or not _MARKED.isdisjoint(times)
    if kind in _OF_A_MAILBOX and times.keys() >= _IN_PERSON and not says_automatic:
        kind = Kind.UNSURE
    return Score(
        kind=kind,
        confidence=_confidence(total, kind),
        evidence=tuple([_evidence(seen, auto, shares, kind) for seen, auto, shares in parts]),
    )


def _kind(total: float, points: dict[Kind, float], rows: frozenset[str]) -> Kind:
    answers = points[Kind.SYSTEM_ANSWER]
    if total <= PERSON_UNTIL:
        by_a_system = rows >= _SAID_BY_NOBODY and answers >= ANSWER_POINTS
        return Kind.SYSTEM_ANSWER if by_a_system else Kind.HUMAN
    others = [kind for kind in points if kind is not Kind.SYSTEM_ANSWER]
    best = max(others, key=points.__getitem__)
    rival = max(points[best], 0.0)
    if answers >= ANSWER_POINTS and answers >= rival + ANSWER_MARGIN:
        return Kind.SYSTEM_ANSWER
    if total < MACHINE_FROM or (answers >= ANSWER_POINTS and answers > rival - ANSWER_MARGIN):
        return Kind.UNSURE
    if best in (Kind.BOUNCE, Kind.DELAY) and rows & _ANSWERED_BY_A_MAILBOX and not rows & _SYSTEM:
        return Kind.CHALLENGE
    if best is Kind.ACKNOWLEDGEMENT and _LONG in rows and rows.isdisjoint(_SAYS_SO):
        return Kind.UNSURE
    return best


def _confidence(total: float, kind: Kind) -> float:
    if kind is Kind.UNSURE:
        return 0.5
    return round(1 / (1 + math.exp(-abs(total))), 3)


def _evidence(
    seen: Observation, automatic: float, shares: tuple[tuple[Kind, float], ...], chosen: Kind
) -> Evidence:
    """Give an observation its direction: the kind it speaks for most, the chosen one if it may."""
    for_kinds = {kind: value for kind, value in shares if value > 0}
    if automatic <= 0 and not for_kinds:
        towards, weight = Kind.HUMAN, -(automatic + sum([value for _, value in shares]))
    else:
        towards = chosen
        if chosen not in for_kinds and (automatic <= 0 or chosen in _NOT_A_MACHINE):
            towards = max(for_kinds, key=for_kinds.__getitem__, default=Kind.ACKNOWLEDGEMENT)
        weight = round(max(automatic, 0.0) + for_kinds.get(towards, 0.0), 2)
    return Evidence(
        text=seen.text,
        towards=towards,
        weight=weight,
        source=seen.source,
        row=seen.row,
        share=seen.share,
    )
