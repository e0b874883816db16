"""Reads messages of the open folder: header and structure first, then the parts of use.

A message that cannot be read is put aside with its reason; the others go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from inboxwatch.adapters.imap import answers, structure
from inboxwatch.adapters.imap.addresses import fields
from inboxwatch.adapters.imap.answers import Items
from inboxwatch.adapters.imap.folders import Folder
from inboxwatch.adapters.imap.heads import (
    Head,
    is_draft,
    is_sent,
    is_whole,
    part_commands,
    with_bytes,
)
from inboxwatch.adapters.imap.interest import FIELDS, Interest, Why
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.pools import items_of
from inboxwatch.adapters.imap.session import Session
from inboxwatch.adapters.imap.tokens import Garbled, as_int, as_text
from inboxwatch.adapters.imap.uidset import split
from inboxwatch.adapters.imap.wire import Reply
from inboxwatch.application.ports import MailReader
from inboxwatch.application.records import Arrival
from inboxwatch.domain.message import FolderRole, Location, Unreadable

Fetched = tuple[dict[int, Items], set[int]]  # items by UID; UIDs whose answer is garbled

_ID = re.compile(rb"<([^<>\s]+)>")
_NO_TEXT = "the server refused to send its text"


@dataclass(slots=True)
class Found:
    """What a portion of messages gave; those of `uids` that are not here are not ours to read."""

    uids: tuple[int, ...]
    looked: int = 0  # messages looked at by way of this portion
    arrivals: list[Arrival] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    ours: frozenset[int] = frozenset()  # the UIDs whose header says that they are ours to read


class FolderReading:
    """Reads messages of one folder, once it is open."""

    def __init__(
        self,
        session: Session,
        folder: Folder,
        interest: Interest,
        reader: MailReader,
        *,
        account: str,
        header_fields: Sequence[str],
        limits: Limits,
    ) -> None:
        self.session = session
        self.folder = folder
        self.interest = interest
        self.limits = limits
        self.account = account
        self.uidvalidity = 0
        self.not_before: date | None = None  # messages received earlier are passed over
        self.heard: set[str] = set()  # ids in the headers of what is ours, before it is read
        self._reader = reader
        names = dict.fromkeys((*FIELDS, *(name.upper() for name in header_fields)))
        gmail = b" X-GM-THRID X-GM-LABELS" if session.connection.is_gmail else b""
        self._sizes = b"UID INTERNALDATE RFC822.SIZE" + gmail
        self._headers = b" BODY.PEEK[HEADER.FIELDS (" + " ".join(names).encode() + b")]"

    def why(self, block: bytes) -> Why | None:
        """Tell why a message with this header is ours to read."""
        return self.interest.why(block)

    def place(self, uid: int) -> Location:
        """Return where a message of this folder is."""
        return Location(
            account=self.account,
            folder=self.folder.name,
            role=self.folder.role,
            uidvalidity=self.uidvalidity,
            uid=uid,
        )

    def refused(self, uid: int) -> Unreadable:
        """Return what stands for a message that the server does not send."""
        return Unreadable(location=self.place(uid), reason="the server refuses to send it")

    def finish(self, heads: list[Head], into: Found) -> None:
        """Fetch the parts of messages and read them."""
        wanted = part_commands(heads, self.limits)
        replies = self.session.run([command for _uids, command in wanted])
        refused: set[int] = set()
        for (uids, _command), reply in zip(wanted, replies, strict=True):
            if not reply.is_ok:
                refused.update(uids)
        self.complete(heads, items_of(*replies), frozenset(refused), into)

    def complete(
        self, heads: list[Head], fetched: Fetched, refused: frozenset[int], into: Found
    ) -> None:
        """Read messages whose parts were fetched.

        Args:
            refused: the UIDs whose parts the server refused; each is asked for alone.
        """
        for head in heads:
            got = fetched[0].get(head.uid, {})
            if head.uid in refused or not is_whole(head, got):
                self._finish_alone(head, into)
            else:
                self._finish(head, got, into)
        self.interest.learn(arrival.message for arrival in into.arrivals)

    def head_commands(self, uids: Iterable[int], *, structure: bool = True) -> list[bytes]:
        """Write the commands for header and structure of messages."""
        items = self._head_items(structure)
        return [
            b"UID FETCH " + part.encode() + items
            for part in split(uids, max_bytes=self.limits.command_bytes - len(items))
        ]

    def head_command_from(self, first: int) -> bytes:
        """Write the command for header and structure of all messages from a UID on."""
        return b"UID FETCH %d:*" % first + self._head_items(structure=True)

    def _head_items(self, structure: bool) -> bytes:
        return (
            b" (" + self._sizes + (b" BODYSTRUCTURE" if structure else b"") + self._headers + b")"
        )

    def heads(self, replies: list[Reply], into: Found) -> list[Head]:
        """Return the messages of `into.uids` that are ours to read."""
        return self.heads_of(replies, items_of(*replies), into)

    def heads_of(self, replies: list[Reply], fetched: Fetched, into: Found) -> list[Head]:
        """Return the same, from what was fetched by these replies."""
        if not all(reply.is_ok for reply in replies):
            self.session.blame(replies, into.uids)
            return self._heads_by_halves(into.uids, into)
        heads = []
        uids = frozenset(into.uids)
        items, garbled = fetched
        answered = {uid for uid in items.keys() & uids if b"HEADER.FIELDS" in items[uid]}
        blocks = [items[uid][b"HEADER.FIELDS"] for uid in answered - garbled]
        self.interest.expect(block for block in blocks if isinstance(block, bytes))
        for uid in sorted(answered - garbled):
            heads += self._head(uid, items[uid], into)
        alone = uids & garbled
        if absent := uids - answered - garbled:  # gone meanwhile, or left out of the answer
            alone |= self.session.present(absent)
        for uid in sorted(alone):
            heads += self._head_alone(uid, into)
        into.ours = frozenset(head.uid for head in heads)
        return heads

    def _heads_by_halves(self, uids: tuple[int, ...], into: Found) -> list[Head]:
        """Halve a portion that the server refused until the message at fault stands alone."""
        if len(uids) == 1:
            return self._head_alone(uids[0], into)
        middle = len(uids) // 2
        heads = []
        for half in (uids[:middle], uids[middle:]):
            part = Found(uids=half)
            heads += self.heads(self.session.run(self.head_commands(half)), part)
            into.unreadable += part.unreadable
        return heads

    def _head_alone(self, uid: int, into: Found) -> list[Head]:
        """Read a message at fault without its structure; put it aside when that fails too."""
        (reply,) = self.session.run(self.head_commands((uid,), structure=False))
        items, garbled = items_of(reply)
        if reply.is_ok and uid in items:
            return self._head(uid, items[uid], into)
        if not reply.is_ok:
            self.session.blame((reply,), (uid,))
            into.unreadable.append(self.refused(uid))
        else:
            reason = f"the server's answer about it is {'garbled' if garbled else 'missing'}"
            into.unreadable.append(Unreadable(location=self.place(uid), reason=reason))
        return []

    def _head(self, uid: int, items: Items, into: Found) -> list[Head]:
        header = items.get(b"HEADER.FIELDS")
        if not isinstance(header, bytes) or not header.strip():
            size = as_int(items.get(b"RFC822.SIZE")) or 0
            reason = "the server gave no header of it"
            into.unreadable.append(Unreadable(location=self.place(uid), reason=reason, size=size))
            return []
        why = self.why(header)
        if why is None or is_draft(items) or self._is_too_old(items):
            return []
        for value in fields(header).get(b"message-id", ()):
            if (id := _ID.match(value)) is not None:
                self.heard.add(id[1].decode("ascii", "ignore"))
        try:
            parts = structure.parts_of(items.get(b"BODYSTRUCTURE"))
        except Garbled:
            return [Head(uid, why, items, header, None)]
        return [Head(uid, why, items, header, parts, structure.sections(parts, self.limits))]

    def _is_too_old(self, items: Items) -> bool:
        if self.not_before is None:
            return False
        received_at = answers.internal_date(items.get(b"INTERNALDATE"))
        return received_at is not None and received_at.date() < self.not_before

    def _finish_alone(self, head: Head, into: Found) -> None:
        """Ask for the parts of one message; without them it is read by its header, and says so."""
        fetched: Items = {}
        refused = False
        for _uids, command in part_commands([head], self.limits):
            (reply,) = self.session.run((command,))
            if not reply.is_ok:
                self.session.blame((reply,), (head.uid,))
                refused = True
            fetched.update(items_of(reply)[0].get(head.uid, {}))
        self._finish(head, fetched, into, defects=(_NO_TEXT,) if refused else ())

    def _finish(
        self, head: Head, fetched: Items, into: Found, defects: tuple[str, ...] = ()
    ) -> None:
        place = self.place(head.uid)
        if place.role is FolderRole.ALL and is_sent(head.items):
            place = replace(place, role=FolderRole.SENT)
        received_at = answers.internal_date(head.items.get(b"INTERNALDATE"))
        size = as_int(head.items.get(b"RFC822.SIZE")) or 0
        whole = fetched.get(b"")
        if head.parts is None and isinstance(whole, bytes):
            read = self._reader.read(whole, location=place, received_at=received_at)
        else:
            parts = with_bytes(head, fetched)
            read = self._reader.read_parts(
                head.header, parts, location=place, received_at=received_at, size=size
            )
        if isinstance(read, Unreadable):
            into.unreadable.append(read)
            return
        if not self.interest.concerns_us(read, head.why):
            return
        thread = as_text(head.items.get(b"X-GM-THRID"))
        if thread:
            read = replace(read, thread_keys=(*read.thread_keys, f"gmail:{thread}"))
        if defects or (size and read.size != size):
            read = replace(read, size=size or read.size, defects=(*read.defects, *defects))
        into.arrivals.append(Arrival(message=read))
