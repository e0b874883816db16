"""Answers to reminders: acted on once, only when provably the user's, and always confirmed."""

from datetime import date, timedelta
from typing import Any

import pytest

from inboxwatch.application.digest import REMINDER_DOMAIN, Digest
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import FolderRole
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Status
from tests.builders import from_council, from_us
from tests.household import Household

MONDAY = "2026-03-23 09:05"


def ask(number: int, **changes: Any) -> Entry:
    given: dict[str, Any] = {
        "subject": f"Question {number} about transport",
        "own_text": f"Please tell me when the bus number {number} will come to our street.",
    }
    return from_us(f"2026-03-0{number} 09:00", f"q{number}@example.org", **(given | changes))


def reminded(questions: int = 2) -> tuple[Household, list[Entry], Digest]:
    """Somebody who was reminded of so many questions on a Monday morning."""
    home = Household()
    asked = [ask(number) for number in range(2, 2 + questions)]
    home.receive(*asked)
    (digest,) = home.cycle(MONDAY)
    assert [r.key.unanswered for r in digest.reminders] == [e.message_id for e in asked]
    return home, asked, digest


def notes_of(home: Household, when: str = "2026-03-30 09:05") -> tuple[str, ...]:
    """What the next digest, a week later, confirms."""
    (digest,) = home.cycle(when)
    return digest.situation.notes


def test_done_marks_the_numbered_thread_as_answered_and_the_next_digest_says_so() -> None:
    home, asked, _ = reminded()
    reply = home.answer("done 2")
    home.at("2026-03-23 10:00").review()
    assert home.verdict(asked[0]).status is Status.OVERDUE
    assert home.verdict(asked[1]).status is Status.CLOSED
    (override,) = home.overrides
    assert (override.verb, override.value, override.by) == (Verb.MARK, "answered", "reply")
    assert reply.message_id in override.note
    (note,) = notes_of(home)
    assert "2. “Question 3 about transport”: marked as answered" in note
    assert f"inboxwatch undo {override.id}" in note


def test_an_answer_is_acted_on_once() -> None:
    home, _, _ = reminded()
    home.answer("done 2")
    for _ in range(3):
        home.at("2026-03-23 10:00").review()
    assert len(home.overrides) == 1
    assert len(notes_of(home)) == 1
    assert home.cycle("2026-04-06 09:05") == []  # told, and nothing new


def test_without_a_number_the_only_thread_is_meant() -> None:
    home, (asked,), _ = reminded(1)
    home.answer("snooze 5")
    home.at("2026-03-23 10:00").review()
    assert home.verdict(asked).snoozed_until == date(2026, 3, 28)
    assert home.verdict(asked).status is Status.OVERDUE


def test_without_a_number_among_several_nothing_is_guessed() -> None:
    home, _, _ = reminded()
    home.answer("done")
    home.at("2026-03-23 10:00").review()
    assert home.overrides == ()
    (note,) = notes_of(home)
    assert "did not say which of the 2" in note


def test_several_commands_in_one_answer() -> None:
    home, asked, _ = reminded(3)
    home.answer("Hello,\n1 snooze until 2026-05-01\n2 called: they said Friday\nstop 3")
    home.at("2026-03-23 10:00").review()
    assert home.verdict(asked[0]).snoozed_until == date(2026, 5, 1)
    assert any("they said Friday" in note for note in home.verdict(asked[1]).notes)
    assert home.verdict(asked[1]).status is Status.OVERDUE
    assert home.verdict(asked[2]).status is Status.CLOSED


def test_auto_takes_a_reply_back_and_real_makes_one() -> None:
    home, asked, _ = reminded()
    receipt = from_council(
        "2026-03-23 09:10",
        to=asked[0],
        own_text="Dear parent, the bus comes at eight. This address is read by nobody.",
        headers=(("auto-submitted", "auto-replied"),),
    )
    reply = from_council(
        "2026-03-23 09:12", to=asked[1], own_text="Dear parent, the bus comes at eight. Jane Doe"
    )
    home.receive(receipt, reply)
    home.at("2026-03-23 09:20").review()
    assert home.verdict(asked[0]).status is Status.OVERDUE
    assert home.verdict(asked[1]).status is Status.ANSWERED
    home.answer("real 1\nauto 2")
    home.at("2026-03-23 10:20").review()
    assert home.verdict(asked[0]).status is Status.ANSWERED
    assert home.verdict(asked[1]).status is Status.OVERDUE
    assert {o.value for o in home.overrides} == {Kind.HUMAN.value, Kind.ACKNOWLEDGEMENT.value}


def test_auto_without_any_reply_says_that_there_is_none() -> None:
    home, _, _ = reminded()
    home.answer("auto 1\nreal 2")
    home.at("2026-03-23 10:00").review()
    assert home.overrides == ()
    assert all("nothing was done" in note for note in notes_of(home))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Could you tell me more?", "“Could you tell me more?” was not understood"),
        ("done 9", "names a number that the mail did not have"),
        ("Thanks!", "held no words"),
        ("snooze 1 until 2020-01-01", "is over"),
    ],
)
def test_what_is_not_understood_is_told_in_the_next_digest(text: str, said: str) -> None:
    home, _, _ = reminded()
    home.answer(text)
    home.at("2026-03-23 10:00").review()
    assert home.overrides == ()
    (note,) = notes_of(home)
    assert said in note


def test_a_note_comes_with_the_regular_digest_though_nothing_else_is_due() -> None:
    home, _, _ = reminded(1)
    home.answer("stop")
    assert home.cycle("2026-03-24 09:05") == []
    (digest,) = home.cycle(MONDAY.replace("23", "30"))
    assert digest.reminders == ()
    assert "no longer watched" in digest.situation.notes[0]


def test_the_copy_in_sent_is_the_proof() -> None:
    """A letter box anybody can post into proves nothing, whatever its From line says."""
    home, asked, _ = reminded()
    home.answer("done 1", roles=(FolderRole.INBOX,))
    home.at("2026-03-23 10:00").review()
    assert home.overrides == ()
    assert home.verdict(asked[0]).status is Status.OVERDUE


def test_the_copy_in_sent_may_come_later() -> None:
    home, asked, _ = reminded()
    reply = home.answer("done 1", roles=(FolderRole.INBOX,), message_id="reply@example.org")
    home.at("2026-03-23 10:00").review()
    home.answer("done 1", message_id=reply.message_id)
    home.at("2026-03-23 11:00").review()
    assert home.verdict(asked[0]).status is Status.CLOSED
    assert len(home.overrides) == 1


@pytest.mark.parametrize(
    ("result", "acted"),
    [
        ("mx.example.org; dmarc=pass header.from=example.org", 1),
        ("mx.evil.example; dmarc=pass header.from=example.org", 0),
        ("mx.example.org; dmarc=fail header.from=example.org", 0),
    ],
)
def test_a_trusted_server_may_vouch_instead(result: str, acted: int) -> None:
    home, _, _ = reminded()
    home.trusted = frozenset({"mx.example.org"})
    home.answer("done 1", roles=(FolderRole.INBOX,), headers=(("authentication-results", result),))
    home.at("2026-03-23 10:00").review()
    assert len(home.overrides) == acted


def test_a_message_id_that_we_did_not_make_is_nobodys() -> None:
    home, _, _ = reminded()
    guessed = f"{'a' * 64}@{REMINDER_DOMAIN}"
    home.answer("done 1", in_reply_to=(guessed,), references=(guessed,))
    home.at("2026-03-23 10:00").review()
    assert home.overrides == ()


def test_another_persons_address_and_an_automatic_reply_change_nothing() -> None:
    home, _, _ = reminded()
    home.answer("done 1", sender="stranger@example.com", roles=(FolderRole.INBOX,))
    home.answer("done 2", headers=(("auto-submitted", "auto-replied"),))
    home.at("2026-03-23 10:00").review()
    assert home.overrides == ()


def test_a_question_asked_after_the_answer_still_waits() -> None:
    """`done` speaks of the wait the user was reminded of, as of when it was written."""
    home, (asked,), _ = reminded(1)
    home.answer("done")
    new = from_us(
        home.now + timedelta(hours=2),
        subject="Re: Question 2 about transport",
        own_text="One more thing: which stop will it be?",
        in_reply_to=asked.message_id,
    )
    home.receive(new)
    home.at("2026-03-24 09:00").review()
    verdict = home.verdict(asked)
    assert verdict.status is Status.WAITING
    assert verdict.wait is not None
    assert verdict.wait.unanswered.message_id == new.message_id


def test_every_digest_can_be_answered_and_says_so() -> None:
    _, _, digest = reminded()
    assert digest.situation.answers_by_reply


def test_a_decision_by_reply_can_be_undone() -> None:
    home, asked, _ = reminded()
    home.answer("done 1")
    home.at("2026-03-23 10:00").review()
    (override,) = home.overrides
    with home.store.transaction() as tx:
        tx.undo_override("me", override.id, home.now)
    home.at("2026-03-23 11:00").review()
    assert home.verdict(asked[0]).status is Status.OVERDUE


def test_an_answer_to_a_mail_without_threads_says_so() -> None:
    home, _, _ = reminded(1)
    home.answer("stop")
    home.at("2026-03-30 09:05").review()
    home.remind()
    home.answer("done")
    (digest,) = home.cycle("2026-04-07 09:05")
    assert "without any thread" in digest.situation.notes[0]


def test_auto_looks_only_at_the_mailbox_the_reminder_was_about() -> None:
    """The question may have been purged since, or stand at another mailbox too."""
    home = Household()
    asked = ask(2, to=("complaints@kent.gov.uk", "send@medway.gov.uk"))
    home.receive(asked)
    (digest,) = home.cycle(MONDAY)
    assert len(digest.reminders) == 2
    home.answer("auto 1\nauto 2")
    home.at("2026-03-23 10:00").review()
    with home.store.transaction() as tx:
        tx.purge("me", [asked.message_id])
    home.answer("auto 1")
    home.at("2026-03-23 11:00").review()
    assert home.overrides == ()
