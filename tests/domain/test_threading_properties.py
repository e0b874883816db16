"""What holds of every mailbox: order, repetition, completeness, and the cost of one message."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from inboxwatch.domain.follow_up import is_follow_up
from inboxwatch.domain.judging import judge_all
from inboxwatch.domain.keys import is_bare, keys
from inboxwatch.domain.links import connect, edges
from inboxwatch.domain.neighbours import neighbourhood
from inboxwatch.domain.overrides import NONE, Verb
from inboxwatch.domain.sides import asked, homes, is_ours
from inboxwatch.domain.threading import assemble, settle
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Status
from tests.builders import ORDINARY, RECKONING, WATCH, decided, from_council, loader, moment, said
from tests.domain.strategies_mail import AUTOMATIC, mailboxes

AS_OF = moment("2027-06-01 09:00")


def statuses(
    entries: tuple[Entry, ...], as_of: datetime = AS_OF
) -> dict[tuple[str, str], tuple[Status, date | None]]:
    verdicts = judge_all(assemble(entries, WATCH), (ORDINARY,), as_of=as_of, reckoning=RECKONING)
    return {
        (wait.unanswered.message_id, v.thread.council_mailbox.address): (v.status, v.due_on)
        for v in verdicts
        for wait in v.waits[-1:]
    }


@given(mailboxes(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_arrival_never_matters(entries: tuple[Entry, ...], random: Random) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)

    assert assemble(shuffled, WATCH) == assemble(entries, WATCH)


@given(mailboxes())
@settings(max_examples=50, deadline=None)
def test_assembling_the_same_mail_twice_changes_nothing(entries: tuple[Entry, ...]) -> None:
    assert assemble((*entries, *entries), WATCH) == assemble(entries, WATCH)


@given(mailboxes())
@settings(max_examples=50, deadline=None)
def test_every_message_of_ours_is_in_exactly_one_thread_of_each_mailbox_it_asked(
    entries: tuple[Entry, ...],
) -> None:
    found = Counter(
        (placed.entry.message_id, thread.council_mailbox)
        for thread in assemble(entries, WATCH).threads
        for placed in thread.placed
        if is_ours(placed.entry)
    )

    for entry in entries:
        if is_ours(entry):
            for box in homes(entry.message, WATCH):
                assert found[entry.message_id, box] == 1
            assert asked(entry.message, WATCH) == homes(entry.message, WATCH)


@given(mailboxes())
@settings(max_examples=50, deadline=None)
def test_no_message_stands_twice_in_a_thread_and_every_id_given_out_resolves(
    entries: tuple[Entry, ...],
) -> None:
    assembly = assemble(entries, WATCH)

    for thread in assembly.threads:
        ids = [placed.entry.message_id for placed in thread.placed]
        assert len(ids) == len(set(ids))
        assert assembly.find(thread.id) == (thread,)


@given(mailboxes(), st.integers(0, 11))
@settings(max_examples=50, deadline=None)
def test_one_new_message_needs_only_its_neighbourhood(
    entries: tuple[Entry, ...], which: int
) -> None:
    """To place it among its neighbours gives what assembling everything gives."""
    new = entries[which % len(entries)]
    load = loader(entries, lambda entry: keys(entry, WATCH))

    around = neighbourhood((new,), load, WATCH)

    assert new in around
    near = {entry.message_id for entry in around}
    everything = settle(entries, WATCH)
    alone = settle(around, WATCH)
    assert alone.threads == tuple(
        t for t in everything.threads if t.placed[0].entry.message_id in near
    )
    assert alone.unplaced == tuple(u for u in everything.unplaced if u.entry.message_id in near)


@given(mailboxes(), st.data())
@settings(max_examples=30, deadline=None)
def test_what_a_person_tied_together_belongs_to_the_neighbourhood(
    entries: tuple[Entry, ...], data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from(entries))
    other = data.draw(st.sampled_from(entries))
    decisions = decided(said(Verb.LINK, one, other.message_id))
    load = loader(entries, lambda entry: keys(entry, WATCH))

    around = neighbourhood((other,), load, WATCH, decisions=decisions)

    assert {one, other} <= set(around)
    assert set(around) == set(neighbourhood((one,), load, WATCH, decisions=decisions))


def test_the_neighbourhood_is_bounded() -> None:
    entries = tuple(from_council(f"2026-03-{day:02} 09:00") for day in range(1, 20))
    load = loader(entries, lambda entry: keys(entry, WATCH))

    assert len(neighbourhood(entries[:1], load, WATCH, at_most=1)) == 1


@given(mailboxes(), st.data())
@settings(max_examples=50, deadline=None)
def test_an_automatic_message_never_changes_what_is_owed(
    entries: tuple[Entry, ...], data: st.DataObject
) -> None:
    """Whatever it is and wherever it falls, a machine's message neither starts nor stops a clock.

    It carries no ids of two questions at once and no case reference: those can tie talks together.
    """
    kind = data.draw(st.sampled_from(AUTOMATIC))
    ours = [entry for entry in entries if is_ours(entry)]
    to = data.draw(st.sampled_from(ours)) if ours else None
    at = data.draw(st.sampled_from(entries)).at
    extra = from_council(at, kind, "machine@kent.gov.uk", to=to, subject="Thank you")

    before, after = statuses(entries), statuses((*entries, extra))

    assert after == before


@given(mailboxes(), st.integers(0, 700), st.integers(0, 700))
@settings(max_examples=30, deadline=None)
def test_overdue_stays_overdue_as_time_passes_over_the_same_mail(
    entries: tuple[Entry, ...], first: int, second: int
) -> None:
    newest = max(entry.at for entry in entries)
    early, late = sorted((first, second))

    def overdue(days: int) -> set[tuple[str, str]]:
        at = newest + timedelta(days=days, minutes=1)
        return {
            key for key, (status, _) in statuses(entries, at).items() if status is Status.OVERDUE
        }

    assert overdue(early) <= overdue(late)


@given(mailboxes())
@settings(max_examples=50, deadline=None)
def test_a_weak_mark_never_makes_one_thread_of_two(entries: tuple[Entry, ...]) -> None:
    """New questions of ours stand in one thread only where ids tie them together."""
    known = {entry.message_id: entry for entry in entries}
    groups = connect(edges(known, NONE))

    for thread in assemble(entries, WATCH).threads:
        begun = [
            placed.entry
            for placed in thread.placed
            if is_ours(placed.entry) and is_bare(placed.entry) and not is_follow_up(placed.entry)
        ]
        assert len({groups.find(entry.message_id) for entry in begun}) <= 1
