"""The next step: one obvious thing to do, or nothing."""

from __future__ import annotations

from datetime import date

from inboxwatch.application.nextstep import needs_you, next_step
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Verdict
from tests.builders import (
    RECKONING,
    STATUTORY,
    a_bounce,
    decided,
    from_council,
    from_us,
    judged,
    said,
)

ASKED = "2026-03-02 09:00"


def told(*entries: Entry, needs: bool, **how: object) -> str:
    verdict: Verdict = judged(*entries, **how)  # type: ignore[arg-type]
    assert needs_you(verdict) is needs
    return next_step(verdict)


def test_nothing_is_to_be_done_while_there_is_time() -> None:
    step = told(from_us("2026-05-29 09:00"), needs=False)
    assert step == "Nothing to do yet. The last day on time is Friday 12 June 2026."


def test_late_replies_are_asked_for_ever_more_firmly() -> None:
    ours = from_us(ASKED, "a@example.org")
    again = from_us("2026-04-01 09:00", "b@example.org", in_reply_to="a@example.org")
    third = from_us("2026-04-20 09:00", "c@example.org", in_reply_to="a@example.org")
    assert "friendly note" in told(ours, needs=True)
    assert told(ours, again, needs=True).startswith("Ask again: mention your first email")
    step = told(ours, again, third, needs=True)
    assert step.startswith("You have asked again twice. You could now make a formal complaint")


def test_a_clock_set_by_law_is_named_firmly_at_once() -> None:
    assert RECKONING
    assert told(from_us(ASKED), needs=True, rule=STATUTORY).startswith("Ask again")


def test_what_did_not_arrive_is_sent_again() -> None:
    ours = from_us(ASKED)
    assert told(ours, a_bounce("2026-03-02 09:01", ours), needs=True).startswith(
        "Check the address and send it again"
    )


def test_what_may_be_a_reply_is_looked_at() -> None:
    ours = from_us(ASKED)
    invited = from_council("2026-03-05 09:00", Kind.CALENDAR, to=ours)
    assert told(ours, invited, needs=True) == "Have a look: is this a reply to your email?"


def test_what_they_ask_for_comes_first_even_while_there_is_time() -> None:
    ours = from_us("2026-05-29 09:00")
    form = from_council("2026-05-29 09:01", Kind.CHALLENGE, to=ours, action="write elsewhere: x")
    assert told(ours, form, needs=True) == "They ask something of you: write elsewhere: x"
    bare = from_council("2026-05-29 09:01", Kind.CHALLENGE, to=ours)
    assert told(ours, bare, needs=True) == "They ask something of you."


def test_a_promise_that_passed_is_asked_about() -> None:
    ours = from_us(ASKED)
    holding = from_council("2026-03-05 09:00", to=ours, holding=True, promised_on=date(2026, 3, 20))
    assert told(ours, holding, needs=True) == (
        "Ask about the answer they promised for Friday 20 March 2026."
    )


def test_after_an_answer_or_a_persons_word_nothing_is_to_be_done() -> None:
    ours = from_us(ASKED)
    reply = from_council("2026-03-05 09:00", to=ours)
    assert told(ours, reply, needs=False) == "Nothing to do: a reply came."
    closed = decided(said(Verb.MARK, ours, "no-reply-needed"))
    assert told(ours, needs=False, decisions=closed).startswith("Nothing to do. Watch it again")
