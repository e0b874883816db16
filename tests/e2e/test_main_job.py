"""The main job, as a parent lives it: asked, ignored, reminded, answered, at peace."""

import base64
import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta

from tests.e2e.household import ANY_TIME, Household
from tests.servers.http import HttpServer
from tests.servers.smtp import SmtpServer

QUESTION = "asked-1@example.org"
SUBJECT = "Request for an EHC needs assessment"
SECRET = "whsec_" + base64.b64encode(b"a secret that is long enough!").decode()


def watched(household: Household, smtp: SmtpServer, http: HttpServer) -> None:
    (household.folder / "hook-secret").write_text(SECRET)
    household.configure(
        *ANY_TIME,
        f"remind_from = {date.today() - timedelta(days=200)}",  # noqa: DTZ011
        "[email]",
        f'to = ["{household.address}"]',
        f'host = "{smtp.host}"',
        f"port = {smtp.port}",
        'security = "plain"',
        "[webhooks.hub]",
        f'url = "{http.url}/hook"',
        'secret_file = "hook-secret"',
    )


def test_from_silence_to_a_reminder_to_an_answer(
    household: Household, start_smtp: Callable[..., SmtpServer], http_server: HttpServer
) -> None:
    smtp = start_smtp()
    watched(household, smtp, http_server)
    household.asks(SUBJECT, days=40, message_id=QUESTION)
    household.hears(
        f"Automatic reply: {SUBJECT}",
        "Thank you for your email, which has been received. We aim to respond in 20 working days.",
        days=39.99,
        message_id="auto-1@kent.gov.uk",
        answers=QUESTION,
        sender="send@kent.gov.uk",
        headers=(("Auto-Submitted", "auto-replied"),),
    )

    household.must("poll")
    household.must("review")
    household.must("remind")

    (thread,) = household.threads()
    assert thread["status"] == "overdue"
    assert thread["acknowledged_at"] is not None
    assert thread["answered_at"] is None
    assert thread["unanswered"]["message_id"] == QUESTION
    (mail,) = smtp.wait_for(1)
    assert SUBJECT in mail.content.decode("utf-8", "replace")
    assert list(mail.recipients) == [household.address]
    (hook,) = http_server.wait_for(1)
    event = json.loads(hook.body)
    assert event["type"] == "thread.overdue"
    assert QUESTION in hook.headers["webhook-id"]
    rows = list(csv.DictReader(io.StringIO(household.must("export").lstrip("\ufeff"))))
    assert [row["subject"] for row in rows] == [SUBJECT]
    assert household.run("list", "--exit-code").code == 10

    household.hears(
        f"RE: {SUBJECT}",
        "Dear parent,\n\nwe have decided to assess. You will get the letter this week.\n\nJane Doe",
        days=0.001,
        message_id="human-1@kent.gov.uk",
        answers=QUESTION,
    )
    for _ in range(2):
        household.must("poll")
        household.must("review")
        household.must("remind")

    (thread,) = household.threads()
    assert thread["status"] == "answered"
    assert len(smtp.received) == 1
    told = [json.loads(r.body)["type"] for r in http_server.wait_for(2)]
    assert told == ["thread.overdue", "thread.answered"]
    assert household.run("list", "--exit-code").code == 0
    rows = list(csv.DictReader(io.StringIO(household.must("export").lstrip("\ufeff"))))
    assert rows == []


def test_a_reply_in_junk_counts_and_says_where_it_is(household: Household) -> None:
    household.asks(SUBJECT, days=40, message_id=QUESTION)
    household.hears(
        f"RE: {SUBJECT}",
        "Dear parent,\n\nthe panel agreed on Tuesday and I will write to the school.\n\nJane",
        days=3,
        message_id="junk-1@kent.gov.uk",
        answers=QUESTION,
        folder="Junk",
    )
    household.must("poll")
    (thread,) = household.threads()
    assert thread["status"] == "answered"
    assert any("Junk" in note for note in thread["notes"])


def test_a_persons_word_is_kept_shown_and_taken_back(household: Household) -> None:
    household.asks(SUBJECT, days=40, message_id=QUESTION)
    household.must("poll")
    thread = household.threads()[0]["id"]
    household.must("mark", thread, "answered", "--note", "they rang")
    assert household.threads()[0]["status"] == "closed"
    assert "they rang" in household.must("explain", thread)
    household.must("undo")
    assert household.threads()[0]["status"] == "overdue"
    household.must("log", thread, "--phone", "said Friday")
    household.must("case", thread, "A.H.")
    household.must("clock", thread, "sar")
    household.must("snooze", thread, "--until", "2099-01-01")
    shown = household.must("explain", thread)
    assert "said Friday" in shown
    assert "A.H." in shown
    assert "sar" in shown
    assert household.threads()[0]["case"] == "A.H."
    assert len(json.loads(household.must("undo", "--list", "--json"))) == 5


def test_a_wrong_word_of_ours_never_reaches_the_council(
    household: Household, start_smtp: Callable[..., SmtpServer]
) -> None:
    """A reminder addressed to a watched body is refused before anything is sent."""
    smtp = start_smtp()
    household.configure(
        "[email]",
        'to = ["send@kent.gov.uk"]',
        f'host = "{smtp.host}"',
        f"port = {smtp.port}",
        'security = "plain"',
    )
    household.asks(SUBJECT, days=40, message_id=QUESTION)
    household.must("poll")
    ran = household.run("remind")
    assert ran.code == 5
    assert "kent.gov.uk" in ran.err
    assert len(smtp.received) == 0
