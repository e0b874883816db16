"""What may be deleted: finished things by age, a case on demand; never what still waits."""

from datetime import UTC, datetime, timedelta

import pytest

from inboxwatch.application.purge import (
    FINISHED,
    may_delete_by_clock,
    purge_age,
    purge_case,
)
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.overrides import Verb
from tests.builders import said
from tests.demo_mail import AS_OF, demo_picture
from tests.fakes_store import FakeStore


def test_old_finished_threads_go_and_waiting_ones_stay_however_old() -> None:
    picture = demo_picture()
    plan = purge_age(picture, before=AS_OF + timedelta(days=1))
    gone = set(plan.message_ids)
    for verdict in picture.verdicts:
        ids = {p.entry.message_id for p in verdict.thread.placed}
        if verdict.status not in FINISHED:
            assert not ids & gone
    assert plan.threads == sum(v.status in FINISHED for v in picture.verdicts)
    assert gone


def test_nothing_newer_than_the_day_goes() -> None:
    assert purge_age(demo_picture(), before=datetime(2026, 1, 1, tzinfo=UTC)).message_ids == ()


def test_a_case_goes_whole_and_alone() -> None:
    picture = demo_picture(said(Verb.CASE, "sent8@mail.example.org", "A.H."))
    plan = purge_case(picture, "A.H.")
    assert plan.threads == 1
    assert "sent8@mail.example.org" in plan.message_ids


def test_a_case_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(ConfigError) as caught:
        purge_case(demo_picture(said(Verb.CASE, "sent8@mail.example.org", "A.H.")), "B.")
    assert "A.H." in caught.value.remedy
    with pytest.raises(ConfigError) as caught:
        purge_case(demo_picture(), "B.")
    assert "no cases" in caught.value.remedy


def test_a_message_that_stands_in_two_threads_stays_while_one_waits() -> None:
    """One message to two council mailboxes: closing one of them must not delete it."""
    box = "complaints@kent.gov.uk"
    mark = said(Verb.MARK, "sent14@mail.example.org", "answered", council_mailbox=box)
    picture = demo_picture(mark)
    plan = purge_age(picture, before=AS_OF + timedelta(days=1))
    assert "sent14@mail.example.org" not in plan.message_ids


def may_delete(store: FakeStore, now: datetime) -> bool:
    with store.transaction() as tx:
        return may_delete_by_clock(tx, now)


def test_the_clock_deletes_once_it_has_gone_on_steadily_for_a_day() -> None:
    store = FakeStore()
    assert not may_delete(store, AS_OF)  # nobody knows how it went before
    assert not may_delete(store, AS_OF + timedelta(hours=1))
    assert may_delete(store, AS_OF + timedelta(days=1))
    assert may_delete(store, AS_OF + timedelta(days=31))


@pytest.mark.parametrize("leap", [timedelta(days=400), timedelta(days=-1)])
def test_after_a_leap_of_the_clock_nothing_is_deleted_for_a_day(leap: timedelta) -> None:
    store = FakeStore()
    for days in (0, 1):
        may_delete(store, AS_OF + timedelta(days=days))
    there = AS_OF + timedelta(days=1) + leap
    assert not may_delete(store, there)
    assert not may_delete(store, there + timedelta(hours=19))
    assert may_delete(store, there + timedelta(hours=24))
