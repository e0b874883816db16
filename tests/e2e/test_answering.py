"""Answering a reminder, writing the next letter, and the calendar, with the real program."""

from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar

from tests.e2e.household import ANY_TIME, Household, days_ago
from tests.servers.smtp import SmtpServer


def reminded(household: Household, smtp: SmtpServer) -> str:
    """Configure, remind of two questions, and return the Message-ID of the reminder."""
    household.configure(
        *ANY_TIME,
        f"remind_from = {date.today() - timedelta(days=200)}",  # noqa: DTZ011
        "[email]",
        f'to = ["{household.address}"]',
        f'host = "{smtp.host}"',
        f"port = {smtp.port}",
        'security = "plain"',
    )
    household.asks("When is the review?", days=40, message_id="q1@example.org")
    household.asks("Which school will it be?", days=39, message_id="q2@example.org")
    for stage in ("poll", "review", "remind"):
        household.must(stage)
    (sent,) = smtp.received
    text = sent.message.get_body(("plain",))
    assert text is not None
    assert "snooze 1 14" in text.get_content()
    return str(sent.message["Message-ID"]).strip("<>")


def answer(household: Household, text: str, *, to: str, folder: str, message_id: str) -> None:
    raw = household.mail(
        sender=household.address,
        to=household.address,
        subject="Re: Ask for a reply",
        text=f"{text}\n\nOn Monday inboxwatch wrote:\n> stop 1\n> stop 2\n",
        at=days_ago(0),
        message_id=message_id,
        answers=to,
    )
    household.put(raw, days_ago(0), folder)


def statuses(household: Household) -> dict[str, str]:
    return {t["subject"]: t["status"] for t in household.threads()}


def test_an_answer_in_sent_acts_and_one_that_only_says_so_does_not(
    household: Household, start_smtp: Callable[..., SmtpServer]
) -> None:
    reminder = reminded(household, start_smtp())
    answer(household, "stop 1", to=reminder, folder="INBOX", message_id="forged@example.org")
    answer(household, "done 2", to=reminder, folder="Sent", message_id="mine@example.org")
    household.must("poll")
    household.must("review")
    household.must("review")
    assert statuses(household) == {
        "When is the review?": "overdue",
        "Which school will it be?": "closed",
    }
    assert household.must("undo", "--list").count("in answer to a reminder") == 1
    household.must("undo")
    assert statuses(household)["Which school will it be?"] == "overdue"


def test_the_next_letter_is_written_linked_and_saved_and_never_sent(
    household: Household, start_smtp: Callable[..., SmtpServer]
) -> None:
    smtp = start_smtp()
    reminded(household, smtp)
    thread = next(t["id"] for t in household.threads() if "review" in t["subject"])
    printed = household.run("draft", thread)
    assert "I have not found a reply" in printed.out
    assert "not legal advice" in printed.err
    link = household.must("draft", thread, "--step", "firm", "--mailto")
    assert link.startswith("mailto:send@kent.gov.uk?subject=Re%3A%20When")
    assert "saved in Drafts of home" in household.must("draft", thread, "--save")
    assert household.run("draft", thread, "--save", "--mailto").code == 2
    with household.server.login(household.user) as client:
        client.select_folder("Drafts", readonly=True)
        (uid,) = client.search()
        raw = client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
    mail = message_from_bytes(raw, policy=default)
    assert mail["In-Reply-To"] == "<q1@example.org>"
    assert mail["From"] == household.address
    assert len(smtp.received) == 1


def test_events_cases_and_the_calendar(
    household: Household, start_smtp: Callable[..., SmtpServer]
) -> None:
    reminded(household, start_smtp())
    thread = next(t["id"] for t in household.threads() if "review" in t["subject"])
    household.must("clock", thread, "sar")
    household.must("event", thread, f"id-asked={days_ago(30).date()}")
    assert "stands still" in household.must("explain", thread)
    assert household.run("event", thread, "id-asked=soon").code == 2
    household.must("case", thread, "Sam")
    assert "in case 'Sma'; there are: Sam" in household.run("pause", "--case", "Sma").err
    assert "about 'Sam' are paused" in household.must("pause", "--case", "Sam")
    assert "will come again" in household.must("resume", "--case", "Sam")
    first = household.must("export", "--format", "ics")
    assert first == household.must("export", "--format", "ics")
    events = Calendar.from_ical(first).walk("VEVENT")
    titles = {str(event["summary"]).partition(":")[0] for event in events}
    assert {"Reply due", "Your last day"} <= titles


@pytest.mark.parametrize(
    ("watch", "greeting"),
    [
        ("kent.gov.uk", "Dear Kent County Council team,"),
        ("school.example", "Dear team,"),
        ("office@school.example", "Dear team,"),
    ],
)
def test_a_letter_addresses_nobody_by_a_domain(
    household: Household, watch: str, greeting: str
) -> None:
    household.configure(watch=f'"{watch}"')
    to = "send@kent.gov.uk" if watch == "kent.gov.uk" else "office@school.example"
    household.asks("When is the review?", days=30, message_id="q@example.org", to=to)
    household.must("poll")
    (thread,) = household.threads()

    assert greeting in household.must("draft", thread["id"]).splitlines()
