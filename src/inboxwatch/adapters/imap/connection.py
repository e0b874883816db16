"""Opens a connection and signs in. Reads no mail."""

from __future__ import annotations

import contextlib
import imaplib
import ipaddress
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from imapclient import exceptions

from inboxwatch.adapters.imap.faults import SignInRefused
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.pace import Pace, PacedClient
from inboxwatch.adapters.imap.wire import Pending, Reply, ServerSaidBye, Wire
from inboxwatch.domain.errors import MailSourceError

_CAPABILITY = re.compile(r"\[CAPABILITY ([^\]]*)\]", re.IGNORECASE)
_IDENTITY = b'ID ("name" "inboxwatch")'


class Mechanism(Enum):
    """How an account signs in."""

    PASSWORD = "password"  # noqa: S105
    XOAUTH2 = "xoauth2"
    OAUTHBEARER = "oauthbearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A password or an access token, and how it is shown.

    Args:
        forget: told that the server would not take a token, so that the next one asked for is
            another; None where asking again gives the same.
    """

    secret: str
    mechanism: Mechanism = Mechanism.PASSWORD
    forget: Callable[[], None] | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.mechanism.value})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where an account's mail is and who asks for it.

    Args:
        security: `tls`, `starttls` or `plain`; plain only on this machine, or when `allow_plain`.
        credentials: asked at each connection, so that a token is fresh.
        ssl_context: one for the whole program; making one costs more than a poll.
    """

    host: str
    port: int
    security: str
    username: str
    credentials: Callable[[], Credentials]
    ssl_context: ssl.SSLContext | None
    allow_plain: bool = False


@dataclass(slots=True)
class Connection:
    """A signed-in connection: its wire, and what the server says it can do."""

    client: PacedClient
    wire: Wire
    pace: Pace
    capabilities: frozenset[str]
    greeting: str
    sends_vanished: bool = False
    ahead: dict[bytes, Pending] = field(default_factory=dict)  # sent along with the sign-in

    def can(self, capability: str) -> bool:
        """Tell whether the server advertises a capability (upper case)."""
        return capability in self.capabilities

    @property
    def is_gmail(self) -> bool:
        """Whether the server has Gmail's extensions."""
        return self.can("X-GM-EXT-1")

    @property
    def searches_badly(self) -> bool:
        """Whether SEARCH is known not to find everything: iCloud and Exchange."""
        return (
            self.can("XAPPLEPUSHSERVICE")
            or "microsoft exchange" in self.greeting.lower()
            or "outlook" in self.greeting.lower()
        )

    @property
    def is_limited(self) -> bool:
        """Whether the server does a command for some messages only, and leaves the rest to us."""
        return any(capability.startswith("MESSAGELIMIT=") for capability in self.capabilities)

    @property
    def message_limit(self) -> int:
        """For how many messages the server does one command (RFC 9738); 1,000 unless it says."""
        said = [c.partition("=")[2] for c in self.capabilities if c.startswith("MESSAGELIMIT=")]
        return int(said[0]) if said and said[0].isdigit() and int(said[0]) else 1_000

    def close(self, *, politely: bool = True) -> None:
        """Log out without waiting for the answer, and let go."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
            if politely:
                self.wire.say(b"LOGOUT")
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
            self.client.shutdown()


def connect(
    endpoint: Endpoint, limits: Limits, pace: Pace, *, along: Sequence[bytes] = ()
) -> Connection:
    """Open a connection and sign in.

    A token may be void before its time: revoked, or the server's clock is ahead. So one that is
    refused is renewed once, at once, and tried on a connection of its own.

    Args:
        along: commands to send in the same turn as the sign-in, where that is safe: they are in
            `Connection.ahead` then. A server that refuses the sign-in refuses them too.

    Raises:
        SignInRefused: the server took neither password nor token.
        MailSourceError: an unencrypted connection was asked for to a distant server.
        imaplib.IMAP4.error, OSError: as the network or the server failed.
    """
    secure = endpoint.security != "plain"
    if not secure and not endpoint.allow_plain and not _is_this_machine(endpoint.host):
        raise MailSourceError(
            f"{endpoint.host} would be read without encryption",
            remedy="Set security to tls (port 993) or starttls (port 143).",
            transient=False,
        )
    if secure and endpoint.ssl_context is None:
        raise ValueError("an encrypted connection needs the shared SSLContext")
    credentials = endpoint.credentials()
    try:
        return _connected(endpoint, credentials, pace, along)
    except SignInRefused:
        if credentials.forget is None:
            raise
        credentials.forget()
        return _connected(endpoint, endpoint.credentials(), pace, along)


def _connected(
    endpoint: Endpoint, credentials: Credentials, pace: Pace, along: Sequence[bytes]
) -> Connection:
    client = PacedClient(
        endpoint.host,
        endpoint.port,
        ssl=endpoint.security == "tls",
        ssl_context=endpoint.ssl_context if endpoint.security == "tls" else None,
        pace=pace,
    )
    try:
        greeting = _text(client.welcome)
        if endpoint.security == "starttls":
            client.starttls(endpoint.ssl_context)
        wire = Wire(client._imap)
        ahead: dict[bytes, Pending] = {}
        login = _login(client, endpoint, credentials)
        if login is not None and along:
            told = _sign_in_along(wire, login, along, ahead, credentials.secret)
        else:
            _sign_in(client, endpoint, credentials)
            told = _told(client)
        connection = Connection(
            client=client,
            wire=wire,
            pace=pace,
            capabilities=told or _capabilities(wire),
            greeting=greeting,
            ahead=ahead,
        )
    except BaseException:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            client.shutdown()
        raise
    if connection.can("ID"):
        wire.later(_IDENTITY)
    # iCloud advertises QRESYNC through a proxy that loses mail with it.
    if connection.can("QRESYNC") and connection.can("ENABLE") and not connection.searches_badly:
        wire.later(b"ENABLE QRESYNC")
        connection.sends_vanished = True
    return connection


def _login(client: PacedClient, endpoint: Endpoint, credentials: Credentials) -> bytes | None:
    """Return the LOGIN that others may follow at once; None where signing in is a dialogue.

    What a server greets with before the encryption is not believed: then it is asked first.
    """
    imap = client._imap
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


def _sign_in_along(
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


def _sign_in(client: PacedClient, endpoint: Endpoint, credentials: Credentials) -> None:
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
    client: PacedClient, username: str, credentials: Credentials, before: frozenset[str]
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
            raise ServerSaidBye(_without(_text(bye[-1]), credentials.secret)) from None
        if isinstance(error, imaplib.IMAP4.abort) or isinstance(
            error.__context__, imaplib.IMAP4.abort
        ):
            raise imaplib.IMAP4.abort("the server hung up during sign-in") from None
        by_token = credentials.mechanism is not Mechanism.PASSWORD
        said = _without(str(error), credentials.secret)
        raise SignInRefused(said, by_token=by_token) from None


def _told(client: PacedClient) -> frozenset[str]:
    """Return what the server said that it can do while signing in; most do."""
    told = client._imap.untagged_responses.get("CAPABILITY")
    return _words(_text(told[-1])) if told and told[-1] else frozenset()


def _capabilities(wire: Wire) -> frozenset[str]:
    return _listed(wire.run_one(b"CAPABILITY").check())


def _listed(reply: Reply) -> frozenset[str]:
    return _words(
        " ".join(
            _text(response[0][13:])
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


def _is_this_machine(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _text(value: bytes | str) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
