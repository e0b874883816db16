"""What the commands say of mail, decisions and mistakes, over a real mailbox."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.e2e.household import Household

TURNED = "plan\u202egnp.exe"


@pytest.fixture
def asked(household: Household) -> Household:
    """One question whose subject turns the reading direction, polled."""
    household.asks(TURNED, days=40, message_id="q1@example.org")
    household.must("poll")
    return household


def test_a_subject_never_turns_the_reading_direction_of_the_terminal(asked: Household) -> None:
    (thread,) = asked.threads()
    assert thread["subject"] == TURNED  # scripts get what was written
    for words in (("mark", thread["id"], "answered"), ("show", thread["id"]), ("undo",)):
        assert "\u202e" not in asked.must(*words)
    assert "\\u202e" in asked.must("list", "--json")


def test_a_mistyped_case_or_body_does_not_look_like_peace(asked: Household) -> None:
    (thread,) = asked.threads()
    asked.must("case", thread["id"], "Sam")
    for words in (("list",), ("export",), ("stats",)):
        ran = asked.run(*words, "--case", "Smm", "--body", "kent")
        assert ran.code == 0
        assert "no thread is in case 'Smm'; there are: Sam" in ran.err
        assert "no thread is with body 'kent'; there are: kent.gov.uk" in ran.err
        assert "no thread is" not in asked.run(*words, "--case", "Sam").err


@pytest.mark.parametrize("words", [("snooze", "x"), ("pause",)], ids=lambda words: words[0])
def test_a_day_that_is_none_is_answered_with_how_to_write_one(
    household: Household, words: tuple[str, ...]
) -> None:
    ran = household.run(*words, "--until", "tomorrow")
    assert ran.code == 2
    assert "'tomorrow' is no day. Write it like 2026-06-30." in ran.err


def test_the_way_to_a_messages_id_leads_there(asked: Household) -> None:
    (thread,) = asked.threads()
    ran = asked.run("classify-as", "nope@example.org", "human")
    assert ran.code == 2
    assert "show THREAD --text" in ran.err
    assert "<q1@example.org>" in asked.must("show", thread["id"], "--text")


def test_decisions_are_listed_with_days_a_person_reads(asked: Household) -> None:
    (thread,) = asked.threads()
    asked.must("log", thread["id"], "--phone", "they said Friday")
    listed = asked.must("undo", "--list")
    (decision,) = json.loads(asked.must("undo", "--list", "--json"))
    assert decision["at"] not in listed
    assert "they said Friday" in listed


def test_a_poll_that_could_not_read_everything_fails(household: Household) -> None:
    """A script that goes by the exit code must not take half a mailbox for a whole one."""
    broken = household.server.home(household.user) / "Maildir" / ".Junk" / "cur"
    shutil.rmtree(broken)
    broken.write_text("no folder")
    ran = household.run("poll")
    assert ran.code == 3
    assert "not complete" in ran.out
    assert "Junk" in ran.err


@pytest.mark.parametrize("kind", ["csv", "pdf", "bundle"])
def test_an_export_that_cannot_be_written_says_why(asked: Household, kind: str) -> None:
    ran = asked.run("export", "--format", kind, "-o", "mail-password/list")
    assert ran.code == 2
    assert "mail-password/list cannot be written: Not a directory" in ran.err
    assert "Traceback" not in ran.err


def test_linking_says_where_the_thread_stands_now_and_what_settles_it(asked: Household) -> None:
    """Mail that nobody signed stays in doubt in its thread, too: that must not go unnoticed."""
    loose = "Dear parent, just to let you know that we will meet next week about the plan."
    asked.hears("Hello", loose, days=2, message_id="s1@kent.gov.uk", sender="t@kent.gov.uk")
    asked.asks("Another question", days=30, message_id="q2@example.org")
    asked.must("poll")
    (first,) = [t for t in asked.threads() if t["subject"] == TURNED]
    said = asked.must("link", "s1@kent.gov.uk", first["id"])
    assert "now: for you to look at" in said
    settles = said.splitlines()[-1].partition(": inboxwatch ")[2].split()
    asked.must(*settles)
    (first,) = [t for t in asked.threads() if t["subject"] == TURNED]
    assert first["status"] == "answered"
