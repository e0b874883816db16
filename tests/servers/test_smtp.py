"""The SMTP server of the tests keeps what comes, and goes wrong only when told."""

import smtplib
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest

from tests.servers.certificates import Certificates
from tests.servers.smtp import Mishap, SmtpServer

Start = Callable[..., SmtpServer]


def note(text: str = "Nothing came back.") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "watch@example.org", "parent@example.org"
    message["Subject"] = "Overdue"
    message.set_content(text)
    return message


@pytest.fixture
def client(smtp_server: SmtpServer) -> Iterator[smtplib.SMTP]:
    connection = smtplib.SMTP("127.0.0.1", smtp_server.port, timeout=10)
    yield connection
    connection.close()


def test_a_message_arrives_as_it_was_sent(smtp_server: SmtpServer, client: smtplib.SMTP) -> None:
    client.send_message(note("é" * 5000))
    client.quit()
    (arrived,) = smtp_server.wait_for(1)
    assert (arrived.sender, arrived.recipients) == ("watch@example.org", ("parent@example.org",))
    assert arrived.message.get_content().strip() == "é" * 5000
    assert not arrived.was_encrypted
    assert arrived.login is None


def test_starttls_is_demanded_and_verified(start_smtp: Start, certificates: Certificates) -> None:
    server = start_smtp(tls="starttls", login=("parent", "secret"))
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        with pytest.raises(smtplib.SMTPResponseException, match="STARTTLS"):
            client.send_message(note())
        client.starttls(context=certificates.client_context())
        client.login("parent", "secret")
        client.send_message(note())
    (arrived,) = server.received
    assert arrived.was_encrypted
    assert arrived.login == "parent"


def test_implicit_tls_is_verified(start_smtp: Start, certificates: Certificates) -> None:
    server = start_smtp(tls="implicit", login=("parent", "secret"))
    context = certificates.client_context()
    with smtplib.SMTP_SSL(server.host, server.port, timeout=10, context=context) as client:
        client.login("parent", "secret")
        client.send_message(note())
    assert server.received[0].was_encrypted


def test_a_wrong_password_is_refused(start_smtp: Start) -> None:
    server = start_smtp(login=("parent", "secret"))
    with smtplib.SMTP(server.host, server.port, timeout=10) as client:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("parent", "wrong")
        client.login("parent", "secret")
        client.send_message(note())
    assert server.received[0].login == "parent"


def test_a_mishap_happens_once_at_its_stage(smtp_server: SmtpServer, client: smtplib.SMTP) -> None:
    smtp_server.go_wrong(
        Mishap(stage="rcpt", reply="550 no such person"), Mishap(stage="data", reply="451 later")
    )
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        client.send_message(note())
    with pytest.raises(smtplib.SMTPDataError, match="later"):
        client.send_message(note())
    assert smtp_server.received == ()
    client.send_message(note())
    assert len(smtp_server.received) == 1


@pytest.mark.parametrize(("keep", "arrived"), [(True, 1), (False, 0)])
def test_it_hangs_up_after_the_data(
    smtp_server: SmtpServer, client: smtplib.SMTP, keep: bool, arrived: int
) -> None:
    smtp_server.go_wrong(Mishap(stage="data", hang_up=True, keep=keep))
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.send_message(note())
    assert len(smtp_server.received) == arrived


def test_it_turns_a_connection_away(smtp_server: SmtpServer) -> None:
    smtp_server.go_wrong(Mishap(stage="connect", reply="421 too busy"))
    with pytest.raises(smtplib.SMTPConnectError, match="too busy"):
        smtplib.SMTP("127.0.0.1", smtp_server.port, timeout=10)


def test_it_stops_while_somebody_is_still_connected(start_smtp: Start) -> None:
    server = start_smtp()
    client = smtplib.SMTP("127.0.0.1", server.port, timeout=10)
    server.go_wrong(Mishap(stage="data", seconds=60))
    server.stop()
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        client.send_message(note())
    client.close()
