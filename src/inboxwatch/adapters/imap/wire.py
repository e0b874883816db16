"""Sends commands, several at a time, and reads the answers. Knows framing, not meaning.

It reads through imaplib's own `send`, `readline` and `read`, so that imapclient's connection,
encryption and sign-in stay as they are; its parser, which takes most of its time, is not used.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from inboxwatch.adapters.imap.tokens import Response

_LITERAL = re.compile(rb"\{(\d+)\+?\}\r?\n$")
_STATUS_TEXT = re.compile(rb"(?:\*|\w+) (?:OK|NO|BAD|BYE|PREAUTH)\b", re.IGNORECASE)
_CODE = re.compile(rb"\[([A-Za-z0-9-]+)")
_TAGGED = re.compile(rb'\(TAG "?([^" )]+)"?\)', re.IGNORECASE)
_POOLED = (b"FETCH", b"STATUS")
_MAX_LITERAL = 128 * 1024 * 1024
_PIECE = 1024 * 1024


class CommandRefused(Exception):
    """The server answered NO or BAD. `text` is what it said, `code` its response code."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        found = _CODE.search(text.encode())
        self.code = found[1].decode().upper() if found else ""

    @property
    def is_about_the_account(self) -> bool:
        """Whether it would be the same for every folder: too much was asked for of late."""
        return self.code in ("THROTTLED", "OVERQUOTA", "LIMIT") or "backoff" in self.text.lower()

    @property
    def is_passing(self) -> bool:
        """Whether it says nothing of what was asked for: the same command may be done later."""
        return self.is_about_the_account or self.code in ("UNAVAILABLE", "INUSE")


class ServerSaidBye(imaplib.IMAP4.abort):
    """The server ended the session and may have said why."""


@dataclass(slots=True)
class Reply:
    """The answer to one command: how it ended, and the untagged responses before that."""

    status: str
    text: str
    untagged: list[Response] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        """Whether the command was done."""
        return self.status == "OK"

    def check(self) -> Reply:
        """Return this reply.

        Raises:
            CommandRefused: the command was not done.
        """
        if not self.is_ok:
            raise CommandRefused(self.status, self.text)
        return self


@dataclass(slots=True)
class Pending:
    """A command that was sent. `reply` is there once the server has ended it."""

    command: bytes
    kind: bytes
    untagged: list[Response]
    reply: Reply | None = None


class Wire:
    """A connection as commands and replies. `turns` counts the times it spoke."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self._imap = imap
        self._serial = 0
        self._later: list[bytes] = []
        self._ignored: set[bytes] = set()
        self._bye: str | None = None
        self._open: dict[bytes, Pending] = {}
        self.turns = 0

    def later(self, command: bytes) -> None:
        """Send a command with the next turn; nobody waits for its answer."""
        self._later.append(command)

    def run(self, commands: Sequence[bytes]) -> list[Reply]:
        """Send commands at once and return their replies, in order.

        Raises:
            imaplib.IMAP4.abort: the connection ended.
            OSError: it broke, or the server is silent.
        """
        return self.finish(self.start(commands))

    def start(self, commands: Sequence[bytes]) -> list[Pending]:
        """Send commands at once, wait for nothing; `finish` gives their replies.

        A server may finish them in another order: Dovecot answers a FETCH before the SEARCH that
        was asked first, and ends two FETCHes after the answers to both. So an untagged response
        goes to the first open command of its kind, and all FETCHes that are open together share
        one list, as all STATUSes do: those answers say themselves what they are about.
        """
        if not commands:
            return []
        quiet = [(self._tag(), command) for command in self._later]
        self._later = []
        asked = [(self._tag(), command) for command in commands]
        self.turns += 1
        self._ignored.update(tag for tag, _command in quiet)
        pools = {kind: self._shared(kind) for kind in _POOLED}
        pending = []
        for tag, command in asked:
            kind = _kind(command)
            self._open[tag] = Pending(command, kind, pools.get(kind, []))
            pending.append(self._open[tag])
        self._imap.send(b"".join(tag + b" " + text + b"\r\n" for tag, text in (*quiet, *asked)))
        return pending

    def finish(self, pending: Sequence[Pending]) -> list[Reply]:
        """Read until these commands have ended; return their replies, in order."""
        replies = []
        for one in pending:
            while one.reply is None:
                self._take()
            replies.append(one.reply)
        return replies

    def _shared(self, kind: bytes) -> list[Response]:
        """Return the list of the open commands of a kind, a new one when there are none."""
        return next((one.untagged for one in self._open.values() if one.kind == kind), [])

    def run_one(self, command: bytes) -> Reply:
        """Send one command and return its reply."""
        return self.run((command,))[0]

    def say(self, command: bytes) -> None:
        """Send a command that nothing follows."""
        self._imap.send(self._tag() + b" " + command + b"\r\n")

    def _tag(self) -> bytes:
        self._serial += 1
        return b"w%d" % self._serial

    def _take(self) -> None:
        """Read one response and give it to the command it belongs to."""
        try:
            response = self._response()
        except (imaplib.IMAP4.abort, OSError) as lost:
            if self._bye is not None:
                raise ServerSaidBye(self._bye) from lost
            raise
        line = response[0]
        if line.startswith(b"* "):
            if line[2:6].upper() == b"BYE ":
                self._bye = _said(line[6:])
            else:
                _owner(self._open, line).append(response)
            return
        tag, _, rest = line.partition(b" ")
        if tag in self._open:
            status, _, text = rest.partition(b" ")
            said_so = status.strip().upper().decode("ascii", "replace")
            ended = self._open.pop(tag)
            ended.reply = Reply(said_so, _said(text), ended.untagged)
        elif tag in self._ignored:
            self._ignored.discard(tag)
        elif self._bye is not None:
            raise ServerSaidBye(self._bye)

    def _response(self) -> Response:
        """Read one response: a line, and with it every literal and the line behind that."""
        line = self._line()
        while line in (b"\r\n", b"\n"):  # some servers send an empty line after a literal
            line = self._line()
        response = [line]
        if not line.endswith((b"}\r\n", b"}\n")) or _STATUS_TEXT.match(line):
            return response
        while (literal := _LITERAL.search(line)) is not None:
            response.append(self._literal(int(literal[1])))
            line = self._line()
            while line in (b"\r\n", b"\n") and b" FETCH " in response[0].upper():
                line = self._line()
            response.append(line)
        return response

    def _line(self) -> bytes:
        line = self._imap.readline()
        if not line:
            raise imaplib.IMAP4.abort("the server hung up")
        if not line.endswith(b"\n"):
            if line[:6].upper() == b"* BYE ":
                raise ServerSaidBye(_said(line[6:]))
            raise imaplib.IMAP4.abort("the server hung up in the middle of a line")
        return bytes(line)

    def _literal(self, size: int) -> bytes:
        if size > _MAX_LITERAL:
            raise imaplib.IMAP4.abort(f"the server announced {size} bytes at once")
        pieces = []
        left = size
        while left:
            piece = self._imap.read(min(left, _PIECE))
            if not piece:
                raise imaplib.IMAP4.abort("the server hung up in the middle of a message")
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)


def _said(text: bytes) -> str:
    return text.decode("utf-8", "replace").strip()


def _kind(command: bytes) -> bytes:
    words = command.upper().split(b" ", 2)
    return words[1] if words[0] == b"UID" else words[0]


def _owner(open_: dict[bytes, Pending], line: bytes) -> list[Response]:
    """Return the list that an untagged response belongs in."""
    words = line.upper().split(None, 3)
    kind = words[1] if len(words) > 1 else b""
    if kind.isdigit() and len(words) > 2:
        kind = b"FETCH" if words[2] == b"FETCH" else b"EXAMINE"
    elif kind == b"ESEARCH":
        named = _TAGGED.search(line)
        if named is not None and named[1] in open_:
            return open_[named[1]].untagged
        kind = b"SEARCH"
    elif kind == b"VANISHED":
        kind = b"FETCH"
    elif kind in (b"OK", b"FLAGS"):
        kind = b"EXAMINE"
    same = [command for command in open_.values() if command.kind == kind]
    if kind == b"SEARCH":
        # One each; what comes in pieces all the same goes to the last.
        same = [command for command in same if not command.untagged] or same[-1:]
    return (same or list(open_.values()))[0].untagged
