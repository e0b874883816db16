"""The client's connection with a pace: a time limit on every read and a deadline over them all.

imapclient opens, encrypts and signs in; this replaces only how its socket is read.
"""

from __future__ import annotations

import imaplib
import io
import socket
import time
from dataclasses import dataclass
from typing import Any

import imapclient
from imapclient import imap4, tls

MAX_LINE = 256 * 1024 * 1024  # a SEARCH answer of millions of UIDs is one line
_BUFFER = 16 * 1024  # TLS never gives more at once; each connection that is kept has one


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
        return count


class _Paced(imaplib.IMAP4):
    """imaplib reading through a pace, and lines of any length (its own limit is 1 MB)."""

    pace: Pace
    # imaplib makes up a tag for each connection, and with it a pattern that has to be compiled.
    tagpre = property(lambda _self: b"S", lambda _self, _made_up: None)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self.sock = self._create_socket(self.pace.connect_seconds)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.read_at_pace()

    def read_at_pace(self) -> None:
        """Put the pace between the socket and whoever reads it; again after STARTTLS."""
        self.file = io.BufferedReader(_PacedSocket(self.sock, self.pace), _BUFFER)

    def _get_capabilities(self) -> None:
        """Believe the greeting where it tells: that saves asking, a turn on every connection."""
        told = self.untagged_responses.get("CAPABILITY")
        if told and told[-1]:
            words = told[-1] if isinstance(told[-1], bytes) else b"".join(told[-1])
            self.capabilities = tuple(words.decode("ascii", "replace").upper().split())
        else:
            super()._get_capabilities()  # type: ignore[misc]

    def readline(self) -> bytes:
        line: bytes = self.file.readline(MAX_LINE)  # type: ignore[assignment]
        return line


class _PacedPlain(_Paced, imap4.IMAP4WithTimeout):  # type: ignore[misc]
    def __init__(self, host: str, port: int, pace: Pace) -> None:
        self.pace = pace
        imap4.IMAP4WithTimeout.__init__(self, host, port, pace.connect_seconds)


class _PacedTls(_Paced, tls.IMAP4_TLS):  # type: ignore[misc]
    def __init__(self, host: str, port: int, ssl_context: Any, pace: Pace) -> None:
        self.pace = pace
        tls.IMAP4_TLS.__init__(self, host, port, ssl_context, pace.connect_seconds)


class PacedClient(imapclient.IMAPClient):  # type: ignore[misc]
    """imapclient over a paced connection."""

    def __init__(self, host: str, port: int, *, ssl: bool, ssl_context: Any, pace: Pace) -> None:
        self._pace = pace
        super().__init__(
            host,
            port,
            ssl=ssl,
            ssl_context=ssl_context,
            timeout=imapclient.SocketTimeout(pace.connect_seconds, pace.read_seconds),
        )
        self._imap.debug = 0  # imapclient sets 5: every answer would be formatted for a log
        self.normalise_times = False

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802
        if self.ssl:
            return _PacedTls(self.host, self.port, self.ssl_context, self._pace)
        return _PacedPlain(self.host, self.port, self._pace)

    def starttls(self, ssl_context: Any = None) -> Any:
        """Encrypt the connection; what follows is read at the same pace."""
        answer = super().starttls(ssl_context)
        self._imap.file.close()
        self._imap.read_at_pace()
        return answer
