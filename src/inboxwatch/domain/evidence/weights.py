"""How much every observation weighs: the one table of the score model. Values only.

`automatic` is for (positive) or against (negative) the message being sent by a machine; `points`
are for single kinds. Both are in log-odds-like points: from `PRIOR`, the larger of the sum of
`automatic` and the points for BULK decides whether it is machine mail, the points which kind it
is. A second phrase that says the same in the same strength counts half, a third a quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

from inboxwatch.domain.evidence.wording import Says, Strength
from inboxwatch.domain.kinds import Kind

PRIOR = -2.5  # without any sign, mail is a person's
MACHINE_FROM = 1.0  # at this sum and above a machine sent it
PERSON_UNTIL = -1.0  # at this sum and below a person did; between the two nobody knows
ANSWER_MARGIN = 1.0  # a system's answer must outweigh the next kind by this
ANSWER_POINTS = 2.5  # from here on words of substance are looked at
DECISIVE = 10.0  # of a report, a calendar request or a person's word: nothing else is asked


@dataclass(frozen=True, slots=True)
class Weight:
    """What one observation adds."""

    automatic: float
    points: tuple[tuple[Kind, float], ...] = ()


_ACK, _OOO, _CHALLENGE = Kind.ACKNOWLEDGEMENT, Kind.OUT_OF_OFFICE, Kind.CHALLENGE
_BOUNCE, _DELAY, _RECEIPT = Kind.BOUNCE, Kind.DELAY, Kind.RECEIPT
_BULK, _ANSWER = Kind.BULK, Kind.SYSTEM_ANSWER

WEIGHTS: dict[str, Weight] = {
    # headers that a program sets about itself
    "auto-submitted: auto-replied": Weight(7.0, ((_ACK, 1.0),)),
    "auto-submitted: auto-generated": Weight(3.0, ((_ACK, 0.3),)),
    "auto-submitted: no": Weight(-8.0),
    "auto-reply header": Weight(6.0, ((_ACK, 1.0),)),
    "vacation header": Weight(7.0, ((_OOO, 4.0),)),
    "precedence: auto_reply": Weight(7.0, ((_ACK, 1.0),)),
    "exchange rule": Weight(6.0, ((_ACK, 0.5),)),
    "exchange rule loop and suppression": Weight(4.0, ((_ACK, 0.5),)),
    "exchange rule loop": Weight(1.5),
    "suppresses all auto-replies": Weight(1.2),
    "suppresses auto-replies": Weight(0.3),
    "null return path": Weight(2.5),
    "failed recipients header": Weight(4.0, ((_BOUNCE, 3.0),)),
    "feedback report": Weight(6.0, ((_BULK, 1.0),)),
    # headers of mail sent to many
    "list-unsubscribe": Weight(0.0, ((_BULK, 2.5),)),
    "precedence: bulk": Weight(0.3, ((_BULK, 0.7),)),
    "list-id": Weight(0.0, ((_BULK, 0.7),)),
    "bulk mailer": Weight(0.5, ((_BULK, 2.5),)),
    "bulk sender": Weight(0.0, ((_BULK, 2.2),)),
    "addressed to many": Weight(0.0, ((_BULK, 1.2),)),
    "discussion list": Weight(0.0, ((_BULK, -4.0),)),
    "names a message": Weight(-0.4, ((_BULK, -4.0),)),
    "reply subject": Weight(-0.4, ((_BULK, -2.5),)),
    # who sent it
    "mailer-daemon": Weight(5.0, ((_BOUNCE, 1.5),)),
    "postmaster": Weight(1.5, ((_BOUNCE, 0.5),)),
    "robot": Weight(6.0, ((_ACK, 2.0),)),
    "no-reply sender": Weight(1.3, ((_ACK, 0.2),)),
    "personal sender": Weight(-0.5, ((_BULK, -1.0),)),
    "mail program of a person": Weight(-0.6, ((_BULK, -1.0),)),
    # the shape of the text
    "long text": Weight(-0.8),
    "document attached": Weight(-0.8, ((_ANSWER, 1.5),)),
    "quotes a message": Weight(-0.6, ((_BULK, -1.5),)),
    "personal sign-off": Weight(-0.8),
    "team sign-off": Weight(0.4),
    "speaks of nobody": Weight(1.6),
    "a ticket system with an answer": Weight(-1.5),
    "asks something": Weight(-0.5),
    "tells a fact besides": Weight(-1.0),
    "says nothing but absence": Weight(1.8),
    "ticket number in the subject": Weight(0.6, ((_ACK, 0.5),)),
    "web page": Weight(0.0, ((_BULK, 1.0),)),
    # behaviour
    "within two minutes of ours": Weight(2.5, ((_ACK, 1.0),)),
    "faster than anybody writes": Weight(8.0, ((_ACK, 0.5),)),
    "within ten minutes of ours": Weight(1.0, ((_ACK, 0.3),)),
    "soon after a message of ours": Weight(1.0, ((_ACK, 0.3),)),
    "a day after ours": Weight(-0.8),
    "same text once before": Weight(2.5, ((_ACK, 0.5),)),
    "same text often before": Weight(4.0, ((_ACK, 0.5),)),
}

_SAYINGS: dict[Says, tuple[Kind, tuple[tuple[float, float], ...]]] = {
    # says: the kind its points are for, and (automatic, points) from strong to weak
    Says.AUTOMATIC: (_ACK, ((6.0, 0.5), (2.5, 0.4), (1.0, 0.2))),
    Says.ACKNOWLEDGEMENT: (_ACK, ((3.5, 3.0), (1.8, 2.0), (0.4, 0.7))),
    Says.OUT_OF_OFFICE: (_OOO, ((3.8, 4.0), (1.6, 2.5), (0.4, 1.0))),
    Says.CHALLENGE: (_CHALLENGE, ((3.5, 4.5), (1.5, 2.5), (0.3, 0.8))),
    Says.BOUNCE: (_BOUNCE, ((2.6, 5.0), (1.2, 2.5), (0.5, 1.0))),
    Says.DELAY: (_DELAY, ((3.5, 8.0), (1.8, 4.0), (0.5, 1.0))),
    Says.RECEIPT: (_RECEIPT, ((4.0, 5.0), (1.8, 3.0), (0.5, 1.0))),
    Says.BULK: (_BULK, ((0.0, 2.4), (0.0, 1.4), (0.0, 0.6))),
    Says.ANSWER: (_ANSWER, ((-0.6, 4.5), (-0.5, 2.5), (-0.2, 1.0))),
    Says.CLOSED: (_ANSWER, ((-0.5, 2.5), (-0.3, 1.5), (-0.1, 0.5))),
    Says.ELSEWHERE: (_ANSWER, ((1.0, 0.5), (0.5, 0.2), (0.2, 0.1))),
    Says.REACTION: (_RECEIPT, ((0.0, 0.5), (0.0, 0.2), (0.0, 0.1))),
    Says.PERSON: (_BULK, ((-3.0, -1.0), (-0.8, -0.4), (-0.4, -0.2))),
}

WEIGHTS |= {
    f"{says.value}, {strength.value}": Weight(automatic, ((kind, points),))
    for says, (kind, rows) in _SAYINGS.items()
    for strength, (automatic, points) in zip(Strength, rows, strict=True)
}

# Words of machines that are more than a hint.
MACHINE_ROWS = frozenset(
    f"{says.value}, {strength.value}"
    for says in _SAYINGS
    if says not in (Says.PERSON, Says.ANSWER, Says.CLOSED, Says.BULK, Says.REACTION)
    for strength in (Strength.STRONG, Strength.MEDIUM)
)


@dataclass(frozen=True, slots=True)
class Observation:
    """Something seen: a row of the table, in words for the user, and where it was seen."""

    row: str
    text: str
    source: str
    share: float = 1.0  # how much of its weight it has
