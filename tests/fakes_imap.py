"""A small IMAP server on loopback whose manners can be made those of odd real ones."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes

_SET_STAR = 2**32
_SECTION = re.compile(r"BODY\.PEEK\[([^\]]*)\](?:<0\.(\d+)>)?")

Find = Callable[[str, str, bytes], bool]  # key, what is looked for, the value of the field


def by_substring(key: str, wanted: str, value: bytes) -> bool:
    """As RFC 9051 has it."""
    return wanted.lower().encode() in value.lower()


def by_display_name(key: str, wanted: str, value: bytes) -> bool:
    """As Exchange was seen to do it: FROM looks at the display name alone."""
    return by_substring(key, wanted, value.partition(b"<")[0] if b"<" in value else b"")


def by_nothing(key: str, wanted: str, value: bytes) -> bool:
    """As iCloud was seen to do it: no string is found."""
    return False


@dataclass
class FakeMessage:
    uid: int
    raw: bytes
    labels: str = ""  # as X-GM-LABELS shows them
    thread: int = 0
    structure: str = ""  # in place of the right one
    refused: bool = False
    at: datetime = datetime(2026, 11, 2, 10, tzinfo=UTC)  # when it was received


@dataclass
class FakeFolder:
    flags: str = ""
    messages: list[FakeMessage] = field(default_factory=list)
    uidvalidity: int = 1
    uidnext: int = 0  # 0: behind the last message there ever was
    raw_name: str = ""
    highest: int = 0  # the highest UID given so far

    def put(self, raw: bytes, **about: object) -> FakeMessage:
        uid = max((m.uid for m in self.messages), default=0)
        self.highest = uid = max(uid, self.highest) + 1
        message = FakeMessage(uid=uid, raw=raw, **about)  # type: ignore[arg-type]
        self.messages.append(message)
        return message


@dataclass
class FakeImap:
    """What the server has and how it behaves; `script` answers in its place when it gives bytes."""

    capabilities: str = "IMAP4rev1 UNSELECT"
    greeting: str = "ready"
    folders: dict[str, FakeFolder] = field(default_factory=dict)
    find: Find = by_substring
    session: "type[Session] | None" = None  # how it answers, where not as a plain server
    script: Callable[[str], bytes | None] | None = None
    commands: list[str] = field(default_factory=list)
    port: int = 0

    def folder(self, name: str, flags: str = "", **about: object) -> FakeFolder:
        self.folders[name] = FakeFolder(flags=flags, **about)  # type: ignore[arg-type]
        return self.folders[name]

    def answer(self, session: "Session", line: str) -> bytes:
        tag, _, command = line.partition(" ")
        session.tag, session.done = tag, "OK done"
        self.commands.append(command)
        said = self.script(command) if self.script is not None else None
        if said is not None:
            return said.replace(b"TAG", tag.encode())
        body = session.run(command)
        if isinstance(body, str):  # a refusal
            return f"{tag} {body}\r\n".encode()
        return b"".join(body) + f"{tag} {session.done}\r\n".encode()


class Session:
    """One connection; a server of other manners overrides what it does in another way."""

    def __init__(self, server: FakeImap) -> None:
        self.server = server
        self.open: FakeFolder | None = None
        self.tag = ""
        self.done = "OK done"  # how the present command ends

    def seen(self, folder: FakeFolder) -> Sequence[FakeMessage]:
        """What a folder shows of its messages."""
        return folder.messages

    def run(self, command: str) -> list[bytes] | str:
        name, _, rest = command.partition(" ")
        if name == "UID":
            name, _, rest = rest.partition(" ")
        method = getattr(self, f"do_{name.lower()}", None)
        return method(rest) if method is not None else "BAD unknown command"

    def do_login(self, rest: str) -> list[bytes]:
        return [f"* CAPABILITY {self.server.capabilities}\r\n".encode()]

    do_capability = do_login

    def do_id(self, rest: str) -> list[bytes]:
        return [b"* ID NIL\r\n"]

    def do_unselect(self, rest: str) -> list[bytes]:
        self.open = None
        return []

    do_close = do_noop = do_unselect

    def do_logout(self, rest: str) -> list[bytes]:
        return [b"* BYE bye\r\n"]

    def do_list(self, rest: str) -> list[bytes]:
        return [
            f'* LIST ({folder.flags}) "/" "{folder.raw_name or name}"\r\n'.encode()
            for name, folder in self.server.folders.items()
        ]

    def do_status(self, rest: str) -> list[bytes] | str:
        folder = self._named(rest)
        if folder is None:
            return "NO no such folder"
        counts = f"MESSAGES {len(self.seen(folder))} UIDNEXT {_uidnext(folder)}"
        raw = rest.partition(" (")[0]
        return [f"* STATUS {raw} ({counts} UIDVALIDITY {folder.uidvalidity})\r\n".encode()]

    def do_examine(self, rest: str) -> list[bytes] | str:
        self.open = folder = self._named(rest)
        if folder is None:
            return "NO no such folder"
        return [
            f"* {len(self.seen(folder))} EXISTS\r\n".encode(),
            f"* OK [UIDVALIDITY {folder.uidvalidity}] ok\r\n".encode(),
            f"* OK [UIDNEXT {_uidnext(folder)}] ok\r\n".encode(),
        ]

    def do_search(self, rest: str) -> list[bytes] | str:
        if self.open is None:
            return "BAD nothing is selected"
        found = self.found(rest, self.seen(self.open))
        return [b"* SEARCH " + " ".join(map(str, found)).encode() + b"\r\n"]

    def found(self, program: str, among: Sequence[FakeMessage]) -> list[int]:
        """The UIDs of the messages that a search program finds."""
        words = re.findall(r'"(?:[^"\\]|\\.)*"|\S+', program)
        return [m.uid for m in among if self._matches(iter(words), m)]

    def do_fetch(self, rest: str) -> list[bytes] | str:
        if self.open is None:
            return "BAD nothing is selected"
        wanted, _, items = rest.partition(" ")
        by_uid = self.server.commands[-1].startswith("UID")
        here = self.seen(self.open)
        last = (here[-1].uid if by_uid else len(here)) if here else 0
        chosen = [
            (number, message)
            for number, message in enumerate(here, 1)
            if _in_set(message.uid if by_uid else number, wanted, last)
        ]
        if "BODY" in items and any(message.refused for _, message in chosen):
            return "NO [SERVERBUG] cannot fetch"
        return [_fetched(number, message, items) for number, message in chosen]

    def _named(self, rest: str) -> FakeFolder | None:
        match = re.match(r'"((?:[^"\\]|\\.)*)"', rest)
        assert match is not None
        name = match[1].replace('\\"', '"').replace("\\\\", "\\")
        return next(
            (
                folder
                for known, folder in self.server.folders.items()
                if name in (known, folder.raw_name) or name.upper() == known.upper() == "INBOX"
            ),
            None,
        )

    def _matches(self, words: Iterator[str], message: FakeMessage) -> bool:
        return all(list(self._keys(words, message)))

    def _keys(self, words: Iterator[str], message: FakeMessage) -> Iterator[bool]:
        for word in words:
            yield self._key(word, words, message)

    def _key(self, word: str, words: Iterator[str], message: FakeMessage) -> bool:
        if word == "OR":
            first = self._key(next(words), words, message)
            return self._key(next(words), words, message) or first
        if word == "UID":
            return _in_set(message.uid, next(words), _SET_STAR)
        if word[0].isdigit() and self.open is not None:
            number = self.open.messages.index(message) + 1
            return _in_set(number, word, len(self.open.messages))
        if word == "X-GM-RAW":
            return any(
                term.partition(":")[2].encode() in message.raw.lower()
                for term in next(words).strip('"{}').split()
            )
        header = next(words) if word == "HEADER" else word
        value = str(message_from_bytes(message.raw).get(header, "")).encode()
        return self.server.find(header, next(words).strip('"'), value)


def _uidnext(folder: FakeFolder) -> int:
    return folder.uidnext or max(folder.highest, *(m.uid for m in folder.messages), 0) + 1


def _in_set(number: int, written: str, last: int) -> bool:
    for part in written.split(","):
        low, _, high = part.partition(":")
        ends = [last if end == "*" else int(end) for end in (low, high or low)]
        if min(ends) <= number <= max(ends):
            return True
    return False


def _fetched(number: int, message: FakeMessage, items: str) -> bytes:
    header, _, body = message.raw.partition(b"\r\n\r\n")
    said = [f"UID {message.uid}".encode()]
    if "INTERNALDATE" in items:
        said.append(f'INTERNALDATE "{message.at:%d-%b-%Y %H:%M:%S %z}"'.encode())
    if "RFC822.SIZE" in items:
        said.append(b"RFC822.SIZE %d" % len(message.raw))
    if "X-GM-THRID" in items:
        said.append(f"X-GM-THRID {message.thread} X-GM-LABELS ({message.labels})".encode())
    if "BODYSTRUCTURE" in items:
        right = f'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" {len(body)} 1 NIL NIL NIL)'
        said.append(b"BODYSTRUCTURE " + (message.structure or right).encode())
    for section, size in _SECTION.findall(items):
        content = message.raw if section == "" else body
        if section.startswith("HEADER.FIELDS"):
            names = section.partition("(")[2].strip(")").split()
            content = _fields(header, names) + b"\r\n"
        content = content[: int(size)] if size else content
        partial = "<0>" if size else ""
        said.append(f"BODY[{section}]{partial} {{{len(content)}}}\r\n".encode() + content)
    return f"* {number} FETCH (".encode() + b" ".join(said) + b")\r\n"


def _fields(header: bytes, names: Sequence[str]) -> bytes:
    lines = header.split(b"\r\n")
    return b"".join(
        line + b"\r\n" for line in lines if line.partition(b":")[0].decode().upper() in names
    )


def _serve(server: FakeImap, client: socket.socket) -> None:
    with client, contextlib.suppress(OSError), client.makefile("rb") as lines:
        greeting = f"* OK [CAPABILITY {server.capabilities}] {server.greeting}\r\n"
        client.sendall(greeting.encode())
        session = (server.session or Session)(server)
        for line in lines:
            said = server.answer(session, line.decode().rstrip("\r\n"))
            client.sendall(said)
            if b"* BYE" in said:
                return


@contextmanager
def running(server: FakeImap) -> Iterator[FakeImap]:
    """Run the server until the end of the block; `server.port` is where."""
    threads: list[threading.Thread] = []

    def accept(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                client.settimeout(20)
                threads.append(threading.Thread(target=_serve, args=(server, client), daemon=True))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        accepting = threading.Thread(target=accept, args=(listener,), daemon=True)
        accepting.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join(5)
        for thread in threads:
            thread.join(1)
