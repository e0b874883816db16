"""Accounts at every server of the contract: how mail is put there, moved and taken away.

Folders go by what they are for: `inbox`, `sent`, `junk`, `trash`, `archive`, `drafts`, `school`.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import imapclient

from inboxwatch.adapters.imap import Credentials, Endpoint
from inboxwatch.adapters.imap.endpoint import Mechanism
from inboxwatch.domain.identifiers import message_ids_in
from tests.adapters.imap.conftest import plainly
from tests.fakes_imap import FakeFolder, FakeImap, FakeMessage
from tests.servers.courier import CourierServer
from tests.servers.dovecot import User
from tests.servers.filling import ImapServer, fill, signed_in
from tests.servers.gmail import Gmail
from tests.servers.microsoft import TOKEN

Everything = dict[tuple[str, int, int], tuple[frozenset[str], bytes]]


class Hosted(Protocol):
    """An account somewhere."""

    endpoint: Endpoint

    def name(self, folder: str) -> str:
        """What the server calls a folder."""

    def seen_in(self, folder: str) -> str:
        """The folder in which the watcher sees what lies there."""

    def create(self, name: str) -> bool:
        """Create a folder of this very name; False when the server will not."""

    def put(self, folder: str, mails: Iterable[bytes], *, at: datetime | None = None) -> None:
        """Put mails into a folder."""

    def move(self, message_id: str, source: str, target: str) -> None:
        """Move a message."""

    def delete(self, message_id: str, folder: str) -> None:
        """Take a message away for ever."""

    def renumber(self, folder: str) -> None:
        """Give a folder another UIDVALIDITY; its messages stay."""

    def everything(self) -> Everything:
        """Each message by folder, UIDVALIDITY and UID: its flags and its bytes."""


@dataclass
class ByClient:
    """An account at a real server; what happens there is done by a mail program."""

    server: ImapServer
    names: Mapping[str, str]
    user: User = field(init=False)
    endpoint: Endpoint = field(init=False)

    def __post_init__(self) -> None:
        self.user = self.server.new_user()
        self.endpoint = plainly(self.server.port, self.user.name, self.user.password)
        with self._client() as client:
            there = {name for _flags, _separator, name in client.list_folders()}
            for name in self.names.values():
                if name not in there:
                    client.create_folder(name)

    def name(self, folder: str) -> str:
        return self.names.get(folder, folder)

    seen_in = name

    def create(self, name: str) -> bool:
        with self._client() as client:
            try:
                client.create_folder(name)
            except imapclient.exceptions.IMAPClientError:
                return False
        return True

    def put(self, folder: str, mails: Iterable[bytes], *, at: datetime | None = None) -> None:
        if isinstance(self.server, CourierServer):
            self.server.deliver(self.user, self.name(folder), mails, at=at)
            with self._client() as client:  # its owner: it has no numbers before
                client.select_folder(self.name(folder))
        else:
            fill(self.server, self.user, self.name(folder), mails, at=at)

    def move(self, message_id: str, source: str, target: str) -> None:
        with self._client() as client:
            uid = self._uid(client, message_id, source)
            client.copy([uid], self.name(target))
            client.delete_messages([uid])
            client.expunge()

    def delete(self, message_id: str, folder: str) -> None:
        with self._client() as client:
            client.delete_messages([self._uid(client, message_id, folder)])
            client.expunge()

    def renumber(self, folder: str) -> None:
        name = self.name(folder)
        with self._client() as client:
            client.select_folder(name, readonly=True)
            found = client.fetch("1:*", [b"BODY.PEEK[]", b"INTERNALDATE"])
            client.unselect_folder() if client.has_capability("UNSELECT") else client.close_folder()
            before = client.folder_status(name, [b"UIDVALIDITY"])
            client.rename_folder(name, f"{name}-before")
            client.create_folder(name)
            while client.folder_status(name, [b"UIDVALIDITY"]) == before:
                client.delete_folder(name)
                time.sleep(0.2)  # some count seconds
                client.create_folder(name)
            for _uid, items in sorted(found.items()):
                client.append(name, items[b"BODY[]"], (), items[b"INTERNALDATE"])
            client.delete_folder(f"{name}-before")

    def everything(self) -> Everything:
        every: Everything = {}
        with self._client() as client:
            for flags, _separator, name in client.list_folders():
                if b"\\Noselect" in flags:
                    continue
                said = client.select_folder(name, readonly=True)
                if not said[b"EXISTS"]:
                    continue
                for uid, items in client.fetch("1:*", [b"FLAGS", b"BODY.PEEK[]"]).items():
                    held = {flag.decode() for flag in items[b"FLAGS"]} - {"\\Recent"}
                    every[name, said[b"UIDVALIDITY"], uid] = (frozenset(held), items[b"BODY[]"])
        return every

    def _client(self) -> imapclient.IMAPClient:
        return signed_in(self.server, self.user)

    def _uid(self, client: imapclient.IMAPClient, message_id: str, folder: str) -> int:
        client.select_folder(self.name(folder))
        ids: dict[int, object] = client.fetch("1:*", [b"BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        return next(
            uid for uid, items in ids.items() if message_id.encode() in repr(items).encode()
        )


@dataclass
class Scripted:
    """An account at a server of our own, whose folders are at hand."""

    server: FakeImap
    names: Mapping[str, str]
    username: str = "parent@example.org"
    token: str = ""

    def __post_init__(self) -> None:
        self.endpoint = plainly(self.server.port, self.username)
        if self.token:
            secret = Credentials(secret=TOKEN, mechanism=Mechanism.XOAUTH2)
            self.endpoint = replace(self.endpoint, credentials=lambda: secret)
        for name in self.names.values():
            if name not in self.server.folders:
                self.server.folder(name)

    def name(self, folder: str) -> str:
        return self.names.get(folder, folder)

    def seen_in(self, folder: str) -> str:
        name = self.name(folder)
        return "INBOX" if name.upper() == "INBOX" else name

    def create(self, name: str) -> bool:
        raw = imapclient.imap_utf7.encode(name).decode()
        self.server.folder(name, raw_name=raw.replace("\\", "\\\\").replace('"', '\\"'))
        return True

    def put(self, folder: str, mails: Iterable[bytes], *, at: datetime | None = None) -> None:
        when = {} if at is None else {"at": at}
        for mail in mails:
            self._folder(folder).put(mail, **when)

    def move(self, message_id: str, source: str, target: str) -> None:
        moved = self._taken(message_id, source)
        self._folder(target).put(moved.raw, at=moved.at)

    def delete(self, message_id: str, folder: str) -> None:
        self._taken(message_id, folder)

    def renumber(self, folder: str) -> None:
        changed = self._folder(folder)
        changed.uidvalidity += 1
        changed.highest = 0
        for message in changed.messages:
            changed.highest = message.uid = changed.highest + 1

    def everything(self) -> Everything:
        return {
            (name, folder.uidvalidity, message.uid): (frozenset({message.labels}), message.raw)
            for name, folder in self.server.folders.items()
            for message in folder.messages
        }

    def _folder(self, folder: str) -> FakeFolder:
        return self.server.folders[self.name(folder)]

    def _taken(self, message_id: str, folder: str) -> FakeMessage:
        held = self._folder(folder)
        taken = next(m for m in held.messages if message_id in message_ids_in_header(m.raw))
        held.messages = [m for m in held.messages if m is not taken]
        return taken


@dataclass
class AtGmail(Scripted):
    """An account at Gmail: folders are labels, and every message lies in All Mail."""

    _LABELS = {"inbox": "\\Inbox", "sent": "\\Sent", "drafts": "\\Draft"}  # noqa: RUF012

    @property
    def gmail(self) -> Gmail:
        assert isinstance(self.server, Gmail)
        return self.server

    def seen_in(self, folder: str) -> str:
        name = self.name(folder)
        return name if folder in ("junk", "trash") else self.gmail.named("All Mail")

    def put(self, folder: str, mails: Iterable[bytes], *, at: datetime | None = None) -> None:
        when = {} if at is None else {"at": at}
        for mail in mails:
            message = self.gmail.put(mail, *self._labels(folder), **when)
            if folder in ("junk", "trash"):
                self.gmail.move(message.thread, self.name(folder))

    def move(self, message_id: str, source: str, target: str) -> None:
        thread = self._thread(message_id)
        if target in ("junk", "trash"):
            self.gmail.move(thread, self.name(target))
        else:
            self.gmail.label(thread, *self._labels(target))

    def delete(self, message_id: str, folder: str) -> None:
        self.gmail.move(self._thread(message_id), None)

    def renumber(self, folder: str) -> None:
        super().renumber(self.seen_in(folder))

    def _labels(self, folder: str) -> tuple[str, ...]:
        if folder in ("junk", "trash", "archive"):
            return ()
        return (self._LABELS.get(folder, self.name(folder)),)

    def _thread(self, message_id: str) -> int:
        return next(
            m.thread
            for f in self.server.folders.values()
            for m in f.messages
            if message_id in message_ids_in_header(m.raw)
        )


def message_ids_in_header(raw: bytes) -> tuple[str, ...]:
    """The ids in a mail's own Message-ID field."""
    header = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    lines = [line for line in header.splitlines() if line.lower().startswith("message-id:")]
    return tuple(message_ids_in(" ".join(lines)))
