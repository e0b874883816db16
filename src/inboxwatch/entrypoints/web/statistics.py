"""How each council mailbox replies, for the page: counts, and days until a person's reply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inboxwatch.application.picture import Picture
from inboxwatch.domain.verdict import Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One council mailbox. Counts are of questions; days are working days, None when unknown."""

    council_mailbox: str
    body: str
    sent: int
    acknowledged: int
    answered: int
    unanswered: int
    apart: int  # not delivered, closed, or for a person to look at: in neither of the two
    median_days: int | None
    p90_days: int | None


def statistics(pictures: Iterable[Picture]) -> tuple[Figures, ...]:
    """Return the figures of every council mailbox, the one asked most first."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for picture in pictures:
        for verdict in picture.verdicts:
            if verdict.wait is not None:
                groups[verdict.thread.council_mailbox.address].append(verdict)
    made = (_figures(address, verdicts) for address, verdicts in groups.items())
    return tuple(sorted(made, key=lambda f: (-f.sent, f.council_mailbox)))


def _figures(address: str, verdicts: list[Verdict]) -> Figures:
    waits = [wait for verdict in verdicts for wait in verdict.waits]
    answered = sum(wait.answered_at is not None for wait in waits)
    unanswered = sum(v.status in (Status.OVERDUE, Status.WAITING) for v in verdicts)
    observed = [
        (verdict.waiting_working_days or 0, verdict.status is Status.ANSWERED)
        for verdict in verdicts
        if verdict.status in (Status.ANSWERED, Status.OVERDUE, Status.WAITING)
    ]
    return Figures(
        council_mailbox=address,
        body=verdicts[0].thread.council_mailbox.body,
        sent=len(waits),
        acknowledged=sum(wait.acknowledged_at is not None for wait in waits),
        answered=answered,
        unanswered=unanswered,
        apart=len(waits) - answered - unanswered,
        median_days=reached(observed, 0.5),
        p90_days=reached(observed, 0.9),
    )


def reached(observed: Sequence[tuple[int, bool]], share: float) -> int | None:
    """Return the days within which a share of questions is answered; None when it never is.

    Args:
        observed: days waited, and whether a person answered then; one that still waits counts as
            waiting for so long at least.

    Source: Kaplan and Meier (1958), the product-limit estimate.
    """
    open_still, at_risk = 1.0, len(observed)
    for days in sorted({days for days, _ in observed}):
        here = [is_answered for waited, is_answered in observed if waited == days]
        if at_risk:
            open_still *= 1 - sum(here) / at_risk
        at_risk -= len(here)
        if 1 - open_still >= share - 1e-9:
            return days
    return None
