"""Worked examples: what each preset gives for a day, checked by hand or published by others."""

from datetime import date, datetime

import pytest

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import load
from inboxwatch.domain.due import due
from inboxwatch.domain.london import LONDON

CALENDARS = calendars()
CLOCKS = load().clocks

# preset, which date, start, expected, why
WORKED = [
    ("foi", "due", "2025-12-01", "2025-12-31", "only 25 and 26 December are crossed"),
    ("foi", "due", "2025-12-24", "2026-01-27", "2 January is a holiday in Scotland"),
    ("foi", "due", "2026-03-06", "2026-04-08", "a Friday; 17 March counts in Northern Ireland"),
    ("foi", "due", "2026-03-09", "2026-04-09", "the Monday after gives one day more"),
    ("foi", "due", "2026-04-02", "2026-05-05", "Good Friday, Easter Monday and early May"),
    ("foi", "due", "2026-06-14", "2026-07-14", "the one-off Scottish holiday of 15 June 2026"),
    ("foi", "due", "2026-07-06", "2026-08-05", "13 July and 3 August are both left out"),
    ("foi", "due", "2022-05-30", "2022-06-29", "30 May 2022 was no holiday; it was moved"),
    ("foi", "due", "2022-09-20", "2022-10-18", "the day after the state funeral"),
    ("foi", "due", "2024-02-19", "2024-03-19", "29 February counts; 18 March does not"),
    ("foi", "due", "2009-03-12", "2009-04-14", "published: Thursday"),
    ("foi", "due", "2009-03-14", "2009-04-15", "published: Saturday"),
    ("foi", "due", "2009-03-15", "2009-04-15", "published: Sunday"),
    ("foi", "due", "2009-03-16", "2009-04-16", "published: Monday"),
    ("foi", "due", "2008-02-01", "2008-02-29", "published: a leap year"),
    ("foi", "due", "2007-02-01", "2007-03-01", "published: no leap year"),
    ("foi", "due", "2020-09-08", "2020-10-06", "a council's own published acknowledgement"),
    ("foi", "due", "2026-03-16", "2026-04-16", "clarified that day"),
    ("foi-review", "latest", "2025-11-24", "2026-01-26", "40 working days over Christmas"),
    ("sar", "due", "2025-09-03", "2025-10-03", "the regulator's own example"),
    ("sar", "due", "2024-01-30", "2024-02-29", "no 30 February: the last day"),
    ("sar", "due", "2026-03-31", "2026-04-30", "no 31 April"),
    ("sar", "due", "2026-08-31", "2026-09-30", "received on a bank holiday all the same"),
    ("sar", "due", "2026-03-03", "2026-04-07", "3 April is Good Friday"),
    ("sar", "due", "2026-02-28", "2026-03-30", "28 March is a Saturday"),
    ("sar extended", "due", "2026-01-31", "2026-04-30", "three months"),
    ("ehcna-decision", "due", "2026-01-05T09:12", "2026-02-16", "six weeks to the weekday"),
    ("ehcp-no-plan", "due", "2026-01-05T09:12", "2026-04-27", "sixteen weeks"),
    ("ehcna-decision", "due", "2026-06-29T09:00", "2026-08-10", "the summer moves no date"),
    ("ehcna-decision", "due", "2026-03-30T16:59", "2026-05-11", "a minute before the cut-off"),
    ("review-decision", "due", "2026-03-12", "2026-04-09", "from the meeting"),
    ("amend-final", "due", "2026-04-09", "2026-06-04", "from the notice"),
    ("reassess", "due", "2026-02-02", "2026-02-17", "calendar days"),
    ("tribunal-amend", "due", "2026-03-19", "2026-04-23", "from the order"),
    ("tribunal-school", "due", "2026-03-19", "2026-04-02", "section I alone"),
    ("lgsco-ack", "due", "2026-03-27", "2026-04-07", "over Easter"),
    ("lgsco-s2", "latest", "2026-03-27", "2026-05-06", "25 working days from the request"),
    ("kcc-complaint", "acknowledgement", "2026-03-27", "2026-04-01", "3 working days"),
    ("kcc-complaint", "chase", "2026-03-27", "2026-04-01", "no acknowledgement: ask"),
    ("ca89-s1", "latest", "2026-12-18", "2027-01-20", "the outer limit"),
    ("ca89-s2", "due", "2026-05-01", "2026-06-09", "25 working days"),
    ("csc-assessment", "due", "2026-03-02", "2026-05-07", "45 working days"),
    ("ordinary-email", "due", "2026-05-20", "2026-06-04", "10 working days"),
    ("lgsco-12w", "due", "2026-03-10", "2026-06-02", "twelve weeks"),
    ("pap", "due", "2026-03-20", "2026-04-03", "no roll, though it is Good Friday"),
    ("jr", "due", "2026-01-31", "2026-04-30", "the outer limit"),
    ("travel-s1", "due", "2026-03-27", "2026-04-28", "20 working days over Easter"),
    ("travel-s2", "due", "2026-03-27", "2026-05-28", "40 working days"),
    # Further rules, counted by hand.
    ("ehcp-final", "due", "2026-01-05T09:12", "2026-05-25", "a bank holiday, and no roll"),
    ("review-final", "due", "2026-03-12", "2026-06-04", "4 + 8 weeks from the meeting"),
    ("draft-comments", "due", "2026-03-02", "2026-03-16", "the day served is day 1"),
    ("dp-complaint", "due", "2026-07-01", "2026-07-31", "receipt is day 0"),
    ("dp-complaint", "due", "2026-07-02", "2026-08-03", "day 30 is a Saturday"),
    ("lgsco-12m", "due", "2026-03-10", "2027-03-09", "beginning with the day"),
    ("lgsco-12m", "due", "2024-02-29", "2025-02-27", "the earliest reading is the user's"),
    ("lgsco-12m", "nine-months", "2026-03-10", "2026-12-09", "in good time"),
    ("phase-transfer", "due", "2026-09-01", "2027-02-15", "the next 15 February"),
    ("phase-transfer", "due", "2027-02-15", "2027-02-15", "that day itself"),
    ("phase-transfer", "secondary-to-post-16", "2026-09-01", "2027-03-31", "the later day"),
    ("phase-transfer-post-16", "due", "2026-09-01", "2027-03-31", "31 March"),
    ("mediation-contact", "due", "2025-12-31", "2026-02-28", "no 31 February"),
    ("mediation-meeting", "certificate", "2026-03-02", "2026-04-08", "3 office days after day 30"),
    ("tribunal-make", "draft-plan", "2026-03-19", "2026-04-23", "5 weeks"),
    ("tribunal-make", "due", "2026-03-19", "2026-06-04", "11 weeks"),
    ("tribunal-assess", "due", "2026-03-19", "2026-04-02", "2 weeks"),
    ("tribunal-assess", "final-plan", "2026-03-19", "2026-06-25", "14 weeks"),
    ("foi-review", "due", "2025-11-24", "2025-12-23", "1 December is a holiday in Scotland"),
    ("eir extended", "due", "2025-11-24", "2026-01-26", "40 working days"),
    ("kcc-complaint", "due", "2026-03-27", "2026-04-28", "the council's own 20"),
    ("ca89-s1", "due", "2026-12-18", "2027-01-06", "10 working days"),
    ("ordinary-email", "chase", "2026-05-20", "2026-05-28", "5 working days"),
    ("csc-referral", "due", "2026-05-22", "2026-05-26", "over a bank holiday"),
]


def _start(text: str) -> date | datetime:
    if "T" not in text:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(("preset", "which", "start", "expected", "why"), WORKED)
def test_a_worked_example_comes_out_as_counted_by_hand(
    preset: str, which: str, start: str, expected: str, why: str
) -> None:
    """Each row was counted by a person, published, or computed by another library."""
    name, _, extended = preset.partition(" ")
    result = due(CLOCKS[name], _start(start), calendars=CALENDARS, extended=bool(extended))

    found = dict(result.milestones) | {
        "due": result.due_on,
        "latest": result.latest_on,
        "chase": result.chase_on,
    }
    assert found[which] == date.fromisoformat(expected), why


def test_an_appeal_runs_from_the_later_of_letter_and_certificate() -> None:
    """Two months from the letter are 10 April, a month from the certificate 20 May."""
    result = due(
        CLOCKS["send-appeal"],
        date(2026, 2, 10),
        calendars=CALENDARS,
        events={"certificate": date(2026, 4, 20)},
    )

    assert result.due_on == date(2026, 5, 20)
    assert result.overdue_from == date(2026, 5, 21)


def test_a_clarified_request_counts_from_the_clarification() -> None:
    """A request of 2 March, clarified on 16 March, is due as one of 16 March."""
    result = due(
        CLOCKS["foi"],
        date(2026, 3, 2),
        calendars=CALENDARS,
        events={
            "clarification-asked": date(2026, 3, 9),
            "clarification-answered": date(2026, 3, 16),
        },
    )

    assert (result.received_on, result.counted_from) == (date(2026, 3, 2), date(2026, 3, 16))
    assert result.due_on == date(2026, 4, 16)


def test_days_from_a_clarification_asked_to_answered_do_not_count_for_a_sar() -> None:
    """Eight days, 9 to 16 March, carry 2 April to 10 April."""
    result = due(
        CLOCKS["sar"],
        date(2026, 3, 2),
        calendars=CALENDARS,
        events={
            "clarification-asked": date(2026, 3, 9),
            "clarification-answered": date(2026, 3, 16),
        },
    )

    assert result.due_on == date(2026, 4, 10)
    assert sum(day.note == "paused for clarification" for day in result.count) == 8
