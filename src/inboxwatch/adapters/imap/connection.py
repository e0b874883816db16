"""Opens a connection and signs in. Reads no mail."""

from __future__ import annotations

import contextlib
import imaplib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field

from inboxwatch.adapters.imap.endpoint import Credentials, Endpoint
from inboxwatch.adapters.imap.faults import SignInRefused
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.pace import Dialogue, Pace, PacedImap
from inboxwatch.adapters.imap.signin import (
    capabilities,
    login_of,
    said_by,
    sign_in,
    sign_in_along,
    text_of,
)
from inboxwatch.adapters.imap.wire import Pending, Wire
from inboxwatch.domain.errors import MailSourceError

_IDENTITY = b'ID ("name" "inboxwatch")'


@dataclass(slots=True)
class Connection:
    """A signed-in connection: its wire, and what the server says it can do."""

    imap: PacedImap
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
            self.imap.shutdown()


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
    imap = PacedImap(
        endpoint.host,
        endpoint.port,
        ssl_context=endpoint.ssl_context if endpoint.security == "tls" else None,
        pace=pace,
    )
    try:
        greeting = text_of(imap.welcome)
        if endpoint.security == "starttls":
            Dialogue(imap).starttls(endpoint.ssl_context)
        wire = Wire(imap)
        ahead: dict[bytes, Pending] = {}
        login = login_of(imap, endpoint, credentials)
        if login is not None and along:
            told = sign_in_along(wire, login, along, ahead, credentials.secret)
        else:
            sign_in(Dialogue(imap), endpoint, credentials)
            told = said_by(imap)
        connection = Connection(
            imap=imap,
            wire=wire,
            pace=pace,
            capabilities=told or capabilities(wire),
            greeting=greeting,
            ahead=ahead,
        )
    except BaseException:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            imap.shutdown()
        raise
    if connection.can("ID"):
        wire.later(_IDENTITY)
    # iCloud advertises QRESYNC through a proxy that loses mail with it.
    if connection.can("QRESYNC") and connection.can("ENABLE") and not connection.searches_badly:
        wire.later(b"ENABLE QRESYNC")
        connection.sends_vanished = True
    return connection


def _is_this_machine(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
