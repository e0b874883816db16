"""Turns whatever a mail connection throws into `MailSourceError`: which, what, and the remedy."""

from __future__ import annotations

import binascii
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import exceptions

from inboxwatch.adapters.imap.pace import DeadlinePassed
from inboxwatch.adapters.imap.tokens import Garbled
from inboxwatch.adapters.imap.wire import CommandRefused, ServerSaidBye
from inboxwatch.domain.errors import MailSourceError

# What ends a connection, but perhaps not the next one.
LOST = (imaplib.IMAP4.abort, OSError)

_LATER = frozenset({"UNAVAILABLE", "INUSE", "THROTTLED", "OVERQUOTA", "LIMIT", "SERVERBUG"})
_LATER_WORDS = re.compile(
    r"throttl|too many|try again|temporar|unavailable|bandwidth|over ?quota|backoff"
    r"|not connected|maximum number of connections|server error|internal error",
    re.IGNORECASE,
)
_BACKOFF = re.compile(r"Backoff Time:?\s*(\d+)(?:\s*(ms|milliseconds|s|sec\w*))?", re.IGNORECASE)
_CODE = re.compile(r"\[([A-Za-z-]+)")
_MAX_SAID = 160

_HOW_TO_SIGN_IN = (
    "Check the user name and the password. Gmail, iCloud, Yahoo and others take only an app\n"
    "password, made in the account's security settings; Outlook and Microsoft 365 take none:\n"
    "sign in with Microsoft instead (docs/sign-in.md)."
)
_TRY_AGAIN = "Nothing is lost: it is tried again at the next poll."


class SignInRefused(Exception):
    """The server did not accept who we say we are. `said` is its answer."""

    def __init__(self, said: str, *, by_token: bool = False) -> None:
        super().__init__(said)
        self.said = said
        self.by_token = by_token


@contextmanager
def mapped(account: str, host: str, port: int) -> Iterator[None]:
    """Raise `MailSourceError` for every failure of a mail connection inside.

    Raises:
        MailSourceError: with `transient` and the server's own wish to wait.
    """
    try:
        yield
    except MailSourceError:
        raise
    except Exception as error:
        known = translate(error, account, host, port)
        if known is None:
            raise
        raise known from error


def translate(error: Exception, account: str, host: str, port: int) -> MailSourceError | None:
    """Return what a failure means, or None when it is none of a mail connection's."""
    who = f"account '{account}'"
    if isinstance(error, SignInRefused | exceptions.LoginError):
        return _sign_in(str(error), account, by_token=getattr(error, "by_token", False))
    if isinstance(error, CommandRefused):
        return _refused(error.text, who)
    if isinstance(error, Garbled | exceptions.ProtocolError):
        return _error(f"{who}: {host} sent an answer that cannot be read", _TRY_AGAIN)
    if isinstance(error, ssl.SSLError):
        return _encryption(error, who, host, port)
    if isinstance(error, ServerSaidBye):
        return _bye(str(error), who)
    if isinstance(error, imaplib.IMAP4.abort):
        return _error(f"{who}: {host} ended the connection ({_short(str(error))})", _TRY_AGAIN)
    if isinstance(error, OSError):
        return _network(error, who, host, port)
    if isinstance(error, imaplib.IMAP4.error | binascii.Error | UnicodeError):
        # LoginError's siblings: capability, state, criteria, read-only and the plain error.
        return _refused(_short(str(error)), who)
    return None


def _error(
    problem: str, remedy: str, *, transient: bool = True, after: float | None = None
) -> MailSourceError:
    return MailSourceError(problem, remedy=remedy, transient=transient, retry_after_seconds=after)


def _sign_in(said: str, account: str, *, by_token: bool) -> MailSourceError:
    who = f"account '{account}'"
    code = _CODE.search(said)
    name = code[1].upper() if code else ""
    later = name in _LATER or (
        name not in ("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "CONTACTADMIN")
        and _LATER_WORDS.search(said) is not None
    )
    if later:
        return _error(
            f"{who}: the server takes no sign-in just now ({_short(said)})",
            _TRY_AGAIN,
            after=backoff_seconds(said),
        )
    if by_token:
        return _error(
            f"{who}: the mail server refused the sign-in, renewed a moment ago ({_short(said)})",
            "In the mailbox's own settings IMAP must be on, and the one who signed in must be the"
            f" account's address.\nThen sign in again: inboxwatch sign-in {account}",
            transient=False,
        )
    return _error(
        f"{who}: the server refused the password ({_short(said)})", _HOW_TO_SIGN_IN, transient=False
    )


def _refused(said: str, who: str) -> MailSourceError:
    after = backoff_seconds(said)
    code = _CODE.search(said)
    if after is not None or (code and code[1].upper() in _LATER) or _LATER_WORDS.search(said):
        problem = f"{who}: the server asks us to come back later ({_short(said)})"
        return _error(problem, _TRY_AGAIN, after=after)
    return _error(f"{who}: the server refused a command ({_short(said)})", _TRY_AGAIN)


def _bye(said: str, who: str) -> MailSourceError:
    return _error(
        f"{who}: the server ended the session ({_short(said)})",
        _TRY_AGAIN,
        after=backoff_seconds(said),
    )


def _encryption(error: ssl.SSLError, who: str, host: str, port: int) -> MailSourceError:
    reason = getattr(error, "reason", None) or type(error).__name__
    if isinstance(error, ssl.SSLCertVerificationError):
        why = getattr(error, "verify_message", reason)
        return _error(
            f"{who}: the certificate of {host} cannot be trusted ({why})",
            "Check the host name. A server of your own with its own authority needs that"
            " authority's certificate in the settings; never turn the check off.",
            transient=False,
        )
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return _error(f"{who}: {host} ended the connection while encrypting", _TRY_AGAIN)
    if reason == "WRONG_VERSION_NUMBER":
        return _error(
            f"{who}: {host} does not speak TLS on port {port}",
            "Check port and security: tls is usually port 993, starttls port 143.",
            transient=False,
        )
    return _error(f"{who}: no encrypted connection to {host} ({reason})", _TRY_AGAIN)


def _network(error: OSError, who: str, host: str, port: int) -> MailSourceError:
    if isinstance(error, DeadlinePassed):
        return _error(
            f"{who}: reading took longer than one poll may",
            "What was read is kept; the next poll goes on from there.",
        )
    if isinstance(error, TimeoutError):
        return _error(f"{who}: {host} does not answer", _TRY_AGAIN)
    if isinstance(error, socket.gaierror):
        return _error(
            f"{who}: the server {host} cannot be found",
            "Check the host name in the settings and the internet connection.",
        )
    if isinstance(error, ConnectionRefusedError):
        return _error(
            f"{who}: {host} accepts no connection on port {port}",
            "Check host and port in the settings; the server may also be down for a while.",
        )
    return _error(
        f"{who}: the connection to {host} broke ({error.strerror or type(error).__name__})",
        _TRY_AGAIN,
    )


def backoff_seconds(said: str) -> float | None:
    """Return how long a server wishes us to wait; Exchange counts in milliseconds."""
    match = _BACKOFF.search(said)
    if match is None:
        return None
    unit = (match[2] or "ms").lower()
    return int(match[1]) / (1_000 if unit.startswith("m") else 1)


def _short(said: str) -> str:
    """Return what a server said on one line and not too long; it is not ours to trust."""
    line = " ".join(said.split())
    printable = "".join(c for c in line if c.isprintable())
    return printable[:_MAX_SAID] or "no reason given"
