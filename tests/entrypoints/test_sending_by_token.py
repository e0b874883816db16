"""Mail read and reminders sent with one sign-in; tokens void early; leave taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inboxwatch.bootstrap import App, open_app
from inboxwatch.domain.errors import MailSourceError, NotifierError
from inboxwatch.entrypoints.cli import main
from tests.adapters.notify.smtp_notifier import StartSmtp
from tests.builders_reminders import a_digest, a_reminder
from tests.e2e.household import ANY_TIME
from tests.servers.certificates import Certificates
from tests.servers.dovecot import DovecotServer, User
from tests.servers.smtp import SmtpServer, TokenCheck
from tests.servers.tokens import TokenServer

READ = "https://outlook.office.com/IMAP.AccessAsUser.All"
SEND = "https://outlook.office.com/SMTP.Send"


class Provider(TokenServer):
    """Gives tokens that Dovecot checks by their signature; some may be void when they are given."""

    void_ones: int = 0

    def __init__(self, *, certificates: Certificates, dovecot: DovecotServer, user: User) -> None:
        self.taken: set[str] = set()  # what its SMTP server takes

        def issue(name: str) -> str:
            lasts = timedelta(seconds=-60) if self.void_ones else timedelta(hours=1)
            token = dovecot.token(
                User(name=name, password=""), valid_for=lasts, jti=str(len(self.secrets))
            )
            if self.void_ones:
                self.void_ones -= 1
            else:
                self.taken.add(token)
            return token

        super().__init__(certificates=certificates, issue=issue)
        self.behaviour.user = user.name

    def scopes(self, grant: str) -> list[set[str]]:
        """What was asked for, by kind of grant; in order."""
        return [
            {word for word in form["scope"].split() if word.startswith("https://")}
            for form in self.forms
            if form.get("grant_type", "device") == grant and "scope" in form
        ]


@pytest.fixture
def provider(
    certificates: Certificates, dovecot: DovecotServer, mail_user: User
) -> Iterator[Provider]:
    server = Provider(certificates=certificates, dovecot=dovecot, user=mail_user)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def check(provider: Provider, mail_user: User) -> TokenCheck:
    return TokenCheck(
        is_good=lambda user, token: user == mail_user.name and token in provider.taken
    )


@pytest.fixture
def smtp(start_smtp: StartSmtp, check: TokenCheck) -> SmtpServer:
    return start_smtp(tls="starttls", tokens=check)


@pytest.fixture
def config(
    tmp_path: Path,
    certificates: Certificates,
    dovecot: DovecotServer,
    mail_user: User,
    provider: Provider,
    smtp: SmtpServer,
) -> Path:
    trusted = tmp_path / "authorities.pem"
    trusted.write_bytes(
        certificates.authority.read_bytes() + dovecot.certificates.authority.read_bytes()
    )
    lines = [
        'watch = ["kent.gov.uk"]',
        f"data_folder = {json.dumps(str(tmp_path / 'data'))}",
        "[accounts.home]",
        f'address = "{mail_user.name}"',
        f'host = "{dovecot.host}"',
        f"port = {dovecot.tls_port}",
        'sign_in = "microsoft"',
        'oauth_client_id = "client-1"',
        f'oauth_authority = "{provider.microsoft}"',
        f"ca_file = {json.dumps(str(trusted))}",
        *ANY_TIME,
        "[email]",
        f'to = ["{mail_user.name}"]',
        f'host = "{smtp.host}"',
        f"port = {smtp.port}",
        'sign_in_as = "home"',
        f"ca_file = {json.dumps(str(trusted))}",
    ]
    path = tmp_path / "inboxwatch.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def run(config: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs the program here and gives its exit code and all that it said."""

    def go(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(config), *words])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return go


@pytest.fixture
def app(config: Path, run: Callable[..., tuple[int, str]]) -> Iterator[App]:
    """Signed in."""
    code, text = run("sign-in", "home")
    assert code == 0, text
    opened = open_app(config, migrate=True)
    yield opened
    opened.close()


def test_one_sign_in_asks_for_both_and_each_use_for_its_own(
    app: App, provider: Provider, smtp: SmtpServer, mail_user: User
) -> None:
    """So that a mailbox which may not send is read all the same."""
    app.poll("home")
    (email,) = app.notifiers
    email.send(a_digest(a_reminder()))

    (received,) = smtp.wait_for(1)
    assert received.login == mail_user.name
    assert received.sender == mail_user.name  # a provider lets nobody send in another name
    assert provider.scopes("device")[0] == {READ, SEND}
    assert provider.scopes("refresh_token") == [{READ}, {READ}, {SEND}]  # sign-in tries the mail


def test_a_token_void_before_its_time_is_renewed_once_for_reading(
    app: App, provider: Provider
) -> None:
    before = provider.renewals()
    provider.void_ones = 1

    assert app.poll("home").record.complete

    assert provider.renewals() == before + 2


def test_a_token_void_before_its_time_is_renewed_once_for_sending(
    app: App, provider: Provider, smtp: SmtpServer, check: TokenCheck
) -> None:
    provider.void_ones = 1
    (email,) = app.notifiers

    email.send(a_digest(a_reminder()))

    assert len(smtp.wait_for(1)) == 1
    assert len(check.shown) == 2


def test_a_mail_server_that_takes_no_token_at_all_is_told_after_one_renewal(
    app: App, provider: Provider
) -> None:
    before = provider.renewals()
    provider.void_ones = 10

    with pytest.raises(MailSourceError) as caught:
        app.poll("home")

    assert provider.renewals() == before + 2
    assert "refused the sign-in, renewed a moment ago" in caught.value.problem
    assert "inboxwatch sign-in home" in caught.value.remedy
    assert not caught.value.transient
    assert not any(secret in caught.value.problem for secret in provider.secrets)


def test_leave_taken_back_is_told_at_both_ends(app: App, provider: Provider) -> None:
    provider.revoke()
    (email,) = app.notifiers

    with pytest.raises(MailSourceError) as reading:
        app.poll("home")
    with pytest.raises(NotifierError) as sending:
        email.send(a_digest(a_reminder()))

    for error in (reading.value, sending.value):
        assert "revoked, ran out, or the password changed" in error.problem
        assert error.remedy == "Sign in again: inboxwatch sign-in home"
    assert sending.value.permanent


def test_leave_to_read_alone_is_told_at_the_sign_in(
    run: Callable[..., tuple[int, str]], provider: Provider
) -> None:
    provider.behaviour.scope = READ
    code, text = run("sign-in", "home")
    assert code == 3
    assert "the permission to send mail was not given" in text
    assert "sign_in_as" in text


def test_an_older_sign_in_without_leave_to_send_still_reads(app: App, provider: Provider) -> None:
    provider.behaviour.scope = READ
    assert app.poll("home").record.complete
    (email,) = app.notifiers
    with pytest.raises(NotifierError) as caught:
        email.send(a_digest(a_reminder()))
    assert "the permission to send mail was not given" in caught.value.problem
    assert "inboxwatch sign-in home" in caught.value.remedy


@pytest.mark.parametrize("how", ["resume", "sign-in"])
def test_a_channel_switched_off_is_used_again(
    app: App,
    provider: Provider,
    smtp: SmtpServer,
    run: Callable[..., tuple[int, str]],
    how: str,
) -> None:
    """By `resume`, as every such refusal says, and by signing in again."""
    with app.store.transaction() as tx:
        assert tx.add_delivery(replace(a_digest(a_reminder()), person="me", target="email"))
    kept = set(provider.good)
    provider.revoke()
    assert app.remind().sent == ()
    asked = len(provider.forms)
    assert app.remind().sent == ()  # and nobody is asked a second time
    assert len(provider.forms) == asked

    provider.good |= kept
    code, text = run(*(["resume"] if how == "resume" else ["sign-in", "home"]))
    assert code == 0, text
    if how == "resume":
        assert "email is used again; what waits for it goes out next" in text
    app.close()
    again = open_app(app.config)
    assert len(again.remind().sent) == 1
    again.close()
    assert len(smtp.wait_for(1)) == 1
