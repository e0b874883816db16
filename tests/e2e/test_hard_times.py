"""Disks that fill up and clocks that jump: told plainly, nothing lost, nothing claimed falsely."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from inboxwatch.bootstrap import App, open_app
from inboxwatch.bootstrap.examining import examine
from tests.e2e.household import ANY_TIME, Household, clean_environment
from tests.servers.smtp import SmtpServer

ROOM = 48 * 1024  # bytes a file may grow to: the journal takes less than a batch of this mail
QUESTIONS = 30
LONG_AGO = "remind_from = 2000-01-01"


def small_disk() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


def unmeasured(home: Path) -> dict[str, str]:
    """An environment without coverage, which could not write its own files on a full disk."""
    known = clean_environment(home)
    return {name: value for name, value in known.items() if not name.startswith("COVERAGE_")}


def start(household: Household, *words: str, log: Path, full: bool) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "inboxwatch", "--config", household.config, *words],
            stdout=out,
            stderr=out,
            env=unmeasured(household.folder),
            cwd=household.folder,
            preexec_fn=small_disk if full else None,
        )


def ask_much(household: Household, count: int = QUESTIONS) -> None:
    for number in range(count):
        household.asks(
            f"Question {number}: " + "when will the plan be ready? " * 4,
            days=40,
            message_id=f"q{number}@example.org",
        )


def test_a_full_disk_is_told_and_everything_is_read_once_there_is_room(
    household: Household, tmp_path: Path
) -> None:
    household.must("poll")
    ask_much(household)
    log = tmp_path / "log"

    assert start(household, "poll", log=log, full=True).wait(60) == 4

    said = log.read_text()
    assert "full" in said
    assert "Free some space" in said
    assert "Traceback" not in said
    household.must("poll")
    assert len(household.threads()) == QUESTIONS


def test_a_service_outlives_a_full_disk(
    household: Household, start_smtp: Callable[..., SmtpServer], tmp_path: Path
) -> None:
    """It says so and goes on trying; with room again one reminder of everything goes out."""
    smtp = start_smtp()
    household.configure(
        *ANY_TIME,
        LONG_AGO,
        "[email]",
        f'to = ["{household.address}"]',
        f'host = "{smtp.host}"',
        f"port = {smtp.port}",
        'security = "plain"',
        "[service]",
        "poll_every_minutes = 0.02",
    )
    household.must("poll")
    ask_much(household)
    log = tmp_path / "log"
    service = start(household, "run", log=log, full=True)
    end = time.monotonic() + 60
    while "full" not in log.read_text():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)
    assert service.poll() is None
    service.send_signal(signal.SIGTERM)
    assert service.wait(20) == 0, log.read_text()
    assert "Traceback" not in log.read_text()
    assert smtp.received == ()

    service = start(household, "run", log=log, full=False)
    try:
        (mail,) = smtp.wait_for(1, seconds=90)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(20)
    assert b"Question 0" in mail.content
    assert len(household.threads()) == QUESTIONS


def test_a_folder_that_cannot_be_written_is_found_by_doctor(
    household: Household, tmp_path: Path
) -> None:
    household.must("poll")
    program = "\n".join(
        [
            "import resource",
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM}, {ROOM}))",
            "from inboxwatch.entrypoints.cli import main",
            "main()",
        ]
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, "--config", str(household.config), "doctor"],
        capture_output=True,
        text=True,
        env=unmeasured(household.folder),
        timeout=60,
        check=False,
    )
    assert ran.returncode == 7, ran.stdout + ran.stderr
    assert "✗ disk: nothing can be written to" in ran.stdout
    assert "Make room" in ran.stdout


class Elsewhen(App):
    """The program under a clock that is wrong by some days."""

    days: float = 0

    def now(self) -> datetime:
        return super().now() + timedelta(days=self.days)


@pytest.fixture
def app(household: Household, start_smtp: Callable[..., SmtpServer]) -> Iterator[Elsewhen]:
    """A question of a week ago, due after ten working days; reminders may come at any time."""
    smtp = start_smtp()
    household.configure(
        *ANY_TIME,
        LONG_AGO,
        "[email]",
        f'to = ["{household.address}"]',
        f'host = "{smtp.host}"',
        f"port = {smtp.port}",
        'security = "plain"',
    )
    household.asks("When is the review?", days=7, message_id="q1@example.org")
    opened = open_app(household.config, migrate=True)
    made = Elsewhen(settings=opened.settings, config=opened.config, store=opened.store)
    yield made
    made.close()


def cycle(app: Elsewhen) -> tuple[str, int]:
    """Poll, review and remind; return the thread's status and how many mails went out."""
    app.poll("home")
    app.review_if_changed("me")
    sent = len(app.remind().sent)
    return status(app), sent


def status(app: Elsewhen) -> str:
    verdicts = app.picture("me").verdicts
    return verdicts[0].status.value if verdicts else "nothing"


def test_a_clock_set_back_takes_no_claim_from_the_future_along(app: Elsewhen) -> None:
    app.days = 30
    assert cycle(app) == ("overdue", 1)  # as far as anybody could know

    app.days = 0
    assert status(app) == "waiting"  # at once, before anything is read again
    assert any(f.about == "clock" and "Check date and time" in f.remedy for f in examine(app))
    assert cycle(app) == ("waiting", 0)
    assert not any(f.about == "clock" for f in examine(app))


def test_a_clock_that_jumps_to_and_fro_reminds_once(app: Elsewhen) -> None:
    sent = 0
    for days in (0, 30, 0, 30, -3, 30, 0):
        app.days = days
        sent += cycle(app)[1]
    assert sent == 1


def test_a_clock_far_in_the_past_claims_nothing_and_recovers(app: Elsewhen) -> None:
    """As on a small computer without a battery, before it has asked for the time."""
    app.days = -9_000
    assert cycle(app) == ("nothing", 0)
    app.days = 30
    assert cycle(app) == ("overdue", 1)


def test_a_clock_that_jumps_a_year_deletes_nothing_that_is_kept_for_a_year(
    household: Household,
) -> None:
    household.configure("[store]", "retention_months = 12")
    household.asks("When is the review?", days=30, message_id="q1@example.org")
    household.hears(
        "Re: review",
        "It is on 3 March.",
        days=20,
        message_id="a1@kent.gov.uk",
        answers="q1@example.org",
    )
    opened = open_app(household.config, migrate=True)
    app = Elsewhen(settings=opened.settings, config=opened.config, store=opened.store)
    try:
        assert cycle(app) == ("answered", 0)
        for days in (0, 1, 400, 400.1, 2, 2.2, 420):
            app.days = days
            assert app.retain() == 0, days
            assert status(app) == "answered"
        app.days = 421  # the clock says so for a day: a year has passed indeed
        assert app.retain() == 2
    finally:
        app.close()
