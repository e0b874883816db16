"""The ladder: which letter comes next, gentlest first. Pure; writes and sends nothing."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum

from inboxwatch.domain.clocks import LegalForce
from inboxwatch.domain.london import local_day
from inboxwatch.domain.verdict import Status, Verdict

COMPLAINTS = "complaints"
INFORMATION = "information"
# What the Ombudsman holds to be a fair time for a complaint before looking at it.
FAIR_TIME = timedelta(weeks=12)
_BY_LAW = frozenset({LegalForce.STATUTE, LegalForce.COURT_RULE})


class Rung(Enum):
    """One letter of the ladder."""

    CHASER = "chaser"
    FIRM = "firm"
    COMPLAINT = "complaint"
    OMBUDSMAN = "ombudsman"  # for a request for information: the Information Commissioner
    MP = "mp"  # or a councillor; never chosen for the user


def is_by_law(verdict: Verdict) -> bool:
    """Tell whether the clock that runs is set by law."""
    return verdict.due is not None and verdict.due.clock.legal_force in _BY_LAW


def group(verdict: Verdict) -> str:
    """Return the kind of matter, as the presets group them; "ordinary" when it is none."""
    return verdict.due.clock.group if verdict.due is not None else "ordinary"


def choose(verdict: Verdict, *, today: date | None = None) -> Rung:
    """Choose the gentlest letter that fits what has been tried.

    Before the due day, and when it did not arrive, only a friendly note. Then: a service standard
    gets a chaser, a firm one, a complaint; a clock set by law starts with the firm one, and the
    regulator follows for information; a complaint left alone for twelve weeks goes to the
    Ombudsman.

    Args:
        today: the local day; that of `as_of` without it.
    """
    wait = verdict.wait
    if wait is None or verdict.status is not Status.OVERDUE:
        return Rung.CHASER
    tried = len(wait.chasers)
    now = today or local_day(verdict.as_of)
    if group(verdict) == COMPLAINTS:
        waited = now - local_day(wait.unanswered.at)
        return Rung.OMBUDSMAN if tried and waited >= FAIR_TIME else Rung.FIRM
    if is_by_law(verdict):
        if not tried:
            return Rung.FIRM
        return Rung.OMBUDSMAN if group(verdict) == INFORMATION else Rung.COMPLAINT
    if not tried:
        return Rung.CHASER
    return Rung.FIRM if tried == 1 else Rung.COMPLAINT
