"""What is asked of a signed-in server: folders, counts, header blocks, sets of UIDs.

Only EXAMINE and BODY.PEEK: nothing here can change a mailbox.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from inboxwatch.adapters.imap import answers
from inboxwatch.adapters.imap.answers import Counts
from inboxwatch.adapters.imap.connection import Connection
from inboxwatch.adapters.imap.folders import Folder, FolderChoices, encoded, watched
from inboxwatch.adapters.imap.interest import FIELDS
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.partial import rest
from inboxwatch.adapters.imap.pools import counts_by_name, items_of, pooled
from inboxwatch.adapters.imap.uidset import split
from inboxwatch.adapters.imap.wire import CommandRefused, Pending, Reply

HEADERS = b"(UID BODY.PEEK[HEADER.FIELDS (" + " ".join(FIELDS).encode() + b")])"
LIST = b'LIST "" "*"'
_COUNTS = b" (MESSAGES UIDNEXT UIDVALIDITY)"


@dataclass(slots=True)
class Overview:
    """The folders to read, and the counts of each; a refusal where it gave none."""

    folders: tuple[Folder, ...]
    counts: dict[str, Counts | CommandRefused] = field(default_factory=dict)


class Session:
    """Typed commands over one connection. One folder is open at a time, or none."""

    def __init__(self, connection: Connection, limits: Limits, choices: FolderChoices) -> None:
        self.connection = connection
        self.limits = limits
        self._wire = connection.wire
        self._choices = choices
        self._folders: tuple[Folder, ...] = ()
        self._listed_at: float | None = None
        self._open: str | None = None
        self._ahead: dict[bytes, Pending] = dict(connection.ahead)
        self._started: list[Pending] = []

    def overview(self, known: Sequence[str]) -> Overview:
        """Return the watched folders with their counts: one turn when `known` names them all.

        Args:
            known: names of folders seen before, so that their counts need not wait for the list.
        """
        if self._open is not None:
            self.leave()
        names = [folder.name for folder in self._folders] or list(known)
        raws = {folder.name: folder.raw for folder in self._folders}
        again = self._listed_at is None or (
            time.monotonic() - self._listed_at > self.limits.list_again_seconds
        )
        commands = [LIST] if again else []
        commands += [_status(raws.get(name) or encoded(name)) for name in names]
        early = self._ahead.keys() & set(commands)
        replies = self.run(commands)
        for index, command in enumerate(commands):
            if command in early and not replies[index].is_ok:  # too early for this server?
                (replies[index],) = self.run([command])
        if again:
            self._folders = watched(
                tuple(map(tuple, replies.pop(0).check().untagged)),
                self._choices,
                gmail=self.connection.is_gmail,
            )
            self._listed_at = time.monotonic()
        counts = counts_by_name(names, replies)
        if missing := [folder for folder in self._folders if folder.name not in counts]:
            replies = self.run([_status(folder.raw) for folder in missing])
            counts |= counts_by_name([folder.name for folder in missing], replies)
        return Overview(folders=self._folders, counts=counts)

    def named(self, folder: Folder) -> Folder:
        """Return the folder of that name as the server writes it, where it was listed."""
        return next((known for known in self._folders if known.name == folder.name), folder)

    def look_again(self) -> None:
        """List the folders anew at the next overview: a command about one was refused."""
        self._listed_at = None

    def open(self, folder: Folder, ahead: Sequence[bytes] = ()) -> Counts:
        """Open a folder for reading, and ask in the same turn what will be asked first.

        Args:
            ahead: commands whose replies `run` will give without asking again. They are not
                waited for here.

        Raises:
            CommandRefused: it cannot be opened.
        """
        self.leave()
        condstore = b" (CONDSTORE)" if self.connection.can("CONDSTORE") else b""
        opening, *rest = self.start([b"EXAMINE " + quoted(folder.raw) + condstore, *ahead])
        (reply,) = self.finish([opening])
        counts = answers.examined(reply.check().untagged)
        self._open = folder.name
        self._ahead = dict(zip(ahead, rest, strict=True))
        return counts

    def leave(self) -> None:
        """Leave the open folder with the next turn: STATUS of an open folder is not reliable."""
        self._ahead = {}
        self.settle()
        if self._open is not None:
            # CLOSE after EXAMINE expunges nothing (RFC 3501, 6.4.2).
            self._wire.later(b"UNSELECT" if self.connection.can("UNSELECT") else b"CLOSE")
            self._open = None

    def settle(self) -> None:
        """Wait for what was started and is of no use any more: a reader stopped early."""
        self._wire.finish(self._started)
        self._started = []

    def search(self, programs: Iterable[bytes]) -> list[bytes]:
        """Write UID SEARCH commands, with compact answers where the server has them."""
        compact = b"RETURN (ALL) " if self.answers_compactly else b""
        return [b"UID SEARCH " + compact + program for program in programs]

    def present(self, uids: Iterable[int]) -> frozenset[int]:
        """Return which of these UIDs are in the open folder. It trusts no SEARCH.

        Raises:
            CommandRefused: the server does not say.
        """
        asked = frozenset(uids)
        commands = [
            b"UID FETCH " + part.encode() + b" (UID)"
            for part in split(asked, max_bytes=self.limits.command_bytes)
        ]
        replies = [reply.check() for reply in self.run(commands)]
        return asked & items_of(*replies)[0].keys()

    def vanished(self, uids: Iterable[int], since: int) -> frozenset[int]:
        """Return which of these UIDs are gone since a mod-sequence.

        Raises:
            CommandRefused: the server does not say.
        """
        asked = frozenset(uids)
        commands = [
            b"UID FETCH " + part.encode() + b" (UID) (CHANGEDSINCE %d VANISHED)" % since
            for part in split(asked, max_bytes=self.limits.command_bytes)
        ]
        replies = [reply.check() for reply in self.run(commands)]
        return asked & answers.vanished(pooled(replies))

    def headers(self, uids: Iterable[int]) -> tuple[dict[int, bytes], frozenset[int]]:
        """Return the deciding header fields by UID, and the UIDs that the server refuses to read.

        A portion that is refused is halved until the message at fault stands alone.

        Raises:
            CommandRefused: it is not the message that is at fault.
        """
        portions = [tuple(sorted(uids))]
        blocks: dict[int, bytes] = {}
        refused: set[int] = set()
        asked_again: frozenset[int] = frozenset()
        while portions:
            portion = portions.pop()
            commands = [
                b"UID FETCH " + part.encode() + b" " + HEADERS
                for part in split(portion, max_bytes=self.limits.command_bytes)
            ]
            replies = self.run(commands)
            if not all(reply.is_ok for reply in replies):
                self.blame(replies, portion)
                if len(portion) == 1:
                    refused.update(portion)
                else:
                    middle = len(portion) // 2
                    portions += [portion[:middle], portion[middle:]]
                continue
            blocks.update(answers.headers(pooled(replies)))
            if absent := frozenset(portion) - blocks.keys():
                # Gone meanwhile, or left out of the answer, or garbled: none is passed over.
                left_out = self.present(absent)
                refused.update(left_out & asked_again)
                if again := left_out - asked_again:
                    asked_again |= again
                    portions.append(tuple(sorted(again)))
        return blocks, frozenset(refused)

    def blame(self, replies: Iterable[Reply], uids: Sequence[int]) -> None:
        """Make sure that a refusal is for the sake of these messages, before they are put aside.

        Raises:
            CommandRefused: the server refuses for a time, or refuses whatever is asked.
        """
        for reply in replies:
            if not reply.is_ok and CommandRefused(reply.status, reply.text).is_passing:
                reply.check()
        if len(uids) == 1:
            self._wire.run_one(b"UID FETCH %d (UID)" % uids[0]).check()

    def fetch(self, sets: Iterable[tuple[str, bytes]]) -> list[Reply]:
        """Fetch items of sets of UIDs in one turn."""
        return self.run([b"UID FETCH " + uids.encode() + b" " + items for uids, items in sets])

    def run(self, commands: Sequence[bytes]) -> list[Reply]:
        """Send commands in as few turns as their length allows; return their replies."""
        return self.finish(self.start(commands))

    def _whole(self, command: bytes, reply: Reply) -> Reply:
        """Ask for what the server left out of an answer."""
        while (more := rest(command, reply)) is not None:
            command, before = more, reply.untagged
            reply = self._wire.run_one(command)
            if reply.untagged is not before:  # FETCHes that are open together share their list
                before.extend(reply.untagged)
            reply.untagged = before
        return reply

    def start(self, commands: Sequence[bytes]) -> list[Pending]:
        """Send commands in as few turns as their length allows; `finish` gives the replies.

        Only where they need several turns are the replies of all but the last waited for: a
        server that cannot get rid of its answers stops listening.
        """
        known = {c: self._ahead.pop(c) for c in commands if c in self._ahead}
        sent: list[Pending] = []
        turn: list[bytes] = []
        length = 0
        for command in commands:
            if command in known:
                continue
            if turn and length + len(command) > self.limits.turn_bytes:
                sent += self._wire.start(turn)
                self._wire.finish(sent)
                turn, length = [], 0
            turn.append(command)
            length += len(command)
        sent += self._wire.start(turn)
        self._started = [one for one in self._started if one.reply is None] + sent
        fresh = iter(sent)
        return [known[command] if command in known else next(fresh) for command in commands]

    def finish(self, started: Sequence[Pending]) -> list[Reply]:
        """Wait for commands that were started; return their replies."""
        self._wire.finish(started)
        for one in started:
            if one.reply is not None:
                one.reply = self._whole(one.command, one.reply)
        return self._wire.finish(started)

    @property
    def answers_compactly(self) -> bool:
        """Whether SEARCH answers with ranges, and says which SEARCH it answers."""
        # iCloud answers RETURN (ALL) with a count.
        return self.connection.can("ESEARCH") and not self.connection.searches_badly


def first_words(known: Sequence[str]) -> list[bytes]:
    """Return what `Session.overview` asks first, so that it can be sent with the sign-in."""
    return [LIST, *(_status(encoded(name)) for name in known)]


def quoted(name: bytes) -> bytes:
    """Write a folder's name as a command takes it.

    Raises:
        CommandRefused: no server could have given such a name.
    """
    if b"\r" in name or b"\n" in name or b"\0" in name:
        raise CommandRefused("NO", "the folder's name holds a line break")
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _status(raw: bytes) -> bytes:
    return b"STATUS " + quoted(raw) + _COUNTS
