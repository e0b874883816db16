"""What each fault of a mail server means: try again, give up, or stop using it."""

import logging
import smtplib
import socket
import ssl
from email.errors import MessageError

import pytest

from inboxwatch.adapters.notify.smtp import Security
from inboxwatch.adapters.notify.smtp_errors import map_errors
from inboxwatch.domain.errors import NotifierError
from tests.adapters.notify.smtp_notifier import StartSmtp, fault_of, notifier_for
from tests.builders_reminders import a_digest, a_reminder
from tests.servers.certificates import Certificates
from tests.servers.smtp import Mishap, SmtpServer


def test_a_wrong_password_disables_the_target_and_stays_unsaid(
    start_smtp: StartSmtp, certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = start_smtp(tls="starttls", login=("parent", "sesame"))
    notifier = notifier_for(
        server,
        security=Security.STARTTLS,
        context=certificates.client_context(),
        login="parent",
        password=lambda: "CANARY-password",
    )

    fault = fault_of(lambda: notifier.send(a_digest(a_reminder())))

    assert (fault.permanent, fault.disables_target) == (True, True)
    assert "(535)" in str(fault)
    assert "CANARY" not in str(fault) + fault.remedy + caplog.text
    assert fault.__cause__ is None


@pytest.mark.parametrize(
    ("mishaps", "permanent", "disables", "may_have_arrived"),
    [
        ((Mishap(stage="connect", reply="421 busy"),), False, False, False),
        ((Mishap(stage="connect", reply="554 not you"),), False, False, False),
        ((Mishap(stage="mail", reply="451 later"),), False, False, False),
        ((Mishap(stage="mail", reply="553 not your address"),), True, True, False),
        ((Mishap(stage="rcpt", reply="450 busy"),) * 2, False, False, False),
        ((Mishap(stage="rcpt", reply="550 nobody"),) * 2, True, True, False),
        (
            (Mishap(stage="rcpt", reply="550 no"), Mishap(stage="rcpt", reply="450 busy")),
            False,
            False,
            False,
        ),
        ((Mishap(stage="data", reply="452 full"),), False, False, False),
        ((Mishap(stage="data", reply="554 looks like spam"),), True, False, False),
        ((Mishap(stage="data", hang_up=True, keep=True),), False, False, True),
        ((Mishap(stage="data", seconds=3, keep=True),), False, False, True),
    ],
)
def test_each_fault_says_whether_to_try_again(
    smtp_server: SmtpServer,
    mishaps: tuple[Mishap, ...],
    permanent: bool,
    disables: bool,
    may_have_arrived: bool,
) -> None:
    smtp_server.go_wrong(*mishaps)
    notifier = notifier_for(smtp_server, timeout_seconds=1)

    fault = fault_of(lambda: notifier.send(a_digest(a_reminder())))

    assert fault.permanent is permanent
    assert fault.disables_target is disables
    assert fault.may_have_arrived is may_have_arrived
    assert fault.remedy


def test_one_refused_recipient_does_not_repeat_it_to_the_other(
    smtp_server: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    smtp_server.go_wrong(Mishap(stage="rcpt", reply="550 nobody"))

    notifier_for(smtp_server).send(a_digest(a_reminder()))

    (received,) = smtp_server.wait_for(1)
    assert received.recipients == ("partner@example.org",)
    assert "home: 1 recipients refused, with [550]" in caplog.text
    assert "example.org" not in caplog.text


def test_nobody_listening_is_a_passing_fault(smtp_server: SmtpServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        notifier = notifier_for(smtp_server, port=taken.getsockname()[1])

        fault = fault_of(lambda: notifier.send(a_digest(a_reminder())))

    assert not fault.permanent
    assert not fault.may_have_arrived
    assert str(fault).endswith("accepts no connection on this port")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (socket.gaierror(), "no server of that name"),
        (TimeoutError(), "did not answer in time"),
        (ConnectionResetError(), "cannot be reached, or hung up"),
    ],
)
def test_a_server_out_of_reach_is_told_in_words_of_people(fault: OSError, words: str) -> None:
    with (
        pytest.raises(NotifierError, match=words) as caught,
        map_errors("home", "mail.example.org"),
    ):
        raise fault
    assert type(fault).__name__ not in str(caught.value)


def _classes(base: type[Exception]) -> set[type[Exception]]:
    return {base, *(c for sub in base.__subclasses__() for c in _classes(sub))}


def _every_fault() -> list[Exception]:
    """One of every exception class of smtplib, and of what else sending can raise."""
    made: list[Exception] = [
        TimeoutError(),
        ConnectionResetError(),
        ConnectionRefusedError(),
        socket.gaierror(),
        ssl.SSLError(),
        ssl.SSLCertVerificationError(),
        UnicodeError(),
        ValueError(),
        MessageError(),
    ]
    for cls in sorted(_classes(smtplib.SMTPException), key=lambda c: c.__name__):
        if issubclass(cls, smtplib.SMTPRecipientsRefused):
            made.append(cls({"a@example.org": (550, b"no")}))
        elif issubclass(cls, smtplib.SMTPSenderRefused):
            made.append(cls(550, b"no", "a@example.org"))
        elif issubclass(cls, smtplib.SMTPResponseException):
            made.append(cls(550, b"no"))
        else:
            made.append(cls())
    return made


@pytest.mark.parametrize("fault", _every_fault(), ids=lambda f: type(f).__name__)
def test_every_exception_of_the_library_is_mapped(fault: Exception) -> None:
    with pytest.raises(NotifierError) as caught, map_errors("home", "mail.example.org"):
        raise fault

    assert str(caught.value).startswith("home: mail.example.org")
    assert caught.value.remedy
    assert "a@example.org" not in str(caught.value)


def test_the_list_of_exceptions_is_whole() -> None:
    defined = {
        value
        for value in vars(smtplib).values()
        if isinstance(value, type) and issubclass(value, Exception) and value is not OSError
    }

    assert defined <= {type(fault) for fault in _every_fault()}
