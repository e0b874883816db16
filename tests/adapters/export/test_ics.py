"""The calendar file: every due day once, the same bytes, harmless whatever a subject holds."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from inboxwatch.adapters.export.ics import ics_bytes
from inboxwatch.application.agenda import Occasion, agenda
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.verdict import OwnDeadline, Verdict
from tests.builders import decided, from_council, from_us, judged, moment, said

AS_OF = moment("2026-06-01 09:00")
OWN = OwnDeadline(clock="lgsco-12m", what="complain", last_on=date(2027, 3, 1))


def with_own(verdict: Verdict, *own: OwnDeadline) -> Verdict:
    return replace(verdict, own_deadlines=own)


def test_every_day_of_a_wait_is_an_occasion() -> None:
    asked = from_us("2026-03-02 09:00", "asked@example.org")
    holding = from_council(
        "2026-03-04 09:00", to=asked, holding=True, promised_on=date(2026, 3, 12)
    )
    found = agenda([with_own(judged(asked, holding, as_of="2026-03-10 09:00"), OWN)])
    assert [(o.on.isoformat(), o.title.partition(":")[0]) for o in found] == [
        ("2026-03-09", "Time to ask again"),
        ("2026-03-12", "Answer promised"),
        ("2026-03-16", "Reply due"),
        ("2027-03-01", "Your last day"),
    ]
    assert all("send@kent.gov.uk" in o.text for o in found)


def test_what_is_answered_or_closed_owes_nothing_and_an_own_day_stays() -> None:
    asked = from_us("2026-03-02 09:00")
    answered = judged(asked, from_council("2026-03-03 09:00", to=asked))
    assert agenda([answered]) == ()
    assert [o.on for o in agenda([with_own(answered, OWN)])] == [date(2027, 3, 1)]
    stopped = judged(asked, decisions=decided(said(Verb.MARK, asked, "stop-watching")))
    assert agenda([with_own(stopped, OWN)]) == ()
    copied = judged(from_us("2026-03-02 09:00", to="a@b.example", cc="send@kent.gov.uk"))
    assert agenda([copied]) == ()


def test_the_uid_is_of_the_message_and_stays_when_the_day_moves() -> None:
    asked = from_us("2026-03-02 09:00", "asked@example.org")
    before = {o.uid for o in agenda([judged(asked, as_of="2026-03-03 09:00")])}
    later = {o.uid for o in agenda([judged(asked, as_of="2026-05-03 09:00")])}
    other = {o.uid for o in agenda([judged(from_us("2026-03-02 09:00"))])}
    assert before == later
    assert before.isdisjoint(other)


OCCASIONS = st.lists(
    st.builds(
        Occasion,
        uid=st.text("abcdef0123456789", min_size=8, max_size=8).map(lambda t: f"{t}@x.invalid"),
        on=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        title=st.text(max_size=200),
        text=st.text(max_size=400),
    ),
    max_size=3,
)


@given(OCCASIONS)
def test_any_text_makes_a_file_that_reads_back(occasions: list[Occasion]) -> None:
    raw = ics_bytes(occasions, as_of=AS_OF)
    assert ics_bytes(occasions, as_of=AS_OF) == raw
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    events = Calendar.from_ical(raw).walk("VEVENT")
    assert [str(e["uid"]) for e in events] == [o.uid for o in occasions]
    assert [e.decoded("dtstart") for e in events] == [o.on for o in occasions]


def test_a_hostile_subject_stays_in_its_line() -> None:
    evil = "x\r\nEND:VEVENT\nBEGIN:VEVENT\x00;,\\ \ud800 ü" + "y" * 200
    raw = ics_bytes([Occasion(uid="u@x", on=date(2026, 6, 1), title=evil, text=evil)], as_of=AS_OF)
    assert raw.count(b"\r\nBEGIN:VEVENT\r\n") == 1
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert "BEGIN:VEVENT" in str(event["summary"])


def test_the_days_are_whole_days_and_private() -> None:
    raw = ics_bytes([Occasion(uid="u@x", on=date(2026, 6, 1), title="t", text="d")], as_of=AS_OF)
    for line in (
        b"BEGIN:VCALENDAR", b"VERSION:2.0", b"DTSTART;VALUE=DATE:20260601",
        b"DTEND;VALUE=DATE:20260602", b"DTSTAMP:20260601T080000Z", b"CLASS:PRIVATE",
        b"TRANSP:TRANSPARENT",
    ):  # fmt: skip
        assert line + b"\r\n" in raw


def test_days_that_fall_together_are_said_once() -> None:
    verdict = judged(from_us("2026-03-02 09:00", subject=""), as_of="2026-03-03 09:00")
    same = replace(verdict, chase_on=verdict.due_on, clock="")
    (found,) = agenda([same])
    assert found.title == "Reply due: (no subject)"
    assert agenda([replace(verdict, due_on=None, chase_on=None)]) == ()
