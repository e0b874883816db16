"""Puts mail into any IMAP server on loopback the way a mail program does."""

import re
import socket
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

import imapclient

from tests.servers.dovecot import User


class ImapServer(Protocol):
    """A server with users of its own, on a plain loopback port."""

    @property
    def port(self) -> int:
        """Where it listens."""

    def new_user(self) -> User:
        """Add a user whose INBOX is empty."""


def signed_in(server: ImapServer, user: User) -> imapclient.IMAPClient:
    """A client with `user` signed in; use it in `with`."""
    client = imapclient.IMAPClient("127.0.0.1", server.port, ssl=False, timeout=30)
    # A message and its end go out apart: without, each waits for the other side's 40 ms.
    client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.login(user.name, user.password)
    return client


def fill(
    server: ImapServer,
    user: User,
    folder: str,
    mails: Iterable[bytes],
    *,
    at: datetime | None = None,
) -> None:
    """Append mails to a folder, in order; `at` (aware) is when they were received."""
    when = at or datetime.now(UTC)
    with signed_in(server, user) as client:
        for mail in mails:
            client.append(folder, re.sub(rb"\r?\n", b"\r\n", mail), (), when)
