"""A server with Gmail's documented manners: labels as folders, whole words in SEARCH, limits.

Sources: developers.google.com/gmail/imap/imap-extensions; what other programs' users met.
"""

import re
from dataclasses import dataclass, replace

from tests.fakes_imap import FakeFolder, FakeImap, FakeMessage, Session

CAPABILITIES = (
    "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE"
    " ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE"
)
OVER_QUOTA = "NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)"
_WORD = re.compile(r"[a-z0-9]+")


def by_whole_words(key: str, wanted: str, value: bytes) -> bool:
    """FROM "kent" finds no "kentish": the words asked for stand in the field, in that order."""
    said, asked = _WORD.findall(value.decode("utf-8", "replace").lower()), _WORD.findall(wanted)
    return any(said[i : i + len(asked)] == asked for i in range(len(said)))


class GmailSession(Session):
    """Answers SEARCH in ESEARCH's way when asked to, and counts changes."""

    def do_examine(self, rest: str) -> list[bytes] | str:
        said = super().do_examine(rest)
        return said if isinstance(said, str) else [*said, b"* OK [HIGHESTMODSEQ 4711] ok\r\n"]

    def do_enable(self, rest: str) -> list[bytes]:
        return [b"* ENABLED\r\n"]

    def do_search(self, rest: str) -> list[bytes] | str:
        compact, _, program = rest.rpartition("RETURN (ALL) ")
        if self.open is None or not (compact or rest.startswith("RETURN")):
            return super().do_search(rest)
        found = ",".join(map(str, self.found(program, self.seen(self.open))))
        every = f" ALL {found}" if found else ""
        return [f'* ESEARCH (TAG "{self.tag}") UID{every}\r\n'.encode()]

    def run(self, command: str) -> list[bytes] | str:
        left = getattr(self.server, "commands_left", None)
        if left is not None:
            if left <= 0:
                return OVER_QUOTA
            self.server.commands_left = left - 1  # type: ignore[attr-defined]
        return super().run(command)


@dataclass
class Gmail(FakeImap):
    """An account at Gmail. `put` and `label` keep All Mail and the labels' folders in step."""

    capabilities: str = CAPABILITIES
    greeting: str = "Gimap ready for requests from 203.0.113.7 a1mb12345"
    prefix: str = "[Gmail]"
    bin: str = "Trash"
    commands_left: int | None = None  # until the account is over its quota
    _number: int = 1_500_000_000_000_000_000

    def __post_init__(self) -> None:
        self.find = by_whole_words
        self.session = GmailSession
        self.folder("INBOX")
        self.folder(self.prefix, "\\HasChildren \\Noselect")
        for name, use in (
            ("All Mail", "\\All"), ("Drafts", "\\Drafts"), ("Important", "\\Important"),
            ("Sent Mail", "\\Sent"), ("Spam", "\\Junk"), ("Starred", "\\Flagged"),
            (self.bin, "\\Trash"),
        ):  # fmt: skip
            self.folder(f"{self.prefix}/{name}", f"\\HasNoChildren {use}")

    def named(self, name: str) -> str:
        """Gmail's name of a folder of its own."""
        return f"{self.prefix}/{name}"

    @property
    def all_mail(self) -> FakeFolder:
        """Every message but those in Spam and Bin."""
        return self.folders[self.named("All Mail")]

    def put(self, raw: bytes, *labels: str, **about: object) -> FakeMessage:
        """Take a message in, with the labels whose folders show it too."""
        self._number += 1
        message = self.all_mail.put(
            raw, thread=self._number, labels=" ".join(map(_written, labels)), **about
        )
        for label in labels:
            self._view(label).put(raw, thread=self._number)
        return message

    def move(self, thread: int, target: str | None) -> None:
        """Put a message into Spam or Bin, back into All Mail, or (None) away for ever."""
        held = [self.all_mail, self.folders[self.named("Spam")], self.folders[self.named(self.bin)]]
        message = next(m for folder in held for m in folder.messages if m.thread == thread)
        for folder in self.folders.values():
            folder.messages = [m for m in folder.messages if m.thread != thread]
        if target is not None:
            moved = self.folders[target].put(message.raw, thread=thread, at=message.at)
            moved.labels = message.labels

    def label(self, thread: int, *labels: str) -> None:
        """Give a message other labels: nothing moves in All Mail."""
        everything = self.all_mail.messages
        at = next(i for i, m in enumerate(everything) if m.thread == thread)
        message = everything[at]
        everything[at] = replace(message, labels=" ".join(map(_written, labels)))
        for name, folder in self.folders.items():
            if name != self.named("All Mail"):
                folder.messages = [m for m in folder.messages if m.thread != thread]
        for label in labels:
            self._view(label).put(message.raw, thread=thread)

    def _view(self, label: str) -> FakeFolder:
        own = {"\\Inbox": "INBOX", "\\Sent": self.named("Sent Mail")}
        own |= {"\\Draft": self.named("Drafts"), "\\Important": self.named("Important")}
        name = own.get(label, label)
        return self.folders[name] if name in self.folders else self.folder(name)


def _written(label: str) -> str:
    return '"' + label.replace("\\", "\\\\") + '"'
