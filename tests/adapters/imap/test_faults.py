"""Every failure that the libraries can throw becomes an error with a remedy."""

import binascii
import imaplib
import inspect
import socket
import ssl

import imapclient
import pytest
from imapclient import exceptions

from inboxwatch.adapters.imap.faults import SignInRefused, backoff_seconds, mapped, translate
from inboxwatch.adapters.imap.pace import DeadlinePassed
from inboxwatch.adapters.imap.tokens import Garbled
from inboxwatch.adapters.imap.wire import CommandRefused, ServerSaidBye
from inboxwatch.domain.errors import MailSourceError


def _exceptions_of(module: object) -> set[type[Exception]]:
    return {
        found
        for _name, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, Exception)
    }


LIBRARY = sorted(
    _exceptions_of(exceptions)
    | _exceptions_of(imapclient)
    | _exceptions_of(imaplib.IMAP4)
    | _exceptions_of(ssl)
    | {socket.gaierror, socket.herror, TimeoutError, ConnectionResetError, BrokenPipeError}
    | {ConnectionRefusedError, ConnectionAbortedError, OSError, binascii.Error, UnicodeError},
    key=lambda found: found.__name__,
)


@pytest.mark.parametrize("kind", LIBRARY, ids=lambda kind: kind.__name__)
def test_every_exception_of_the_libraries_is_mapped(kind: type[Exception]) -> None:
    with pytest.raises(MailSourceError) as caught, mapped("home", "mail.example.org", 993):
        raise kind("something")
    assert "'home'" in caught.value.problem
    assert caught.value.remedy


def test_the_libraries_have_the_exceptions_that_we_think() -> None:
    names = {kind.__name__ for kind in LIBRARY}
    assert {"error", "abort", "readonly", "LoginError", "CapabilityError"} <= names
    assert {"IllegalStateError", "InvalidCriteriaError", "ProtocolError"} <= names


@pytest.mark.parametrize(
    "error",
    [
        CommandRefused("NO", "[UNAVAILABLE] later"),
        ServerSaidBye("shutting down"),
        Garbled("nonsense"),
        DeadlinePassed(),
        SignInRefused("[UNAVAILABLE] later"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_our_own_are_mapped(error: Exception) -> None:
    found = translate(error, "home", "mail.example.org", 993)
    assert found is not None
    assert found.transient


def test_a_bug_is_not_called_a_mail_problem() -> None:
    with pytest.raises(ZeroDivisionError), mapped("home", "mail.example.org", 993):
        raise ZeroDivisionError
    assert translate(KeyError("x"), "home", "mail.example.org", 993) is None


def test_a_port_without_tls_is_named() -> None:
    spoken_plainly = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    spoken_plainly.reason = "WRONG_VERSION_NUMBER"

    found = translate(spoken_plainly, "home", "mail.example.org", 143)

    assert found is not None
    assert found.problem.endswith("mail.example.org does not speak TLS on port 143")


def test_an_error_that_is_ours_already_passes() -> None:
    mine = MailSourceError("x", remedy="y", transient=False)
    with pytest.raises(MailSourceError) as caught, mapped("home", "mail.example.org", 993):
        raise mine
    assert caught.value is mine


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Request is throttled. Suggested Backoff Time: 92415 milliseconds", 92.415),
        ("Suggested Backoff Time: 299961", 299.961),
        ("Suggested Backoff Time: 5 s", 5),
        ("[THROTTLED] slow down", None),
    ],
)
def test_the_wish_to_wait_is_read(said: str, seconds: float | None) -> None:
    assert backoff_seconds(said) == seconds


def test_what_a_server_says_is_made_short_and_printable() -> None:
    found = translate(CommandRefused("NO", "a\r\n\x1b[31m" + "b" * 900), "home", "h", 993)
    assert found is not None
    assert len(found.problem) < 260
    assert found.problem.isprintable()
