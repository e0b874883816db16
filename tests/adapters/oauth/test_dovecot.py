"""From a sign-in to a mail server that checks every token, and no secret in any log or file."""

import logging
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import imapclient
import pytest
from imapclient.exceptions import LoginError

from inboxwatch.adapters.oauth import (
    Client,
    OpenPage,
    TokenSource,
    Vault,
    google_sign_in,
    keep,
    microsoft_sign_in,
)
from inboxwatch.domain.errors import MailSourceError
from tests.servers.certificates import Certificates
from tests.servers.dovecot import DovecotServer, User
from tests.servers.http import Answer
from tests.servers.tokens import TokenServer, browse


class Validity:
    """How long the service's access tokens are good at the mail server."""

    def __init__(self) -> None:
        self.lasts = timedelta(hours=1)


@pytest.fixture
def validity() -> Validity:
    return Validity()


@pytest.fixture
def service(
    certificates: Certificates, dovecot: DovecotServer, mail_user: User, validity: Validity
) -> Iterator[TokenServer]:
    """A sign-in service whose tokens Dovecot checks by their signature."""
    server = TokenServer(
        certificates=certificates,
        issue=lambda user: dovecot.token(
            User(name=user, password=""), valid_for=validity.lasts, jti=str(len(server.secrets))
        ),
    )
    server.behaviour.user = mail_user.name
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["microsoft", "google"])
def source(request: pytest.FixtureRequest, vault: Vault, trust: ssl.SSLContext) -> TokenSource:
    """Signed in by the flow of either provider, from nothing."""
    return signed_in(request.getfixturevalue(request.param), vault, trust)


def signed_in(client: Client, vault: Vault, trust: ssl.SSLContext) -> TokenSource:
    if client.provider == "microsoft":
        grant = microsoft_sign_in(client, show=lambda code: None, sleep=lambda seconds: None)
    else:

        def show(page: OpenPage) -> None:
            threading.Thread(target=browse, args=(page.page, trust), daemon=True).start()

        grant = google_sign_in(client, show=show)
    keep(client, vault, grant)
    return TokenSource(client, vault)


@pytest.fixture
def log_in(dovecot: DovecotServer, mail_user: User) -> Iterator[Callable[[str, str], int]]:
    """Logs in with a token by a mechanism and counts the messages in INBOX."""
    opened: list[imapclient.IMAPClient] = []

    def attempt(token: str, mechanism: str) -> int:
        client = imapclient.IMAPClient(
            dovecot.host,
            dovecot.tls_port,
            ssl_context=dovecot.certificates.client_context(),
            timeout=30,
        )
        opened.append(client)
        getattr(client, mechanism)(mail_user.name, token)
        return int(client.select_folder("INBOX", readonly=True)[b"EXISTS"])

    yield attempt
    for client in opened:
        client.shutdown()


@pytest.mark.parametrize("mechanism", ["oauth2_login", "oauthbearer_login"])
def test_who_signed_in_gets_into_the_mail(
    source: TokenSource, log_in: Callable[[str, str], int], mechanism: str
) -> None:
    assert log_in(source(), mechanism) == 0


@pytest.mark.parametrize("mechanism", ["oauth2_login", "oauthbearer_login"])
def test_a_token_that_ran_out_at_the_server_is_renewed(
    source: TokenSource,
    validity: Validity,
    log_in: Callable[[str, str], int],
    mechanism: str,
) -> None:
    validity.lasts = timedelta(seconds=-60)
    stale = source()
    with pytest.raises(LoginError):
        log_in(stale, mechanism)
    validity.lasts = timedelta(hours=1)
    source.refused(stale)
    assert log_in(source(), mechanism) == 0


def test_a_revoked_sign_in_is_told_before_the_mail_server_is_asked(
    source: TokenSource, service: TokenServer, log_in: Callable[[str, str], int]
) -> None:
    token = source()
    assert log_in(token, "oauth2_login") == 0
    service.revoke()
    source.refused(token)
    with pytest.raises(MailSourceError) as caught:
        source()
    assert "revoked, ran out, or the password changed" in caught.value.problem
    assert caught.value.remedy == "Sign in again: inboxwatch sign-in home"


def test_no_log_and_no_file_ever_holds_a_secret(
    microsoft: Client,
    google: Client,
    service: TokenServer,
    trust: ssl.SSLContext,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "msal", "urllib3", "filelock", "imapclient"):
        caplog.set_level(logging.DEBUG, logger=name)
    said: list[str] = []
    for client in (microsoft, google):
        vault = Vault(tmp_path / client.provider)
        source = signed_in(client, vault, trust)
        source.refused(source())
        source()
        said += [repr(client), repr(vault), repr(source)]
        half = Answer(body=b'{"access_token": "leaked-token"}', hang_up=True)
        odd = Answer(body=b'{"access_token": "leaked-token", "scope": ')
        for fault in (half, odd):
            service.will_answer(fault)
            with pytest.raises(MailSourceError) as caught:
                TokenSource(client, vault)()
            said += [str(caught.value), caught.value.remedy, repr(caught.value.__cause__)]
    assert len(service.secrets) > 10
    said += [caplog.text, *(str(record.args) for record in caplog.records), *capfd.readouterr()]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            said.append(path.read_bytes().decode("latin-1"))
    whole = "\n".join(said)
    assert [secret for secret in (*service.secrets, "leaked-token") if secret in whole] == []
    assert "httpcore" in {record.name.partition(".")[0] for record in caplog.records}
