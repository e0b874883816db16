"""`sign-in` leads a person through it, and proves it by logging in to the mail server."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inboxwatch.entrypoints.cli import main
from tests.servers.certificates import Certificates
from tests.servers.dovecot import DovecotServer, User
from tests.servers.tokens import TokenServer, browse, last_address

RUN = "from inboxwatch.entrypoints.cli import main; main()"


class Command:
    """The program in a process of its own, read line by line."""

    def __init__(self, folder: Path, *words: str) -> None:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("INBOXWATCH_")
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, *words],
            cwd=folder,
            env={**environment, "PYTHONUNBUFFERED": "1", "XDG_CONFIG_HOME": str(folder / "none")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.text = ""

    def until(self, pattern: str) -> re.Match[str]:
        """Read on to a line with the pattern."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.text += line
            found = re.search(pattern, line)
            if found is not None:
                return found
        raise AssertionError(f"no {pattern!r} in:\n{self.text}")

    def finish(self, typed: str = "") -> int:
        """Type the rest, read to the end, and give the exit code."""
        self.text += self.process.communicate(typed, timeout=60)[0]
        return self.process.returncode


@pytest.fixture
def service(
    certificates: Certificates, dovecot: DovecotServer, mail_user: User
) -> Iterator[TokenServer]:
    """A sign-in service whose tokens Dovecot takes."""
    server = TokenServer(
        certificates=certificates,
        issue=lambda user: dovecot.token(User(name=user, password=""), jti=str(len(server.forms))),
    )
    server.behaviour.user = mail_user.name
    server.start()
    yield server
    server.stop()


@pytest.fixture
def folder(
    tmp_path: Path,
    certificates: Certificates,
    dovecot: DovecotServer,
    mail_user: User,
    service: TokenServer,
) -> Path:
    """A folder with a configuration of one account at each provider, and one with a password."""
    trusted = tmp_path / "authorities.pem"
    trusted.write_bytes(
        certificates.authority.read_bytes() + dovecot.certificates.authority.read_bytes()
    )
    lines = ['watch = ["kent.gov.uk"]', f"data_folder = {json.dumps(str(tmp_path / 'data'))}"]
    for provider in ("microsoft", "google", "password"):
        lines += [
            f"[accounts.{provider}]",
            f'address = "{mail_user.name}"',
            f'host = "{dovecot.host}"',
            f"port = {dovecot.tls_port}",
            f'sign_in = "{provider}"',
            f"ca_file = {json.dumps(str(trusted))}",
        ]
        if provider != "password":
            authority = service.microsoft if provider == "microsoft" else service.google
            lines += ['oauth_client_id = "client-1"', f'oauth_authority = "{authority}"']
    (tmp_path / "inboxwatch.toml").write_text("\n".join(lines) + "\n")
    return tmp_path


@pytest.fixture
def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs the program here and gives its exit code and all that it said."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "none"))

    def go(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return go


@contextmanager
def running(folder: Path, *words: str) -> Iterator[Command]:
    command = Command(folder, *words)
    try:
        yield command
    finally:
        if command.process.poll() is None:
            command.process.kill()
        command.process.communicate()


def test_microsoft_by_a_code_typed_on_any_device(
    run: Callable[..., tuple[int, str]], service: TokenServer, mail_user: User
) -> None:
    service.behaviour.device_answers.append("authorization_pending")
    code, text = run("sign-in", "microsoft")
    assert code == 0, text
    assert "open this page:  https://microsoft.com/devicelogin" in text
    assert "Type this code there:  ABCD-EFGH" in text
    assert f"Sign in as {mail_user.name} and say yes" in text
    assert "That works:" in text
    assert "Next: inboxwatch doctor" in text
    assert not any(secret in text for secret in service.secrets)


def test_signing_in_is_enough_for_a_later_run(
    run: Callable[..., tuple[int, str]], service: TokenServer
) -> None:
    assert run("sign-in", "microsoft")[0] == 0
    code, text = run("poll", "--account", "microsoft")
    assert code == 0, text
    service.revoke()
    code, text = run("poll", "--account", "microsoft")
    assert code == 3
    assert "Sign in again: inboxwatch sign-in microsoft" in text


def test_google_by_a_browser_on_this_machine(
    folder: Path, service: TokenServer, certificates: Certificates
) -> None:
    with running(folder, "sign-in", "google", "--no-paste") as command:
        page = command.until(r"(http://127\.0\.0\.1:\d+/)")[1]
        status, text = browse(page, certificates.client_context())
        assert command.finish() == 0, command.text
    assert status == 200
    assert "You can close this page" in text
    assert "That works:" in command.text


def test_google_by_pasting_where_the_browser_ended(
    folder: Path, service: TokenServer, certificates: Certificates
) -> None:
    with running(folder, "sign-in", "google", "--paste") as command:
        page = command.until(r"(https://localhost:\S+)")[1]
        ended = last_address(page, certificates.client_context())
        assert command.finish(f"nonsense\n{ended}\n") == 0, command.text
    assert "try once more" in command.text
    assert "That works:" in command.text


def test_a_no_is_told_with_the_way_on(
    run: Callable[..., tuple[int, str]], service: TokenServer
) -> None:
    service.behaviour.device_answers.append("authorization_declined")
    code, text = run("sign-in", "microsoft")
    assert code == 3
    assert "the answer on the page was no" in text
    assert "inboxwatch sign-in microsoft" in text


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """Let programs started here heed Ctrl-C, also where a shell has put the tests behind."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_ctrl_c_changes_nothing(folder: Path, service: TokenServer) -> None:
    service.behaviour.device_answers.extend(["authorization_pending"] * 100)
    with running(folder, "sign-in", "microsoft") as command:
        command.until("Waiting")
        command.process.send_signal(signal.SIGINT)
        assert command.finish() == 130
    assert "Nothing was changed" in command.text
    assert "Traceback" not in command.text
    assert not list(folder.rglob("*.token"))


def test_a_sign_in_of_somebody_else_is_noticed(
    run: Callable[..., tuple[int, str]], service: TokenServer
) -> None:
    service.behaviour.user = "neighbour@example.org"
    code, text = run("sign-in", "microsoft")
    assert code == 3
    assert "You signed in as neighbour@example.org" in text
    assert "is IMAP on in its mail settings?" in text


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["password"], "logs in with a password"),
        (["nobody"], "there is no account 'nobody'"),
        ([], "several accounts sign in this way"),
    ],
)
def test_a_wrong_account_is_told_plainly(
    run: Callable[..., tuple[int, str]], words: list[str], problem: str
) -> None:
    code, text = run("sign-in", *words)
    assert code == 2
    assert problem in text
