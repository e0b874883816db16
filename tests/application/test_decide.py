"""A person's word is recorded, tied to a message, and can be taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from inboxwatch.application.decide import Decider
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.keys import keys
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import Assembly
from inboxwatch.domain.verdict import Status
from tests.builders import WATCH
from tests.demo_mail import AS_OF, demo_picture
from tests.fakes_store import FakeStore

NOW = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def decider() -> Decider:
    picture = demo_picture()
    store = FakeStore()
    with store.transaction() as tx:
        for thread in picture.assembly.threads:
            for placed in thread.placed:
                tx.save_entry("me", placed.entry, keys(placed.entry, WATCH))
    return Decider(store=store, person="me", by="cli", now=lambda: NOW, picture=picture)


def first(decider: Decider, status: Status) -> str:
    return decider.picture.with_status(status)[0].thread.id


def test_a_mark_names_the_unanswered_message_and_the_council_mailbox(decider: Decider) -> None:
    thread = first(decider, Status.OVERDUE)
    verdict = decider.thread(thread)
    said = decider.mark(thread, "answered", "they rang")
    assert verdict.wait is not None
    assert said.target == verdict.wait.unanswered.message_id
    assert said.council_mailbox == verdict.thread.council_mailbox.address
    assert said.at == NOW
    closed = demo_picture(said, as_of=NOW)
    found = next(v for v in closed.verdicts if v.thread.id == thread)
    assert found.status is Status.CLOSED
    assert "they rang" in found.reason


def test_the_beginning_of_an_id_is_enough_and_an_ambiguous_one_is_refused(
    decider: Decider,
) -> None:
    thread = first(decider, Status.OVERDUE)
    assert decider.thread(thread[:7].upper()).thread.id == thread
    with pytest.raises(ConfigError, match="there is no thread 'zzz9'"):
        decider.thread("zzz9")
    letters = [v.thread.id[0] for v in decider.picture.verdicts]
    twice = next(letter for letter in letters if letters.count(letter) > 1)
    with pytest.raises(ConfigError, match="could be several threads"):
        decider.thread(twice)


def test_wrong_words_are_refused_with_the_right_ones(decider: Decider) -> None:
    thread = first(decider, Status.OVERDUE)
    with pytest.raises(ConfigError, match="cannot be marked"):
        decider.mark(thread, "ignored")
    with pytest.raises(ConfigError, match="not a way to be in touch"):
        decider.log(thread, "pigeon", "")
    with pytest.raises(ConfigError, match="there is no kind"):
        decider.classify("x@y", "spam")
    with pytest.raises(ConfigError, match="not in the future"):
        decider.snooze(thread, date(2026, 6, 2))
    with pytest.raises(ConfigError, match="there is no message"):
        decider.classify("nobody@nowhere", "human")


def test_every_word_is_recorded_with_its_verb(decider: Decider) -> None:
    thread = first(decider, Status.OVERDUE)
    message = decider.thread(thread).thread.placed[0].entry.message_id
    checked: list[str] = []
    made = [
        decider.log(thread, "phone", "said Friday"),
        decider.snooze(thread, date(2026, 7, 1)),
        decider.case(thread, " A.H. "),
        decider.clock(thread, "sar", checked.append),
        decider.classify(f"<{message}>", "acknowledgement"),
        decider.link(message, thread),
        decider.unlink(message),
    ]
    assert [o.verb for o in made] == [
        Verb.LOG, Verb.SNOOZE, Verb.CASE, Verb.CLOCK, Verb.CLASSIFY, Verb.LINK, Verb.UNLINK,
    ]  # fmt: skip
    assert checked == ["sar"]
    assert made[2].value == "A.H."
    assert {o.id for o in decider.said_about(decider.thread(thread))} == {o.id for o in made}
    assert decider.has(message)
    assert not decider.has("nobody@nowhere")


def test_undo_takes_back_the_last_word_or_a_named_one(decider: Decider) -> None:
    thread = first(decider, Status.OVERDUE)
    one, two = decider.mark(thread, "answered"), decider.case(thread, "B")
    assert decider.undo().id == two.id
    assert decider.undo(one.id).undone_at == NOW
    with pytest.raises(ConfigError, match="nothing to undo"):
        decider.undo()
    with pytest.raises(ConfigError, match="no decision 999"):
        decider.undo(999)
    assert decider.said_about(decider.thread(thread)) == ()


def test_an_empty_picture_has_no_threads() -> None:
    assert Assembly(threads=()).find("") == ()
    assert demo_picture(as_of=AS_OF).assembly.find("") == ()


def test_an_event_is_recorded_where_the_clock_knows_it_or_it_opens_a_day_of_ones_own(
    decider: Decider,
) -> None:
    thread = first(decider, Status.OVERDUE)
    said = decider.event(thread, " decision = 2026-06-01 ")
    assert (said.verb, said.value) == (Verb.EVENT, "decision=2026-06-01")
    with pytest.raises(ConfigError, match="knows no event 'id-asked'") as caught:
        decider.event(thread, "id-asked=2026-06-01")
    assert "certificate, decision" in caught.value.remedy
    for wrong in ("decision", "decision=soon", "=2026-06-01", "decision=2026-02-30"):
        with pytest.raises(ConfigError, match="is not an event"):
            decider.event(thread, wrong)
    with pytest.raises(ConfigError, match="before your message"):
        decider.event(thread, "decision=2020-01-01")


def test_the_day_that_a_clock_counts_from_may_lie_before_the_message(decider: Decider) -> None:
    thread = first(decider, Status.OVERDUE)
    clocked = decider.clock(thread, "review-decision", lambda _name: None)
    picture = demo_picture(clocked)
    counted = next(v for v in picture.verdicts if v.thread.id == thread)
    assert any("the day of the meeting, which is not known" in note for note in counted.notes)
    meeting = replace(decider, picture=picture).event(thread, "meeting=2026-04-01")
    known = demo_picture(clocked, meeting)
    noted = next(v for v in known.verdicts if v.thread.id == thread)
    assert noted.due_on == date(2026, 4, 29)
    assert not any("not known" in note for note in noted.notes)


def test_a_message_leads_to_each_thread_that_it_stands_in(decider: Decider) -> None:
    verdict = decider.thread(first(decider, Status.ANSWERED))
    message = verdict.thread.placed[-1].entry.message_id
    assert decider.threads_with(f" <{message}> ") == (verdict,)
    assert decider.threads_with("nobody@example.org") == ()
