"""The service: starts, works by itself, says how it is, stops cleanly, and keeps its mouth shut."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from tests.e2e.household import ANY_TIME, Household, clean_environment
from tests.servers.smtp import SmtpServer

CANARIES = ("canary-in-a-subject", "canary-in-a-body", "canary-password", "canary-sender")


@contextmanager
def service(household: Household, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `inboxwatch run`; killed at the end if it still runs."""
    with log.open("wb") as err:
        process = start(household, err)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(30)


def start(household: Household, err: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "inboxwatch", "--config", str(household.config), "run"],
        stdout=err,
        stderr=err,
        env=clean_environment(household.folder),
        cwd=household.folder,
    )


def eventually(check: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.2)
    return False


def ready(household: Household, smtp: SmtpServer | None = None, *more: str) -> None:
    email = (
        ()
        if smtp is None
        else (
            "[email]",
            f'to = ["{household.address}"]',
            f'host = "{smtp.host}"',
            f"port = {smtp.port}",
            'security = "plain"',
        )
    )
    household.configure(
        *ANY_TIME,
        f"remind_from = {date.today() - timedelta(days=200)}",  # noqa: DTZ011
        *email,
        "[service]",
        "poll_every_minutes = 0.05",
        *more,
    )


def test_it_reminds_by_itself_and_stops_cleanly(
    household: Household, start_smtp: Callable[..., SmtpServer], tmp_path: Path
) -> None:
    smtp = start_smtp()
    ready(household, smtp)
    household.asks("When is the review?", days=40, message_id="q1@example.org")
    log = tmp_path / "service.log"
    with service(household, log) as process:
        assert smtp.wait_for(1, seconds=90), log.read_text()
        health = household.folder / "data" / "health.json"
        assert eventually(lambda: health.exists() and '"ok"' in health.read_text())
        assert household.must("doctor", "--health").startswith("the service is running: ok")
        second = household.run("run")
        assert second.code == 2
        assert "already running" in second.err
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0, log.read_text()
    assert len(smtp.received) == 1
    assert "Traceback" not in log.read_text()
    (thread,) = household.threads()
    assert thread["status"] == "overdue"


def test_the_first_poll_is_told_and_those_that_find_nothing_are_not(
    household: Household, tmp_path: Path
) -> None:
    ready(household)
    log = tmp_path / "service.log"
    with service(household, log):
        assert eventually(lambda: "account home: 0 new council messages" in log.read_text())
        time.sleep(7)  # two polls more
    assert log.read_text().count("new council message") == 1


def test_no_secret_and_no_word_of_mail_is_logged_at_any_level(
    household: Household, start_smtp: Callable[..., SmtpServer], tmp_path: Path
) -> None:
    smtp = start_smtp(login=("user", "canary-password"))
    ready(household, smtp)
    text = household.config.read_text().replace(
        'after = "10wd"', 'after = "10wd"\nlog_level = "debug"'
    )
    text = text.replace(
        'security = "plain"',
        'security = "plain"\nusername = "user"\npassword_file = "smtp-password"',
    )
    household.config.write_text(text)
    (household.folder / "smtp-password").write_text("canary-password")
    household.asks("canary-in-a-subject", days=40, message_id="q1@example.org")
    household.hears(
        "Re: canary-in-a-subject",
        "canary-in-a-body",
        days=39,
        message_id="a1@kent.gov.uk",
        answers="q1@example.org",
        sender="canary-sender <send@kent.gov.uk>",
        headers=(("Auto-Submitted", "auto-replied"),),
    )
    log = tmp_path / "service.log"
    with service(household, log) as process:
        assert smtp.wait_for(1, seconds=90), log.read_text()
        process.send_signal(signal.SIGTERM)
        process.wait(40)
    written = log.read_text()
    assert written
    for canary in (*CANARIES, household.user.password + "\n"):
        assert canary not in written


def test_a_stalled_poll_turns_nothing_overdue_and_raises_an_alert(
    household: Household, start_smtp: Callable[..., SmtpServer], tmp_path: Path
) -> None:
    smtp = start_smtp()
    ready(household, smtp, "stalled_after_hours = 0.0005")
    household.asks("When is the review?", days=1, message_id="q1@example.org")
    household.must("poll")
    (household.folder / "mail-password").write_text("no longer right\n")
    ran = household.run("poll")
    assert ran.code == 3
    assert "password" in ran.err
    log = tmp_path / "service.log"
    with service(household, log) as process:
        assert smtp.wait_for(1, seconds=90), log.read_text()
        process.send_signal(signal.SIGTERM)
        process.wait(40)
    (mail,) = smtp.received[:1]
    assert b"home" in mail.content
    (thread,) = household.threads()
    assert thread["status"] == "waiting"
    assert any(
        "has not been read" in notice
        for notice in json.loads(household.must("list", "--json"))["notices"]
    )


def test_backup_restore_purge_and_migrate_by_the_programs_own_commands(
    household: Household, tmp_path: Path
) -> None:
    household.asks("When is the review?", days=40, message_id="q1@example.org")
    household.hears(
        "Re: When is the review?",
        "Dear parent, it is on Tuesday the 4th. Jane",
        days=38,
        message_id="a1@kent.gov.uk",
        answers="q1@example.org",
    )
    household.asks("Who has my file?", days=20, message_id="q2@example.org")
    household.must("poll")
    before = household.must("list", "--json")
    household.must("backup", "-o", str(tmp_path / "copy.backup"))
    assert household.run("backup", "-o", str(tmp_path / "copy.backup")).code == 2
    assert household.run("purge", "--older-than", "7d", "--yes").code == 0
    assert [t["subject"] for t in household.threads()] == ["Who has my file?"]
    assert household.run("restore", str(tmp_path / "copy.backup")).code == 4
    household.must("restore", str(tmp_path / "copy.backup"), "--force")
    assert household.must("list", "--json") == before
    assert "up to date" in household.must("migrate")
    store = household.folder / "data" / "inboxwatch.db"
    assert store.stat().st_mode & 0o077 == 0


def test_a_config_with_three_mistakes_lists_three(household: Household) -> None:
    household.config.write_text('wach = ["x"]\nafter = 3\n[accounts.a]\nadress = "x"\n')
    ran = household.run("list")
    assert ran.code == 2
    assert ran.err.count("\n  - ") >= 3
    assert "Traceback" not in ran.err


def test_before_the_first_poll_nothing_is_claimed(household: Household) -> None:
    household.must("migrate")
    ran = household.run("list")
    assert ran.code == 3
    assert "inboxwatch poll" in ran.err
