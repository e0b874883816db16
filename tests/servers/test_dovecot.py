"""The Dovecot of the tests does what other tests build on."""

import ssl
from datetime import UTC, datetime, timedelta

import imapclient
import pytest
from imapclient.exceptions import LoginError

from tests.servers.dovecot import DovecotServer, User, start_dovecot

MESSAGE = b"From: parent@example.org\nTo: send@kent.gov.uk\nSubject: Plan\n\nGood morning\n"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def connect(dovecot: DovecotServer) -> imapclient.IMAPClient:
    context = dovecot.certificates.client_context()
    return imapclient.IMAPClient(dovecot.host, dovecot.tls_port, ssl_context=context, timeout=30)


def test_a_login_over_tls_verifies_the_certificate(dovecot: DovecotServer, mail_user: User) -> None:
    with dovecot.login(mail_user) as client:
        assert client.select_folder("INBOX", readonly=True)[b"EXISTS"] == 0


def test_starttls_verifies_the_certificate(dovecot: DovecotServer, mail_user: User) -> None:
    with imapclient.IMAPClient(dovecot.host, dovecot.port, ssl=False, timeout=30) as client:
        client.starttls(dovecot.certificates.client_context())
        client.login(mail_user.name, mail_user.password)


def test_a_client_that_does_not_know_the_authority_refuses(dovecot: DovecotServer) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        imapclient.IMAPClient(
            dovecot.host, dovecot.tls_port, ssl_context=ssl.create_default_context(), timeout=30
        )


def test_a_wrong_password_is_refused_each_time_without_delay(
    dovecot: DovecotServer, mail_user: User
) -> None:
    started = datetime.now(UTC)
    for _ in range(3):
        client = connect(dovecot)
        with pytest.raises(LoginError):
            client.login(mail_user.name, "wrong")
        client.shutdown()
    assert datetime.now(UTC) - started < timedelta(seconds=10)


def test_an_unknown_user_is_refused(dovecot: DovecotServer) -> None:
    client = connect(dovecot)
    with pytest.raises(LoginError, match="AUTHENTICATIONFAILED"):
        client.login("nobody@example.org", "secret")
    client.shutdown()


def test_a_new_password_counts_at_once(dovecot: DovecotServer, mail_user: User) -> None:
    changed = dovecot.new_user(mail_user.name, password="newer!")
    with dovecot.login(changed):
        pass
    client = connect(dovecot)
    with pytest.raises(LoginError):
        client.login(mail_user.name, mail_user.password)
    client.shutdown()


@pytest.mark.parametrize("mail_format", ["maildir", "mdbox"])
def test_a_message_keeps_its_date_and_flags_in_its_folder(mail_format: str) -> None:
    server = start_dovecot(mail_format=mail_format, separator=".")
    try:
        user = server.new_user()
        server.create_folder(user, "Archive.Föhn & more")
        server.append(user, MESSAGE, folder="Archive.Föhn & more", at=AT, flags=[r"\Seen"])
        with server.login(user) as client:
            client.normalise_times = False
            client.select_folder("Archive.Föhn & more", readonly=True)
            fetched = client.fetch([1], ["INTERNALDATE", "FLAGS", "BODY.PEEK[]"])[1]
    finally:
        server.stop()
    assert fetched[b"INTERNALDATE"] == AT
    assert rb"\Seen" in fetched[b"FLAGS"]
    assert fetched[b"BODY[]"] == MESSAGE.replace(b"\n", b"\r\n")
    assert not server.folder.exists()


def test_folders_created_by_agreed_names_get_their_special_use(
    dovecot: DovecotServer, mail_user: User
) -> None:
    for name in ("Sent", "Outgoing", "Letters"):
        dovecot.create_folder(mail_user, name)
    with dovecot.login(mail_user) as client:
        flags = {name: set(given) for given, _, name in client.list_folders()}
    assert rb"\Sent" in flags["Sent"]
    assert rb"\Sent" in flags["Outgoing"]
    assert rb"\Sent" not in flags["Letters"]


@pytest.mark.parametrize("login", ["oauth2_login", "oauthbearer_login"])
def test_a_signed_token_logs_its_user_in(
    dovecot: DovecotServer, mail_user: User, login: str
) -> None:
    client = connect(dovecot)
    getattr(client, login)(mail_user.name, dovecot.token(mail_user))
    assert client.select_folder("INBOX", readonly=True)[b"EXISTS"] == 0
    client.logout()


@pytest.mark.parametrize(
    ("valid_for", "claims"),
    [(timedelta(hours=-1), {}), (timedelta(hours=1), {"email": "other@example.org"})],
    ids=["expired", "of somebody else"],
)
def test_a_token_that_is_not_good_is_refused(
    dovecot: DovecotServer, mail_user: User, valid_for: timedelta, claims: dict[str, str]
) -> None:
    client = connect(dovecot)
    with pytest.raises(LoginError):
        client.oauth2_login(mail_user.name, dovecot.token(mail_user, valid_for=valid_for, **claims))
    client.shutdown()
