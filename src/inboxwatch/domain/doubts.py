"""Why a message may or may not answer, in words for whoever has to look at it. Pure."""

from __future__ import annotations

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import Placed


def doubt(placed: Placed) -> str:
    """Return what there is to look at in a message that may be a reply."""
    judged = placed.entry.classification
    if placed.why_doubted:
        return placed.why_doubted
    if judged.kind is Kind.CALENDAR:
        return "an invitation, which may be the answer"
    if judged.action:
        return "a message waits elsewhere, which only you can read"
    if any(seen.row == "closed, strong" for seen in judged.evidence):
        return "a notice that the case is closed, without an answer in it"
    return "a message that could be a person's or a machine's"
