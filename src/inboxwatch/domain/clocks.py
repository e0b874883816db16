"""Clocks: presets that say how long a body has, from when, and by what rule. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import Enum

from inboxwatch.domain.allowance import Allowance, BadAllowance, parse_allowance
from inboxwatch.domain.calendar import CALENDAR_DAYS, ENGLAND_AND_WALES, SCHOOL
from inboxwatch.domain.counting import Roll
from inboxwatch.domain.errors import ConfigError


class Start(Enum):
    """From which day a clock counts."""

    RECEIPT = "receipt"  # the London day it arrived, whatever the hour
    RECEIPT_5PM = "receipt-5pm"  # that day up to 17:00 on a working day, else the next one
    ACK = "ack"  # the day it was acknowledged
    REFERRAL = "referral"
    MEETING = "meeting"
    LETTER = "letter"
    ORDER = "order"
    NOTICE = "notice"


class Party(Enum):
    """Whose deadline it is."""

    COUNCIL = "council"
    USER = "user"


class SatisfiedBy(Enum):
    """What stops a clock."""

    ACKNOWLEDGEMENT = "acknowledgement"
    HUMAN_REPLY = "human-reply"
    DECISION = "decision"
    OWN_ACT = "own-act"  # something the user does


class LegalForce(Enum):
    """How binding a clock is."""

    STATUTE = "statute"
    COURT_RULE = "court-rule"
    STATUTORY_GUIDANCE = "statutory-guidance"
    REGULATOR_GUIDANCE = "regulator-guidance"
    COUNCIL_PROMISE = "council-promise"
    SERVICE_STANDARD = "service-standard"
    CUSTOM = "custom"


class Effect(Enum):
    """What an interruption does to the count."""

    PAUSE = "pause"  # the days from asking to answering do not count
    RESTART = "restart"  # the count starts on the day of the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """The body asks for something first. `asked` and `answered` name events; `since`: in force."""

    effect: Effect
    asked: str
    answered: str
    what: str  # in words: "clarification", "proof of identity"
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A day on the way. `after` counts from an event or, while that is unknown, from `base`."""

    name: str
    allowance: Allowance
    event: str | None = None
    base: str = "start"  # or "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another count from an event; the later of all of them is the last day."""

    event: str
    allowance: Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What one body publishes in place of a clock's own times."""

    body: str  # Body.name
    due: Allowance
    chase: Allowance | None = None
    milestones: tuple[Milestone, ...] = ()
    citation: str = ""
    source_url: str = ""
    escalation: str = ""
    legal_force: LegalForce = LegalForce.COUNCIL_PROMISE
    confidence: str = "A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A preset.

    `due` is its own limit, `chase` the earlier, softer day, `outer` the outer limit counted from
    the start; `extended` and `extended_outer` replace the two where the body may take longer.
    `calendar` decides which working days count and where a last day rolls to, unless
    `roll_calendars` names others: then the earliest result holds for the user, the latest for a
    council. `confidence` is A (own words of the source read), B (reliable second hand) or C.
    """

    id: str
    title: str
    due: Allowance
    applies_to: str = ""
    group: str = "other"
    chase: Allowance | None = None
    outer: Allowance | None = None
    outer_calendar: str | None = None
    outer_caps: bool = False  # whichever of due and outer comes first
    extended: Allowance | None = None
    extended_outer: Allowance | None = None
    milestones: tuple[Milestone, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    beginning_with: bool = False  # the first day is day 1, not day 0
    calendar: str = ENGLAND_AND_WALES
    roll: Roll = Roll.NONE
    roll_calendars: tuple[str, ...] = ()
    follows_body_calendar: bool = False
    start: Start = Start.RECEIPT
    interruptions: tuple[Interruption, ...] = ()
    satisfied_by: SatisfiedBy = SatisfiedBy.HUMAN_REPLY
    stopped_by: str = ""  # the same in words
    whose: Party = Party.COUNCIL
    escalation: str = ""
    citation: str = ""
    source_url: str = ""
    legal_force: LegalForce = LegalForce.CUSTOM
    exceptions: str = ""
    cautions: tuple[str, ...] = ()  # said with every due date
    valid_from: date | None = None
    valid_to: date | None = None
    verified_on: date | None = None
    confidence: str = "A"
    enabled: bool = True
    body: str | None = None  # the one body whose own clock this is
    replaces: tuple[str, ...] = ()  # ids of the clocks that it stands in for at that body
    promises: tuple[Promise, ...] = ()

    @property
    def day_calendar(self) -> str:
        """The calendar that tells office days, also for a clock that counts every day."""
        everyday = (CALENDAR_DAYS, SCHOOL)
        return ENGLAND_AND_WALES if self.calendar in everyday else self.calendar

    @property
    def allowed(self) -> str:
        """The time allowed, in words: "10 working days", "15 school days"."""
        return in_words(self.due, self.calendar)

    @property
    def events(self) -> tuple[str, ...]:
        """The names of the events that this clock takes."""
        names = ["ack"] if self.start is Start.ACK else []
        names += [alternative.event for alternative in self.alternatives]
        names += [m.event for m in self.milestones if m.event]
        for interruption in self.interruptions:
            names += [interruption.asked, interruption.answered]
        return tuple(dict.fromkeys(names))


def in_words(allowance: Allowance, calendar: str) -> str:
    """Return a time in words; the working days of a school calendar are school days."""
    words = str(allowance)
    return words.replace("working", "school") if calendar == SCHOOL else words


def plain_clock(text: str, *, calendar: str = ENGLAND_AND_WALES) -> Clock:
    """Make a clock from a plain allowance such as "10wd", counted from the local day of sending.

    Raises:
        BadAllowance: the text is none.
    """
    allowance = parse_allowance(text)
    return Clock(
        id=allowance.code,
        title=str(allowance),
        due=allowance,
        calendar=calendar,
        citation="your own choice, not law",
        stopped_by="a reply that a person wrote",
    )


def find_clock(name: str, clocks: Mapping[str, Clock]) -> Clock:
    """Return the preset of that id, or a clock made of a plain allowance.

    Raises:
        ConfigError: it is neither; the remedy names the nearest preset.
    """
    if name in clocks:
        return clocks[name]
    try:
        return plain_clock(name)
    except BadAllowance as fault:
        if name[:1].isdigit():
            raise
        near = get_close_matches(name.lower(), clocks, n=1, cutoff=0.4)
        nearest = f"Did you mean {near[0]!r}? " if near else ""
        raise ConfigError(
            f"there is no preset named {name!r}",
            remedy=f"{nearest}List them with: inboxwatch clocks. Plain times work too: 10wd, 6w.",
        ) from fault
