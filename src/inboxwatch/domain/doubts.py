"""Why a message may or may not answer, in words for whoever has to look at it. Pure."""

from __future__ import annotations

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import Placed
from inboxwatch.domain.verdict import Status, Verdict


def doubt(placed: Placed) -> str:
    """Return what there is to look at in a message that may be a reply."""
    judged = placed.entry.classification
    if placed.why_doubted:
        return placed.why_doubted
    if placed.entry.message.is_undated:
        return "a message without a date, which may be the answer"
    if judged.kind is Kind.CALENDAR:
        return "an invitation, which may be the answer"
    if judged.may_hold:
        return "it may only say that somebody will see to it"
    if judged.action:
        return "a message waits elsewhere, which only you can read"
    if any(seen.row == "closed, strong" for seen in judged.evidence):
        return "a notice that the case is closed, without an answer in it"
    return "a message that could be a person's or a machine's"


def doubtful_answer(verdict: Verdict) -> Placed | None:
    """Return the answer of an answered thread, where that may only hold."""
    answer = verdict.wait.answer if verdict.wait is not None else None
    if verdict.status is not Status.ANSWERED or answer is None:
        return None
    return answer if answer.entry.classification.may_hold else None
