"""The obvious next step of a thread, in words. Suggests; decides and sends nothing."""

from __future__ import annotations

from inboxwatch.application.wording import day_words, times_words
from inboxwatch.domain.ladder import Rung, choose
from inboxwatch.domain.london import local_day
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.verdict import Status, Verdict

_RUNGS = {
    Rung.CHASER: "Send a short, friendly note to ask for a reply.",
    Rung.FIRM: "Ask again: mention your first email, and ask for a day by which they will answer.",
    Rung.COMPLAINT: "You could now make a formal complaint through the body's own procedure.",
    Rung.OMBUDSMAN: "You could now take it to the Ombudsman or the Information Commissioner.",
    Rung.MP: "You could ask your MP or councillor to help.",
}


def needs_you(verdict: Verdict) -> bool:
    """Tell whether there is something for the user to do now."""
    if verdict.status in (Status.UNDELIVERED, Status.REVIEW, Status.OVERDUE):
        return True
    return verdict.status is Status.WAITING and _asks(verdict) is not None


def next_step(verdict: Verdict) -> str:
    """Say what to do next, or that there is nothing to do."""
    if verdict.status is Status.ANSWERED:
        return "Nothing to do: a reply came." if verdict.waits else "Nothing to do."
    if verdict.status is Status.CLOSED:
        return "Nothing to do. Watch it again if something new comes up."
    if verdict.status is Status.UNDELIVERED:
        return "Check the address and send it again. It did not arrive."
    if verdict.status is Status.REVIEW:
        return "Have a look: is this a reply to your email?"
    asked = _asks(verdict)
    if asked is not None:
        return f"They ask something of you: {asked}" if asked else "They ask something of you."
    if verdict.status is Status.OVERDUE:
        return _asking_again(verdict)
    assert verdict.due_on is not None
    return f"Nothing to do yet. The last day on time is {day_words(verdict.due_on)}."


def _asks(verdict: Verdict) -> str | None:
    """Return what an automatic answer asks of the user, None where there is none such."""
    wait = verdict.wait
    return None if wait is None or wait.action is None else one_line(wait.action, 200)


def _asking_again(verdict: Verdict) -> str:
    wait = verdict.wait
    assert wait is not None
    if wait.promised_on is not None and wait.promised_on < local_day(verdict.as_of):
        return f"Ask about the answer they promised for {day_words(wait.promised_on)}."
    rung = choose(verdict)
    if rung is Rung.COMPLAINT and wait.chasers:
        return f"You have asked again {times_words(len(wait.chasers))}. {_RUNGS[rung]}"
    return _RUNGS[rung]
