"""What a digest and its events hold, how they are named, and how they survive as JSON."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.application.digest import (
    REMINDER_DOMAIN,
    Digest,
    NextStep,
    Trouble,
    digest_id,
    event_id,
    event_type,
    health_id,
    in_order,
    newly_answered,
    next_step,
    reminder_message_id,
)
from inboxwatch.application.payload import (
    payload_id,
    read_digest,
    read_event,
    read_health,
    write_answered,
    write_digest,
    write_event,
    write_health,
)
from inboxwatch.application.records import FiledReminder
from inboxwatch.domain.bodies import CouncilMailbox
from inboxwatch.domain.message import Message
from inboxwatch.domain.reminders import Reminder, ReminderKey
from inboxwatch.domain.threads import Thread
from inboxwatch.domain.verdict import Status, Verdict, Wait
from tests.builders_reminders import AS_OF, COUNCIL, SITUATION, a_reminder, an_undelivered

TEXT = st.text(max_size=20)
WHEN = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2030, 1, 1),
    timezones=st.just(UTC),
)
DAY = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))
REMINDERS = st.builds(
    Reminder,
    key=st.builds(
        ReminderKey,
        council_mailbox=TEXT,
        rule=TEXT,
        unanswered=TEXT,
        step=st.sampled_from(["overdue-1", "undelivered", "action", "promise-passed"]),
    ),
    thread_id=TEXT,
    body=TEXT,
    council_mailbox=TEXT,
    subject=TEXT,
    status=st.sampled_from(Status),
    sent_at=WHEN,
    chasers=st.integers(0, 9),
    last_chased_at=st.none() | WHEN,
    due_on=st.none() | DAY,
    acknowledged_at=st.none() | WHEN,
    holding_at=st.none() | WHEN,
    promised_on=st.none() | DAY,
    waiting_days=st.none() | st.integers(0, 999),
    waiting_working_days=st.none() | st.integers(0, 999),
    action=st.none() | TEXT,
    case=st.none() | TEXT,
    step=st.integers(1, 9),
    final=st.booleans(),
    covers=st.lists(TEXT, max_size=3).map(tuple),
)


@given(st.lists(REMINDERS, max_size=4))
def test_a_digest_reads_back_as_it_was_written(reminders: list[Reminder]) -> None:
    """Whatever text is in it, for it may be sent days later or merged into another."""
    digest = Digest(
        person="me",
        reminders=in_order(reminders),
        situation=replace(
            SITUATION,
            review=2,
            unreadable=1,
            troubles=(Trouble(what="x", remedy="y"),),
            notes=("done",),
            answers_by_reply=True,
        ),
    )

    payload = write_digest(digest, id="d", at=AS_OF)

    assert read_digest(payload) == digest
    assert payload.isascii()
    assert write_digest(digest, id="d", at=AS_OF) == payload


@given(REMINDERS)
def test_an_event_reads_back_and_is_named_by_its_key(reminder: Reminder) -> None:
    payload = write_event(reminder, person="me", as_of=AS_OF, at=AS_OF)

    assert read_event(payload) == reminder
    assert payload_id(payload) == str(reminder.key)


def test_an_event_speaks_the_words_of_the_list() -> None:
    """Scripts read `list --json` and webhooks alike: local times, the same names."""
    event = json.loads(write_event(a_reminder(), person="me", as_of=AS_OF, at=AS_OF))

    assert event["type"] == "thread.overdue"
    assert event["timestamp"] == "2026-06-01T09:00:00+01:00"
    assert event["data"]["unanswered"] == {
        "message_id": "a@example.org",
        "sent_at": "2026-04-29T10:12:00+01:00",
    }
    assert event["data"]["status"] == "overdue"
    assert event["data"]["due_on"] == "2026-05-14"
    assert event["data"]["waiting_working_days"] == 21
    assert event["data"]["next_step"] == "chase"
    assert event["data"]["key"]["step"] == "overdue-1"


@pytest.mark.parametrize(
    "payload",
    [
        "[]",
        '{"type": "health", "data": {}}',
        '{"type": "digest"}',
        '{"type": "digest", "data": {}}',
    ],
)
def test_a_payload_of_another_shape_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match="payload"):
        read_digest(payload)


def test_an_event_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="not an event"):
        read_event('{"data": {}}')


def test_an_alert_reads_back() -> None:
    troubles = (Trouble(what="Archive could not be read", remedy="Look"),)

    payload = write_health(troubles, id="h", person="me", as_of=None, at=AS_OF)

    assert read_health(payload) == troubles
    assert json.loads(payload)["data"]["as_of"] is None


@pytest.mark.parametrize(
    ("reminder", "step"),
    [
        (an_undelivered(action="write elsewhere"), NextStep.RESEND),
        (a_reminder(action="write elsewhere"), NextStep.ACT),
        (a_reminder(key_step="promise-passed"), NextStep.ASK_ABOUT_PROMISE),
        (a_reminder(), NextStep.CHASE),
        (a_reminder(chasers=1), NextStep.CHASE_FIRMLY),
        (a_reminder(chasers=2), NextStep.COMPLAIN),
    ],
)
def test_the_next_step_is_the_gentlest_that_fits(reminder: Reminder, step: NextStep) -> None:
    assert next_step(reminder) is step


@pytest.mark.parametrize(
    ("step", "type"),
    [
        ("overdue-1", "thread.overdue"),
        ("overdue-4", "thread.overdue"),
        ("undelivered", "thread.undelivered"),
        ("action", "thread.action"),
        ("promise-passed", "thread.promise-passed"),
    ],
)
def test_each_step_has_its_event(step: str, type: str) -> None:
    assert event_type(a_reminder(key_step=step)) == type


def test_what_did_not_arrive_comes_first_and_then_the_longest_wait() -> None:
    young = a_reminder("young", sent_at=AS_OF - timedelta(days=20))
    old = a_reminder("old", sent_at=AS_OF - timedelta(days=90))
    promised = a_reminder("promised", key_step="promise-passed")
    asked = a_reminder("asked", action="fill in the form")
    lost = an_undelivered()

    ordered = in_order([young, old, promised, asked, lost, young])

    assert ordered == (lost, asked, promised, old, young)


def test_numbers_name_the_threads_in_order() -> None:
    digest = Digest(person="me", reminders=(an_undelivered(), a_reminder()), situation=SITUATION)

    assert digest.threads == {1: "threadlost", 2: "threadaxxx"}


def test_a_digest_id_depends_on_the_keys_and_not_on_their_order() -> None:
    a, b = a_reminder("a").key, a_reminder("b").key

    assert digest_id("home", "me", [a, b]) == digest_id("home", "me", [b, a])
    different = {
        digest_id("home", "me", [a, b]),
        digest_id("home", "me", [a]),
        digest_id("work", "me", [a]),
        digest_id("home", "you", [a]),
        digest_id("home", "me", [a], instead_of=["x"]),
    }
    assert len(different) == 5


def test_an_event_id_is_unique_by_target_and_person() -> None:
    key = a_reminder().key

    ids = {event_id(target, person, key) for target in "xy" for person in ("me", "you")}

    assert len(ids) == 4
    assert all(str(key) in id for id in ids)


def test_the_same_alert_has_one_id_a_day() -> None:
    trouble = [Trouble(what="x")]

    assert health_id("home", "me", trouble, date(2026, 6, 1)) == health_id(
        "home", "me", trouble, date(2026, 6, 1)
    )
    assert health_id("home", "me", trouble, date(2026, 6, 1)) != health_id(
        "home", "me", trouble, date(2026, 6, 2)
    )


def test_a_message_id_is_the_same_for_a_delivery_and_unguessable_without_the_secret() -> None:
    first = reminder_message_id(b"secret", "digest|1")

    assert first == reminder_message_id(b"secret", "digest|1")
    assert first != reminder_message_id(b"other", "digest|1")
    assert first != reminder_message_id(b"secret", "digest|2")
    assert first.endswith(f"@{REMINDER_DOMAIN}")
    assert len(first.partition("@")[0]) == 64


def _verdict(*waits: Wait) -> Verdict:
    thread = Thread(
        council_mailbox=CouncilMailbox(address=COUNCIL, body="kent.gov.uk"),
        root="a@example.org",
        placed=(),
    )
    return Verdict(
        thread=thread,
        status=Status.ANSWERED,
        as_of=AS_OF,
        reason="",
        wait=waits[-1] if waits else None,
        waits=waits,
    )


def _message(name: str) -> Message:
    return Message(message_id=f"{name}@example.org", at=AS_OF - timedelta(days=30))


def test_an_answer_is_told_only_of_waits_that_were_reminded_of() -> None:
    told = FiledReminder(reminder=a_reminder("a"), filed_at=AS_OF)
    answered = Wait(unanswered=_message("a"), answered_at=AS_OF)
    open_still = Wait(unanswered=_message("a"))
    never_told = Wait(unanswered=_message("b"), answered_at=AS_OF)

    assert newly_answered([_verdict(open_still)], [told]) == ()
    assert newly_answered([_verdict(never_told)], [told]) == ()
    (found,) = newly_answered([_verdict(answered, never_told)], [told])
    assert found.key == replace(told.reminder.key, step="answered")
    assert found.answered_at == AS_OF


def test_an_answer_after_a_merge_keeps_the_key_of_the_first_reminder() -> None:
    """The older message turned up later; the receiver knows the wait by the first reminder."""
    first = FiledReminder(reminder=a_reminder("b"), filed_at=AS_OF - timedelta(days=9))
    second = FiledReminder(
        reminder=a_reminder("a", key_step="overdue-2"), filed_at=AS_OF - timedelta(days=2)
    )
    merged = Wait(unanswered=_message("a"), chasers=(_message("b"),), answered_at=AS_OF)

    (found,) = newly_answered([_verdict(merged)], [second, first])

    assert found.key.unanswered == "b@example.org"
    event = json.loads(write_answered(found, person="me", as_of=AS_OF, at=AS_OF))
    assert event["type"] == "thread.answered"
    assert event["id"] == str(found.key)
    assert event["data"]["status"] == "answered"
    assert event["data"]["answered_at"] == "2026-06-01T09:00:00+01:00"
    assert "next_step" not in event["data"]
