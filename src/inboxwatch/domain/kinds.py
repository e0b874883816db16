"""The kinds of mail and the evidence for them. Values only; `classify` decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum


class Kind(Enum):
    """What a message is, as stored."""

    HUMAN = "human"
    SYSTEM_ANSWER = "system-answer"  # sent by a system, yet decides or informs
    ACKNOWLEDGEMENT = "acknowledgement"
    OUT_OF_OFFICE = "out-of-office"
    CHALLENGE = "challenge"  # the user must act: web form, verification, closed address
    BOUNCE = "bounce"
    DELAY = "delay"
    RECEIPT = "receipt"
    BULK = "bulk"
    CALENDAR = "calendar"
    OWN_REMINDER = "own-reminder"
    UNSURE = "unsure"

    # Enum's own is Python code, called for every look-up in a set or table. Members are single.
    __hash__ = object.__hash__

    @property
    def stops_the_clock(self) -> bool:
        """Whether a message of this kind answers."""
        return self in (Kind.HUMAN, Kind.SYSTEM_ANSWER)

    @property
    def needs_review(self) -> bool:
        """Whether a person has to say if this was an answer."""
        return self in (Kind.CALENDAR, Kind.UNSURE)

    @property
    def acknowledges(self) -> bool:
        """Whether it shows that our message arrived at the body."""
        return self in (Kind.ACKNOWLEDGEMENT, Kind.OUT_OF_OFFICE, Kind.CHALLENGE, Kind.RECEIPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One observation: what was seen, in words for the user, and how much it weighs.

    `weight` is in log-odds-like points, positive towards `towards`. `row` names what was added up
    in the table of weights; it is empty where one thing alone decided.
    """

    text: str
    towards: Kind
    weight: float
    source: str = ""  # which observation: "header", "wording", "timing", "report", "taught"…
    row: str = ""
    share: float = 1.0  # of the row's weight; less for words that hardly are the sender's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A kind, why, and what the words promise.

    `confidence` is between 0 and 1. `holding`: a person only says that somebody will answer;
    `may_hold`: that may be all, and counts as an answer.
    `promised_on` is a date a *person* promised; `machine_promise` a machine's sentence, shown
    and moving nothing. `action` says what the user must do for a challenge.
    `case_references` are the body's own references found, in canonical form.
    `fingerprint` is equal for texts that differ only in digits, dates and names.
    """

    kind: Kind
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    holding: bool = False
    may_hold: bool = False
    promised_on: date | None = None
    machine_promise: str | None = None
    action: str | None = None
    needs_no_reply: bool = False  # ours: a thank-you or the like
    case_references: tuple[str, ...] = ()
    fingerprint: str = ""
    by_hand: bool = False  # a person said so

    def untold(self) -> Classification:
        """Return it without what its words say will follow, which goes with its kind."""
        return replace(
            self,
            holding=False,
            may_hold=False,
            promised_on=None,
            machine_promise=None,
            action=None,
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """The evidence in words, strongest for the chosen kind first."""
        ordered = sorted(self.evidence, key=lambda e: (e.towards is not self.kind, -abs(e.weight)))
        return tuple(e.text for e in ordered)
