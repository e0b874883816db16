"""An explanation fits a screen and says everything that was decided."""

from dataclasses import replace
from datetime import date

import pytest

from inboxwatch.application.explain import condensed, explain
from inboxwatch.application.wording import plural, times_words
from inboxwatch.domain.due import due
from inboxwatch.domain.kinds import Evidence, Kind
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.verdict import OwnDeadline, Status, Verdict
from tests.builders import from_council, from_us, judged, moment, said
from tests.demo_mail import demo_picture
from tests.household import yardstick


def verdict_on(subject: str, *overrides: object) -> Verdict:
    picture = demo_picture(*overrides)  # type: ignore[arg-type]
    return next(v for v in picture.verdicts if v.thread.subject.startswith(subject))


def test_every_explanation_fits_a_screen() -> None:
    for verdict in demo_picture().verdicts:
        told = explain(verdict, due=verdict.due)
        lines = 4 + len(told.facts) + len(told.count) + len(told.notes)
        lines += sum(1 + len(m.why) for m in told.messages)
        assert lines <= 48, verdict.thread.subject


def test_a_chased_thread_says_when_who_and_how_it_was_counted() -> None:
    verdict = verdict_on("Request for an EHC")
    facts = dict(explain(verdict, due=verdict.due).facts)
    assert facts["waiting since"] == "2 March 2026, 09:12"
    assert facts["asked again"].startswith("twice, last on 20 April 2026")
    assert facts["acknowledged"].startswith("2 March 2026")
    assert "20 working days" in facts["a machine said"]
    count = explain(verdict, due=verdict.due).count
    assert "Monday 2 March 2026" in count[0]
    assert any("day 10 is Monday 16 March 2026" in line for line in count)
    assert "weekends (4 days) do not count" in count


def test_a_bank_holiday_in_between_is_named() -> None:
    verdict = verdict_on("No school place")
    assert any("Monday 4 May 2026 (" in line for line in explain(verdict, due=verdict.due).count)


def test_a_bounce_a_promise_a_challenge_and_junk_are_all_told() -> None:
    assert "not delivered" in dict(explain(verdict_on("Taxi")).facts)
    holding = explain(verdict_on("Formal complaint"))
    assert dict(holding.facts)["promised by a person"] == "Friday 8 May 2026"
    assert any("answers nothing yet" in why for m in holding.messages for why in m.why)
    assert "what you can do" in dict(explain(verdict_on("In-year place")).facts)
    assert any("Junk" in note for note in explain(verdict_on("Personal budget")).notes)
    assert "read" in dict(explain(verdict_on("Panel on 21 May")).facts)


def test_what_a_person_said_is_shown() -> None:
    log = said(Verb.LOG, "sent8@mail.example.org", "phone", note="they will look")
    case = said(Verb.CASE, "sent8@mail.example.org", "A.H.")
    snooze = said(Verb.SNOOZE, "sent8@mail.example.org", "2026-07-01")
    verdict = verdict_on("Taxi", log, case, snooze)
    told = explain(verdict, decisions=(log, case))
    facts = dict(told.facts)
    assert facts["case"] == "A.H."
    assert facts["no reminders before"] == "Wednesday 1 July 2026"
    assert told.decisions[0].endswith("log phone: they will look")
    assert told.decisions[1].endswith("case A.H.")
    kind = said(Verb.CLASSIFY, "ooo4@kent.gov.uk", "human")
    messages = explain(verdict_on("Speech", kind)).messages
    assert "human (your word)" in {m.kind for m in messages}


def test_a_thread_that_owes_nothing_is_explained_too() -> None:
    mark = said(Verb.MARK, "sent4@mail.example.org", "stop-watching")
    verdict = verdict_on("Speech", mark)
    assert verdict.status is Status.CLOSED
    assert explain(verdict, due=verdict.due).headline.startswith("Closed")


def test_small_words() -> None:
    assert [times_words(n) for n in (1, 2, 3)] == ["once", "twice", "3 times"]
    assert plural(1, "reply", "replies") == "1 reply"
    assert plural(1200, "reply", "replies") == "1,200 replies"


def test_only_the_user_is_told_of_a_clock_that_may_fit_and_of_days_of_their_own() -> None:
    asked = from_us("2026-03-02 09:00", subject="Subject access request", own_text="personal data")
    own = OwnDeadline(clock="lgsco-12m", what="complain", last_on=date(2027, 3, 1))
    verdict = replace(judged(asked), own_deadlines=(own,))
    facts = dict(explain(verdict, hints=True).facts)
    assert facts["looks like"].startswith("a subject access request (the subject says")
    assert f"inboxwatch clock {verdict.thread.id} sar" in facts["looks like"]
    assert "until Monday 1 March 2027" in facts["a day of your own"]
    assert {"looks like", "a day of your own"}.isdisjoint(dict(explain(verdict).facts))
    assert "looks like" not in dict(explain(judged(from_us("2026-03-02 09:00")), hints=True).facts)


def test_a_promised_day_is_part_of_the_count() -> None:
    """Else the count ends on another day than the one that is due."""
    verdict = verdict_on("Formal complaint")

    count = explain(verdict, due=verdict.due).count

    assert count[-1].startswith("a person promised Friday 8 May 2026")


def test_messages_are_called_by_what_they_are_and_not_by_their_ids() -> None:
    verdict = verdict_on("Request for an EHC")

    told = explain(verdict, due=verdict.due)

    why = " ".join(" ".join(line.why) for line in told.messages)
    assert "In-Reply-To names your message of 2 March 2026" in why
    assert "<" not in why


def test_a_long_thread_keeps_its_ends_and_every_answer() -> None:
    first = from_us("2026-01-05 09:00")
    chasers = [
        from_us(f"2026-01-{day:02d} 09:00", references=(first.message_id,)) for day in range(6, 20)
    ]
    receipts = [
        from_council(f"2026-01-{day:02d} 10:00", Kind.ACKNOWLEDGEMENT, to=first)
        for day in range(6, 20)
    ]
    answer = from_council("2026-01-12 12:00", to=first)
    messages = explain(judged(first, *chasers, *receipts, answer)).messages

    shown = condensed(messages, 9)

    words = [line for line in shown if isinstance(line, str)]
    kept = [line for line in shown if not isinstance(line, str)]
    assert [
        line.message_id for line in kept if line.kind == "human" and line.direction == "received"
    ]
    assert kept[0].message_id == first.message_id
    assert kept[-1] == messages[-1]
    assert len(shown) <= 11
    assert "more messages of yours" in words[0]
    assert "automatic messages" in words[0]


def test_a_short_thread_is_shown_whole() -> None:
    messages = explain(judged(from_us("2026-01-05 09:00"))).messages

    assert condensed(messages, 9) == messages


def test_a_long_run_of_receipts_alone_is_told_as_such() -> None:
    first = from_us("2026-01-05 09:00")
    receipts = [
        from_council(f"2026-01-{day:02d} 10:00", Kind.ACKNOWLEDGEMENT, to=first)
        for day in range(6, 20)
    ]

    shown = condensed(explain(judged(first, *receipts)).messages, 6)

    assert [line for line in shown if isinstance(line, str)] == [
        "11 automatic messages, 7 January 2026 to 17 January 2026"
    ]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-03-02 17:30", "it was sent after 5 pm on Monday 2 March 2026, so Tuesday 3 March"),
        ("2026-03-01 09:00", "it was sent on Sunday 1 March 2026, so Monday 2 March 2026 counts"),
        (
            "2026-04-03 09:00",
            "it was sent on Friday 3 April 2026 (Good Friday), so Tuesday 7 April",
        ),
        ("2026-03-02 09:00", "Monday 2 March 2026 counts as the day it was received (day 0)"),
    ],
)
def test_the_count_begins_with_why_it_begins_on_that_day(at: str, words: str) -> None:
    measure = yardstick()
    counted = due(measure.clocks["ordinary-email"], moment(at), calendars=measure.calendars)

    count = explain(judged(from_us(at)), due=counted).count

    assert count[0].startswith(words)
    assert not any("Good Friday" in line for line in count[1:2])


def test_what_speaks_against_a_kind_is_told_as_such_and_nothing_twice() -> None:
    evidence = tuple(
        Evidence(text=text, towards=kind, weight=weight, row=row)
        for text, kind, weight, row in (
            ("it says “thank you for contacting”", Kind.ACKNOWLEDGEMENT, 1.8, ""),
            ("it names the message that it answers", Kind.HUMAN, 9.0, "names a message"),
            ("it says “i have spoken”", Kind.HUMAN, 3.0, ""),
        )
    )
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-03 09:00", to=asked, evidence=evidence)

    (_, line) = explain(judged(asked, answer)).messages

    assert line.why[0].startswith("In-Reply-To names")
    assert line.why[1:] == ("it says “i have spoken”", "though it says “thank you for contacting”")


def test_an_answer_in_doubt_says_that_it_is_in_doubt() -> None:
    asked = from_us("2026-03-02 09:00")
    answer = from_council("2026-03-03 09:00", to=asked, may_hold=True)

    told = explain(judged(asked, answer))

    assert told.messages[1].why[-1].endswith("in doubt it is an answer")
    assert any("have a look" in note for note in told.notes)
