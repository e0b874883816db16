"""A connection with a pace: a time limit on every read and a deadline over them all.

imaplib opens it and reads the greeting; imapclient encrypts by STARTTLS and signs in by dialogue.
"""

from __future__ import annotations

import imaplib
import io
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any

import imapclient

MAX_LINE = 256 * 1024 * 1024  # a SEARCH answer of millions of UIDs is one line
_BUFFER = 16 * 1024  # TLS never gives more at once


class DeadlinePassed(TimeoutError):
    """The poll as a whole took too long."""


@dataclass(slots=True)
class Pace:
    """Limits of waiting, in seconds, and what went over the wire."""

    connect_seconds: float
    read_seconds: float
    deadline: float | None = None  # on the monotonic clock
    bytes_received: int = 0

    def start(self, seconds: float) -> None:
        """Set the deadline."""
        self.deadline = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Return how long the next read may wait.

        Raises:
            DeadlinePassed: not at all.
        """
        if self.deadline is None:
            return self.read_seconds
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise DeadlinePassed("the poll took longer than it may")
        return min(left, self.read_seconds)


class _PacedSocket(io.RawIOBase):
    """Reads a socket; a server that sends one byte a minute still meets the deadline."""

    def __init__(self, sock: socket.socket, pace: Pace) -> None:
        self._sock = sock
        self._pace = pace
        self.received = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._pace.seconds_left())
        try:
            count = self._sock.recv_into(buffer)
        except TimeoutError:
            self._pace.seconds_left()  # says so when it was the deadline
            raise
        self._pace.bytes_received += count
        self.received += count
        return count


class PacedImap(imaplib.IMAP4):
    """imaplib reading through a pace, and lines of any length (its own limit is 1 MB).

    Making one connects, encrypts and reads the greeting.

    Args:
        ssl_context: encrypts from the first byte on; None does not.
    """

    # imaplib makes up a tag for each connection, and with it a pattern that has to be compiled.
    tagpre = property(lambda _self: b"S", lambda _self, _made_up: None)

    def __init__(
        self, host: str, port: int, *, ssl_context: ssl.SSLContext | None, pace: Pace
    ) -> None:
        self.pace = pace
        self._ssl_context = ssl_context
        super().__init__(host, port)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect, within the pace's own limit, and encrypt."""
        self.host, self.port = host, port
        self.sock = socket.create_connection((host, port), self.pace.connect_seconds)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._ssl_context is not None:
            self.sock = self._ssl_context.wrap_socket(self.sock, server_hostname=host)
        self.read_at_pace()

    def read_at_pace(self) -> None:
        """Put the pace between the socket and whoever reads it; again after STARTTLS."""
        self._raw = _PacedSocket(self.sock, self.pace)
        self._taken = 0
        self.file = io.BufferedReader(self._raw, _BUFFER)

    def rest(self) -> None:
        """Give the buffer back until something is said again, unless something waits in it."""
        if isinstance(self.file, io.BufferedReader) and self._taken == self._raw.received:
            self.file.detach()  # else it closes what it reads from
            self.file = self._raw  # type: ignore[assignment]

    def send(self, data: Any) -> None:
        """Send; who speaks will read."""
        if not isinstance(self.file, io.BufferedReader):
            self.file = io.BufferedReader(self._raw, _BUFFER)
        super().send(data)

    def _get_capabilities(self) -> None:
        """Believe the greeting where it tells: that saves asking, a turn on every connection."""
        told = self.untagged_responses.get("CAPABILITY")
        if told and told[-1]:
            words = told[-1] if isinstance(told[-1], bytes) else b"".join(told[-1])
            self.capabilities = tuple(words.decode("ascii", "replace").upper().split())
        else:
            super()._get_capabilities()  # type: ignore[misc]

    def readline(self) -> bytes:
        """Read one line."""
        line: bytes = self.file.readline(MAX_LINE)  # type: ignore[assignment]
        self._taken += len(line)
        return line

    def read(self, size: int) -> bytes:
        """Read so many bytes."""
        found: bytes = self.file.read(size)  # type: ignore[assignment]
        self._taken += len(found)
        return found


class Dialogue(imapclient.IMAPClient):  # type: ignore[misc]
    """imapclient on a connection that is open, for what is said in turns: STARTTLS, signing in."""

    def __init__(self, imap: PacedImap) -> None:
        self._opened = imap
        wait = imapclient.SocketTimeout(imap.pace.connect_seconds, imap.pace.read_seconds)
        super().__init__(imap.host, imap.port, ssl=False, timeout=wait)
        self._imap.debug = 0  # imapclient sets 5: every answer would be formatted for a log

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802
        return self._opened

    def starttls(self, ssl_context: Any = None) -> Any:
        """Encrypt the connection; what follows is read at the same pace."""
        answer = super().starttls(ssl_context)
        self._opened.file.close()
        self._opened.read_at_pace()
        return answer
