"""The overview: what needs the user, who is silent since when, one page at a time."""

from __future__ import annotations

from datetime import date

import pytest

from inboxwatch.application.overview import (
    EVERYTHING,
    NEEDS_YOU,
    Filter,
    Overview,
    mail_revision,
    overview_of,
    page_of,
    together,
)
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Status
from tests.builders import from_council, from_us
from tests.builders_store import a_poll, an_entry, an_override
from tests.demo_mail import AS_OF, demo_picture
from tests.fakes_store import FakeStore


def demo() -> Overview:
    return overview_of("me", demo_picture())


def subjects(overview: Overview, wanted: Filter, **page: int) -> list[str]:
    found = page_of(overview, wanted, **{"number": 1, "size": 50, **page})
    return [row.subject for row in found.rows]


def test_it_counts_and_orders_what_a_reader_needs_first() -> None:
    overview = demo()
    assert overview.as_of == AS_OF
    assert overview.to_do == 10
    assert overview.counts[Status.OVERDUE] == 8
    assert overview.rows[0].status is Status.UNDELIVERED
    assert overview.bodies == ("kent.gov.uk", "medway.gov.uk")
    assert overview.cases == ()


def test_who_is_silent_longest_stands_first_with_the_day_it_began() -> None:
    silent = demo().silent
    assert [s.working_days for s in silent] == sorted(
        (s.working_days for s in silent), reverse=True
    )
    assert silent[0].council_mailbox == "send@kent.gov.uk"
    assert (silent[0].since, silent[0].overdue, silent[0].waiting) == (date(2026, 3, 2), 3, 0)
    assert silent[-1].waiting == 1
    assert "sen.transport@kent.gov.uk" not in [s.council_mailbox for s in silent]  # not delivered


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Filter(), 11),
        (Filter(status=NEEDS_YOU), 10),
        (Filter(status=EVERYTHING), 15),
        (Filter(status="answered"), 4),
        (Filter(body="medway.gov.uk"), 1),
        (Filter(case="Sam"), 0),
        (Filter(council_mailbox="complaints@kent.gov.uk"), 2),
        (Filter(person="me"), 11),
        (Filter(person="lee"), 0),
        (Filter(words="SPEECH"), 1),
        (Filter(words="no such words"), 0),
    ],
)
def test_a_filter_takes_what_fits(wanted: Filter, count: int) -> None:
    assert len(subjects(demo(), wanted)) == count


def test_pages_hold_every_row_once_and_a_number_out_of_range_gives_the_nearest() -> None:
    overview, every = demo(), Filter(status=EVERYTHING)
    whole = [s for n in (1, 2, 3, 4) for s in subjects(overview, every, number=n, size=4)]
    assert whole == subjects(overview, every)
    assert page_of(overview, every, number=99, size=4).number == 4
    assert page_of(overview, every, number=-1, size=4).number == 1
    empty = page_of(overview, Filter(case="none"), number=3, size=4)
    assert (empty.rows, empty.number, empty.pages, empty.total) == ((), 1, 1, 0)


def test_cases_and_snoozes_are_facts_of_a_row() -> None:
    ours = next(p for p in demo_picture().verdicts if "Speech" in p.thread.subject).thread.root
    picture = demo_picture(
        an_override(Verb.CASE, ours, id=1, value="Sam"),
        an_override(Verb.SNOOZE, ours, id=2, value="2026-07-01"),
    )
    overview = overview_of("me", picture)
    (row,) = page_of(overview, Filter(case="Sam"), number=1, size=5).rows
    assert row.snoozed_until == date(2026, 7, 1)
    assert row.acknowledged_on == date(2026, 4, 13)
    assert overview.cases == ("Sam",)


def test_several_people_make_one_overview_in_order() -> None:
    mine, theirs = demo(), overview_of("lee", demo_picture())
    both = together([mine, theirs])
    assert len(both.rows) == 30
    assert both.to_do == 20
    assert [row.person for row in both.rows[:2]] == ["me", "lee"]
    assert both.silent[0].overdue == 6
    assert together([mine]) == mine
    assert together([]) == Overview(as_of=None)


def test_the_revision_changes_with_polls_and_messages_and_not_with_decisions() -> None:
    store = FakeStore()

    def now() -> object:
        with store.transaction(read_only=True) as tx:
            return mail_revision(tx, "anna", ["home"])

    seen = [now()]
    with store.transaction() as tx:
        tx.save_poll(a_poll(5))
    seen.append(now())
    with store.transaction() as tx:
        tx.save_poll(a_poll(9, complete=False))
    seen.append(now())
    with store.transaction() as tx:
        tx.save_entry("anna", an_entry("a@x"), frozenset())
    seen.append(now())
    assert len(set(seen)) == 4
    with store.transaction() as tx:
        tx.add_override("anna", an_override(Verb.CASE, "a@x", value="Sam"))
    assert now() == seen[-1]


def test_a_thread_without_a_question_has_a_row_too() -> None:
    copied: Entry = from_us("2026-05-01 09:00", to="friend@example.org", cc="send@kent.gov.uk")
    assert copied.message.cc
    noted = from_council("2026-05-02 09:00", Kind.HUMAN, to=copied)
    from inboxwatch.application.picture import Picture
    from tests.builders import assembled, judged

    verdict = judged(copied, noted)
    picture = Picture(
        as_of=verdict.as_of, threshold="", calendar="", verdicts=(verdict,),
        assembly=assembled(copied, noted),
    )  # fmt: skip
    (row,) = overview_of("me", picture).rows
    assert (row.status, row.chasers, row.due_on) == (Status.ANSWERED, 0, None)
    assert row.step == "Nothing to do."
