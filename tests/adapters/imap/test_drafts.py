"""Drafts on a real Dovecot: the one thing written to a mailbox, there and nowhere else."""

import ssl
from datetime import UTC, datetime

import pytest

from inboxwatch.adapters.imap.drafts import save_draft
from inboxwatch.adapters.imap.endpoint import Credentials, Endpoint, Mechanism
from inboxwatch.domain.errors import MailSourceError
from tests.servers.dovecot import DovecotServer, User

RAW = b"From: parent@example.org\r\nSubject: Re: Bus\r\n\r\nDear team,\r\n"
AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def endpoint(
    server: DovecotServer,
    user: User,
    *,
    security: str = "tls",
    credentials: Credentials | None = None,
    context: ssl.SSLContext | None = None,
) -> Endpoint:
    shown = credentials or Credentials(secret=user.password)
    return Endpoint(
        host=server.host,
        port=server.tls_port if security == "tls" else server.port,
        security=security,
        username=user.name,
        credentials=lambda: shown,
        ssl_context=context or server.certificates.client_context(),
    )


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_draft_is_put_where_the_server_keeps_drafts(
    dovecot: DovecotServer, mail_user: User, security: str
) -> None:
    dovecot.create_folder(mail_user, "Drafts")
    folder = save_draft(endpoint(dovecot, mail_user, security=security), RAW, account="home", at=AT)
    assert folder == "Drafts"
    with dovecot.login(mail_user) as client:
        client.select_folder("Drafts", readonly=True)
        (uid,) = client.search()
        found = client.fetch([uid], ["BODY.PEEK[]", "FLAGS", "INTERNALDATE"])[uid]
        assert found[b"BODY[]"] == RAW
        assert set(found[b"FLAGS"]) - {b"\\Recent"} == {b"\\Draft", b"\\Seen"}
        counts = client.folder_status("INBOX", ["MESSAGES"])
    assert counts[b"MESSAGES"] == 0


def test_a_token_signs_in_too(dovecot: DovecotServer, mail_user: User) -> None:
    dovecot.create_folder(mail_user, "Drafts")
    for mechanism in (Mechanism.XOAUTH2, Mechanism.OAUTHBEARER):
        token = Credentials(secret=dovecot.token(mail_user), mechanism=mechanism)
        save_draft(endpoint(dovecot, mail_user, credentials=token), RAW, account="home", at=AT)
    with dovecot.login(mail_user) as client:
        assert client.folder_status("Drafts", ["MESSAGES"])[b"MESSAGES"] == 2


def test_a_password_with_a_pound_sign_signs_in(dovecot: DovecotServer) -> None:
    user = dovecot.new_user(password="p£ssword")
    dovecot.create_folder(dovecot.new_user(user.name, password="secret"), "Drafts")
    user = dovecot.new_user(user.name, password="p£ssword")
    assert save_draft(endpoint(dovecot, user), RAW, account="home", at=AT) == "Drafts"


def test_without_a_drafts_folder_it_says_what_to_do(
    dovecot: DovecotServer, mail_user: User
) -> None:
    with pytest.raises(MailSourceError, match="no Drafts folder") as caught:
        save_draft(endpoint(dovecot, mail_user), RAW, account="home", at=AT)
    assert "--mailto" in caught.value.remedy


def test_a_refused_password_is_told_without_it(dovecot: DovecotServer, mail_user: User) -> None:
    wrong = Credentials(secret="canary-of-a-password")
    with pytest.raises(MailSourceError, match="account 'home'") as caught:
        save_draft(endpoint(dovecot, mail_user, credentials=wrong), RAW, account="home", at=AT)
    assert "canary" not in str(caught.value) + caught.value.remedy


def test_a_certificate_nobody_knows_is_refused(dovecot: DovecotServer, mail_user: User) -> None:
    stranger = endpoint(dovecot, mail_user, context=ssl.create_default_context())
    with pytest.raises(MailSourceError):
        save_draft(stranger, RAW, account="home", at=AT)


def test_nothing_goes_in_clear_to_a_distant_server() -> None:
    distant = Endpoint(
        host="mail.example.org",
        port=143,
        security="plain",
        username="parent",
        credentials=lambda: Credentials(secret="secret"),
        ssl_context=None,
    )
    with pytest.raises(MailSourceError, match="without encryption"):
        save_draft(distant, RAW, account="home", at=AT)


def test_in_clear_is_allowed_on_this_machine(dovecot: DovecotServer, mail_user: User) -> None:
    dovecot.create_folder(mail_user, "Drafts")
    here = endpoint(dovecot, mail_user, security="plain")
    assert save_draft(here, RAW, account="home", at=AT) == "Drafts"
