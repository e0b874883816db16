"""Signs in on an open connection, and learns what the server can do. Reads no mail."""

from __future__ import annotations

import contextlib
import imaplib
import re
from collections.abc import Sequence
from functools import lru_cache

from imapclient import exceptions

from inboxwatch.adapters.imap.endpoint import Credentials, Endpoint, Mechanism
from inboxwatch.adapters.imap.faults import SignInRefused
from inboxwatch.adapters.imap.pace import Dialogue, PacedImap
from inboxwatch.adapters.imap.wire import Pending, Reply, ServerSaidBye, Wire

_CAPABILITY = re.compile(r"\[CAPABILITY ([^\]]*)\]", re.IGNORECASE)


def login_of(imap: PacedImap, endpoint: Endpoint, credentials: Credentials) -> bytes | None:
    """Return the LOGIN that others may follow at once; None where signing in is a dialogue.

    What a server greets with before the encryption is not believed: then it is asked first.
    """
    if endpoint.security == "starttls":
        imap.untagged_responses.pop("CAPABILITY", None)
        imap._get_capabilities()
    said = endpoint.username + credentials.secret
    is_plain = said.isascii() and said.isprintable() and '"' not in said and "\\" not in said
    if credentials.mechanism is not Mechanism.PASSWORD or not is_plain:
        return None
    if "LOGINDISABLED" in imap.capabilities or imap.state != "NONAUTH":
        return None
    if "XAPPLEPUSHSERVICE" in imap.capabilities:
        return None  # iCloud may have to be asked by two names
    return f'LOGIN "{endpoint.username}" "{credentials.secret}"'.encode("ascii")


def sign_in_along(
    wire: Wire, login: bytes, along: Sequence[bytes], ahead: dict[bytes, Pending], secret: str
) -> frozenset[str]:
    """Sign in and send commands with it; return what the server says that it can do, if it does.

    Raises:
        SignInRefused: the server took neither. What it answers to the rest is read first.
    """
    try:
        signing, *rest = wire.start([login, *along])
        (reply,) = wire.finish([signing])
    except ServerSaidBye as bye:
        raise ServerSaidBye(_without(str(bye), secret)) from None
    except imaplib.IMAP4.abort:
        raise imaplib.IMAP4.abort("the server hung up during sign-in") from None
    if not reply.is_ok:
        with contextlib.suppress(imaplib.IMAP4.abort, OSError):
            wire.finish(rest)
        raise SignInRefused(_without(reply.text, secret))
    ahead.update(zip(along, rest, strict=True))
    code = _CAPABILITY.search(reply.text)
    words = code[1] if code is not None else ""
    return _words(words) or _listed(reply)


def sign_in(client: Dialogue, endpoint: Endpoint, credentials: Credentials) -> None:
    """Sign in by a dialogue, as the credentials need it.

    Raises:
        SignInRefused: the server took neither password nor token.
        imaplib.IMAP4.abort, OSError: the connection ended.
    """
    imap = client._imap
    before = frozenset(imap.capabilities)
    imap.untagged_responses.pop("CAPABILITY", None)  # what follows the sign-in is what counts
    try:
        _sign_in_as(client, endpoint.username, credentials, before)
    except SignInRefused:
        # iCloud knows some accounts by their whole address, others by what is before the @.
        name, at, _domain = endpoint.username.partition("@")
        if not at or "XAPPLEPUSHSERVICE" not in before:
            raise
        _sign_in_as(client, name, credentials, before)


def _sign_in_as(
    client: Dialogue, username: str, credentials: Credentials, before: frozenset[str]
) -> None:
    imap = client._imap
    is_ascii = username.isascii() and credentials.secret.isascii()
    try:
        if credentials.mechanism is Mechanism.XOAUTH2:
            client.oauth2_login(username, credentials.secret)
        elif credentials.mechanism is Mechanism.OAUTHBEARER:
            client.oauthbearer_login(username, credentials.secret)
        elif is_ascii and "LOGINDISABLED" not in before:
            client.login(username, credentials.secret)
        else:
            # LOGIN is sent in ASCII; a pound sign in a password needs AUTHENTICATE.
            client.plain_login(username, credentials.secret)
    except (exceptions.LoginError, imaplib.IMAP4.abort) as error:
        # imapclient calls a hang-up a failed login too, and imaplib quotes what it had read.
        bye = imap.untagged_responses.get("BYE")
        if bye:
            raise ServerSaidBye(_without(text_of(bye[-1]), credentials.secret)) from None
        if isinstance(error, imaplib.IMAP4.abort) or isinstance(
            error.__context__, imaplib.IMAP4.abort
        ):
            raise imaplib.IMAP4.abort("the server hung up during sign-in") from None
        by_token = credentials.mechanism is not Mechanism.PASSWORD
        said = _without(str(error), credentials.secret)
        raise SignInRefused(said, by_token=by_token) from None


def said_by(imap: PacedImap) -> frozenset[str]:
    """Return what the server said that it can do while signing in; most do."""
    told = imap.untagged_responses.get("CAPABILITY")
    return _words(text_of(told[-1])) if told and told[-1] else frozenset()


def capabilities(wire: Wire) -> frozenset[str]:
    """Ask the server what it can do."""
    return _listed(wire.run_one(b"CAPABILITY").check())


def _listed(reply: Reply) -> frozenset[str]:
    return _words(
        " ".join(
            text_of(response[0][13:])
            for response in reply.untagged
            if response[0][:13].upper() == b"* CAPABILITY "
        )
    )


@lru_cache(maxsize=64)
def _words(said: str) -> frozenset[str]:
    """Return the words in upper case; one set for all accounts of a server, which say the same."""
    return frozenset(said.upper().split())


def _without(said: str, secret: str) -> str:
    """Return what a server said, without a secret that it may have repeated."""
    if said[:2] in ("b'", 'b"') and said[-1:] == said[1]:
        said = said[2:-1]  # imaplib wraps bytes
    return said.replace(secret, "***") if secret else said


def text_of(value: object) -> str:
    """Return what a server said as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
