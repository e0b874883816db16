"""A household for end-to-end tests: a real mailbox, a configuration, the real program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from tests.servers.dovecot import DovecotServer, User

COUNCIL = "send@kent.gov.uk"


# The library writes a long id as an encoded word, which no mail program does.
_WHOLE_LINES = default.clone(max_line_length=900)


def days_ago(days: float) -> datetime:
    """A moment so many days before now, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What the program printed, and its exit code."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The printed JSON."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One parent: an account on Dovecot, a folder with the configuration."""

    server: DovecotServer
    user: User
    folder: Path

    @property
    def address(self) -> str:
        """The parent's address."""
        return "parent@example.org"

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "inboxwatch.toml"

    def configure(self, *more: str, watch: str = '"kent.gov.uk"') -> None:
        """Write a configuration; passwords go to files."""
        (self.folder / "mail-password").write_text(self.user.password + "\n")
        lines = [
            f"watch = [{watch}]",
            'after = "10wd"',
            f'data_folder = "{self.folder / "data"}"',
            "[accounts.home]",
            f'address = "{self.address}"',
            f'host = "{self.server.host}"',
            f"port = {self.server.tls_port}",
            f'username = "{self.user.name}"',
            'password_file = "mail-password"',
            f'ca_file = "{self.server.certificates.authority}"',
            *more,
        ]
        self.config.write_text("\n".join(lines) + "\n")

    def run(self, *words: str, input: str | None = None, timeout: float = 120) -> Ran:
        """Run the program as a user does."""
        done = subprocess.run(
            [sys.executable, "-m", "inboxwatch", "--config", str(self.config), *words],
            capture_output=True,
            text=True,
            timeout=timeout,
            input=input,
            env=clean_environment(self.folder),
            cwd=self.folder,
            check=False,
        )
        return Ran(code=done.returncode, out=done.stdout, err=done.stderr)

    def must(self, *words: str) -> str:
        """Run and expect success; return what was printed."""
        ran = self.run(*words)
        assert ran.code == 0, f"{words}: exit {ran.code}\n{ran.out}\n{ran.err}"
        return ran.out

    def threads(self) -> list[dict[str, Any]]:
        """What `list --json` says."""
        found: list[dict[str, Any]] = json.loads(self.must("list", "--json"))["threads"]
        return found

    def mail(
        self,
        *,
        sender: str,
        to: str,
        subject: str,
        text: str,
        at: datetime,
        message_id: str,
        answers: str = "",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> bytes:
        """The bytes of a mail."""
        mail = EmailMessage(policy=_WHOLE_LINES)
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<{message_id}>"
        if answers:
            mail["In-Reply-To"] = mail["References"] = f"<{answers}>"
        for name, value in headers:
            mail[name] = value
        mail.set_content(text)
        return mail.as_bytes()

    def put(self, raw: bytes, at: datetime, folder: str = "INBOX") -> None:
        """Deliver a mail into a folder of the account."""
        self.server.append(self.user, raw, folder=folder, at=at)

    def asks(self, subject: str, *, days: float, message_id: str, to: str = COUNCIL) -> None:
        """Send a question, so many days ago; it lies in Sent."""
        at = days_ago(days)
        raw = self.mail(
            sender=self.address,
            to=to,
            subject=subject,
            text="Dear SEND team,\n\nplease tell me when this will be decided.\n",
            at=at,
            message_id=message_id,
        )
        self.put(raw, at, "Sent")

    def hears(
        self,
        subject: str,
        text: str,
        *,
        days: float,
        message_id: str,
        answers: str = "",
        sender: str = "Jane Doe <jane.doe@kent.gov.uk>",
        headers: tuple[tuple[str, str], ...] = (),
        folder: str = "INBOX",
    ) -> None:
        """Receive a mail, so many days ago."""
        at = days_ago(days)
        raw = self.mail(
            sender=sender,
            to=self.address,
            subject=subject,
            text=text,
            at=at,
            message_id=message_id,
            answers=answers,
            headers=headers,
        )
        self.put(raw, at, folder)


def clean_environment(home: Path) -> dict[str, str]:
    """The environment without settings of this machine's own."""
    # Without its byte code the program would compile itself anew at every command.
    dropped = ("INBOXWATCH_", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    return {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "COLUMNS": "160"}


# Digests at any hour of any day: a test must not depend on when it runs.
ANY_TIME = (
    "[reminders]",
    "at_time = 00:00:00",
    "quiet_from = 00:00:00",
    "quiet_until = 00:00:00",
    "on_bank_holidays = true",
    'weekdays = ["monday","tuesday","wednesday","thursday","friday","saturday","sunday"]',
)
