"""Digests over real SMTP: who may read them, what they say of themselves, what each fault means."""

import logging
from typing import Any

import pytest

from inboxwatch.adapters.notify.smtp import Security
from inboxwatch.application.digest import reminder_message_id
from inboxwatch.application.records import Delivery
from tests.adapters.notify.smtp_notifier import NOW, SECRET, StartSmtp, fault_of, notifier_for
from tests.builders_reminders import a_digest, a_reminder, an_alert
from tests.servers.certificates import Certificates
from tests.servers.smtp import Mishap, SmtpServer


def test_a_digest_arrives_as_plain_text_and_html(smtp_server: SmtpServer) -> None:
    notifier_for(smtp_server).send(a_digest(a_reminder()))

    (received,) = smtp_server.wait_for(1)
    assert received.sender == "parent@example.org"
    assert received.recipients == ("parent@example.org", "partner@example.org")
    mail = received.message
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert text.get_param("format") == "flowed"
    assert "Send a short, friendly note to ask for a reply." in text.get_content()
    assert html.get_content_type() == "text/html"
    assert "No reply found in this mailbox as of 1 June 2026" in html.get_content()


def test_a_mail_says_that_a_machine_sent_it(smtp_server: SmtpServer) -> None:
    """So that no auto-reply answers it and no filter takes it for a person's."""
    digest = a_digest(a_reminder())

    notifier_for(smtp_server).send(digest)

    mail = smtp_server.wait_for(1)[0].message
    assert mail["Message-ID"] == f"<{reminder_message_id(SECRET, digest.id)}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["X-Inboxwatch"] == "digest"
    assert mail["From"] == "inboxwatch <parent@example.org>"
    assert mail["To"] == "parent@example.org, partner@example.org"
    assert mail["Subject"] == "Ask for a reply: “Question a”"
    assert mail["Date"] == "Mon, 01 Jun 2026 18:00:00 +0100"


def test_a_repeat_is_the_same_to_the_byte(smtp_server: SmtpServer) -> None:
    """In the one window where a mail can go out twice, both are one message."""
    digest = a_digest(a_reminder())
    notifier_for(smtp_server).send(digest)
    notifier_for(smtp_server).send(digest)

    first, second = smtp_server.wait_for(2)

    assert first.content == second.content


def test_an_alert_says_what_it_is(smtp_server: SmtpServer) -> None:
    notifier_for(smtp_server).send(an_alert("Archive could not be read", "Look."))

    mail = smtp_server.wait_for(1)[0].message
    assert mail["X-Inboxwatch"] == "health"
    assert mail["Subject"] == "inboxwatch: Archive could not be read"


def test_a_hostile_subject_cannot_add_a_header_or_a_recipient(smtp_server: SmtpServer) -> None:
    subject = "x\r\nBcc: thief@example.net\r\n\r\n.\r\nRCPT TO:<thief@example.net>\u202e\udcff" * 3
    notifier_for(smtp_server).send(a_digest(a_reminder(subject=subject)))

    (received,) = smtp_server.wait_for(1)
    assert received.recipients == ("parent@example.org", "partner@example.org")
    assert received.message["Bcc"] is None
    assert received.content.isascii()
    assert all(len(line) <= 998 for line in received.content.split(b"\r\n"))


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_mail_and_password_travel_encrypted(
    start_smtp: StartSmtp, certificates: Certificates, tls: str
) -> None:
    server = start_smtp(tls=tls, login=("parent", "sesame"))
    notifier = notifier_for(
        server,
        security=Security.STARTTLS if tls == "starttls" else Security.TLS,
        context=certificates.client_context(),
        login="parent",
        password=lambda: "sesame",
    )

    notifier.check()
    notifier.send(a_digest(a_reminder()))

    (received,) = server.wait_for(1)
    assert received.was_encrypted
    assert received.login == "parent"


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_nobody_vouches_for_stops_it(
    start_smtp: StartSmtp, security: Security
) -> None:
    server = start_smtp(tls="starttls" if security is Security.STARTTLS else "implicit")

    fault = fault_of(lambda: notifier_for(server, security=security).send(a_digest(a_reminder())))

    assert "certificate" in str(fault)
    assert not fault.permanent
    assert not fault.may_have_arrived
    assert server.received == ()


def test_without_starttls_nothing_is_sent_in_clear(smtp_server: SmtpServer) -> None:
    """Not even the password; and it is tried again, for a network in between may strip it."""
    asked: list[str] = []

    def password() -> str:
        asked.append("asked")
        return "sesame"

    notifier = notifier_for(
        smtp_server,
        security=Security.STARTTLS,
        login="parent",
        password=password,
    )

    fault = fault_of(lambda: notifier.send(a_digest(a_reminder())))

    assert "STARTTLS" in str(fault)
    assert not fault.permanent
    assert asked == []
    assert smtp_server.received == ()


@pytest.mark.parametrize(
    "address", ["send@kent.gov.uk", "Send@MAIL.Kent.Gov.UK", "someone@kent.gov.uk."]
)
def test_a_council_is_never_written_to(smtp_server: SmtpServer, address: str) -> None:
    fault = fault_of(lambda: notifier_for(smtp_server, recipients=("me@example.org", address)))

    assert "watched body" in str(fault)
    assert fault.permanent


def test_a_recipient_whose_domain_comes_to_be_watched_is_refused_at_once(
    smtp_server: SmtpServer,
) -> None:
    watched: list[str] = []
    notifier = notifier_for(smtp_server, forbidden=lambda address: address in watched)
    watched.append("partner@example.org")

    fault = fault_of(lambda: notifier.send(a_digest(a_reminder())))

    assert fault.disables_target
    assert smtp_server.received == ()


@pytest.mark.parametrize(
    "options", [{"recipients": ()}, {"recipients": ("nobody",)}, {"sender": "nobody"}]
)
def test_what_is_no_address_is_refused(smtp_server: SmtpServer, options: dict[str, Any]) -> None:
    assert fault_of(lambda: notifier_for(smtp_server, **options)).permanent


@pytest.mark.parametrize("recipient", ["a b@example.org", "x@y.org\r\nBcc: z@example.org"])
def test_an_address_that_cannot_be_written_is_a_lasting_fault(
    smtp_server: SmtpServer, recipient: str
) -> None:
    notifier = notifier_for(smtp_server, recipients=(recipient,))

    fault = fault_of(lambda: notifier.send(a_digest(a_reminder())))

    assert (fault.permanent, fault.disables_target) == (True, True)
    assert smtp_server.received == ()


def test_it_takes_digests_and_alerts_only(smtp_server: SmtpServer) -> None:
    notifier = notifier_for(smtp_server)

    assert notifier.name == "home"
    assert [t for t in ("digest", "health", "thread.overdue") if notifier.accepts(t)] == [
        "digest",
        "health",
    ]


def test_no_log_holds_what_a_digest_says(
    smtp_server: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    digest = a_digest(a_reminder(subject="CANARY-subject", action="CANARY-action"))
    notifier = notifier_for(smtp_server, secret=lambda: b"CANARY-secret")

    notifier.send(digest)
    smtp_server.go_wrong(Mishap(stage="data", reply="554 CANARY-reply"))
    fault = fault_of(lambda: notifier.send(digest))

    records = [r for r in caplog.records if not r.name.startswith("mail.log")]
    assert not [r for r in records if "CANARY" in r.getMessage()]
    assert "CANARY" not in str(fault) + fault.remedy


def test_a_delivery_it_cannot_put_into_words_is_given_up(smtp_server: SmtpServer) -> None:
    broken = Delivery(
        id="x", person="me", target="home", type="thread.overdue", payload="{}", created_at=NOW
    )

    assert fault_of(lambda: notifier_for(smtp_server).send(broken)).permanent
    assert smtp_server.received == ()
