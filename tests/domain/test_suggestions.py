"""Suggested clocks: with evidence, only where nobody chose, never from a passing word."""

import pytest

from inboxwatch.domain.allowance import WorkingDays
from inboxwatch.domain.clocks import Clock, LegalForce
from inboxwatch.domain.judging import judge
from inboxwatch.domain.reckoning import reckoning
from inboxwatch.domain.rules import Rule
from inboxwatch.domain.suggestions import suggest, suggest_for
from tests.builders import (
    CALENDARS,
    CLOCKS,
    STATUTORY,
    WATCH,
    a_thread,
    from_council,
    from_us,
    judged,
    moment,
)


@pytest.mark.parametrize(
    ("mailbox", "subject", "text", "clock"),
    [
        (
            "send@kent.gov.uk",
            "Subject access request",
            "Please send me a copy of all the personal data you hold about my son.",
            "sar",
        ),
        ("dsar@kent.gov.uk", "My request", "Please see below.", "sar"),
        ("freedomofinformation@kent.gov.uk", "Question", "How many caseworkers are there?", "foi"),
        (
            "info@kent.gov.uk",
            "FOI request: caseworkers",
            "Under the Freedom of Information Act please tell me how many there are.",
            "foi",
        ),
        (
            "send@kent.gov.uk",
            "Request for an EHC needs assessment for Sam",
            "I ask you under section 36(1) to assess my son.",
            "ehcna-decision",
        ),
        ("send@kent.gov.uk", "EHCNA request", "Please find the form attached.", "ehcna-decision"),
        ("send@kent.gov.uk", "Annual review for Sam", "After the annual review we heard nothing.",
         "review-decision"),
        ("complaints@kent.gov.uk", "Transport", "I wish to complain about it.", "kcc-complaint"),
        ("complaints@medway.gov.uk", "Transport", "I wish to complain about it.", "lgsco-s1"),
        ("send@medway.gov.uk", "Formal complaint", "This is a formal complaint.", "lgsco-s1"),
    ],
)  # fmt: skip
def test_a_named_request_is_recognised(mailbox: str, subject: str, text: str, clock: str) -> None:
    message = from_us("2026-03-02 09:00", to=mailbox, subject=subject, own_text=text).message
    found = suggest_for(message, mailbox=mailbox, body=mailbox.partition("@")[2])
    assert found is not None
    assert found.clock == clock
    assert found.evidence
    assert found.what


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Sam's transport", "When will the bus come?"),
        ("Annual review for Sam", "When will the annual review report be sent to us?"),
        ("Chasing", "I sent a subject access request in March; that one was answered."),
        ("Any news about my FOI request?", "It has been a while."),
        ("Meeting", "I do not want to complain, thank you for your help."),
        ("", ""),
    ],
)
def test_a_word_in_passing_is_not_enough(subject: str, text: str) -> None:
    message = from_us("2026-03-02 09:00", subject=subject, own_text=text).message
    assert suggest_for(message, mailbox="send@kent.gov.uk", body="kent.gov.uk") is None


SAR = {"subject": "Subject access request", "own_text": "Please send my personal data."}


def test_the_thread_says_why_and_the_clock_stays_as_it_is() -> None:
    verdict = judged(from_us("2026-03-02 09:00", **SAR), as_of="2026-03-10 09:00")
    found = suggest(verdict)
    assert found is not None
    assert found.clock == "sar"
    assert any("subject says" in line for line in found.evidence)
    assert verdict.clock == "ordinary-email"


def test_nothing_is_suggested_where_it_is_settled_or_chosen() -> None:
    asked = from_us("2026-03-02 09:00", **SAR)
    answered = judged(asked, from_council("2026-03-03 09:00", to=asked))
    assert suggest(answered) is None
    assert suggest(judged(from_us("2026-03-02 09:00", cc="send@kent.gov.uk", to="a@b.example",
                                  **SAR))) is None  # fmt: skip
    assert suggest(judged(asked, rule=STATUTORY)) is None
    by_default = Rule(name="default", clock="ehcna-decision")
    assert suggest(judged(asked, rule=by_default)) is None


def test_the_clock_that_runs_already_is_not_suggested() -> None:
    promise = Clock(
        id="sar", title="x", due=WorkingDays(count=5), legal_force=LegalForce.COUNCIL_PROMISE
    )
    verdict = judge(
        a_thread(from_us("2026-03-02 09:00", **SAR)),
        Rule(name="default", clock="sar"),
        as_of=moment("2026-03-10 09:00"),
        reckoning=reckoning({**CLOCKS, "sar": promise}, CALENDARS, WATCH.bodies),
    )
    assert suggest(verdict) is None
