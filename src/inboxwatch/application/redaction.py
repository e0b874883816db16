"""Redaction: a picture whose names and addresses are replaced, the same one always by the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from inboxwatch.application.aliases import Aliases
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.records import NotScanned
from inboxwatch.domain.kinds import Classification
from inboxwatch.domain.message import Address, Location, Message, Unreadable
from inboxwatch.domain.threads import Assembly, Direction, Entry, Placed, Thread, Unplaced
from inboxwatch.domain.verdict import Verdict, Wait

ABOUT_REDACTION = (
    "Names and addresses were replaced, the same one always by the same stand-in. A body's domain"
    " name stays. Subjects and reasons lose every name that stands in an address or a case, and"
    " long numbers; a name that stands in neither cannot be known and may remain."
)

_USUAL_FOLDERS = frozenset(
    ("inbox", "sent", "sent items", "sent mail", "junk", "spam", "trash", "bin", "archive")
)


def redact(picture: Picture, *, whole: Picture | None = None, names: Iterable[str] = ()) -> Picture:
    """Return the picture with stand-ins; the same picture gives the same ones.

    Stand-ins are numbered in the order of time. Texts of messages are left out.

    Args:
        whole: the picture that `picture` was chosen from; its people are numbered too, so that
            every choice and every format calls them the same.
        names: more names to replace in subjects and reasons, such as a child's.
    """
    return _Redaction(picture, whole or picture, tuple(names)).picture()


@dataclass
class _Redaction:
    """One run over a picture: first everyone is met, in order of time, then all is rewritten."""

    given: Picture
    whole: Picture
    names: tuple[str, ...]
    aliases: Aliases = field(init=False)
    _messages: dict[str, Message] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = self.whole
        threads = given.assembly.threads
        entries = [p.entry for t in threads for p in t.placed]
        entries += [item.entry for item in given.assembly.unplaced]
        entries.sort(key=lambda entry: (entry.at, entry.message_id))
        bodies = {t.council_mailbox.body for t in threads} | {
            item.body for item in given.assembly.unplaced
        }
        self.aliases = Aliases(
            own=frozenset(
                e.message.sender.address
                for e in entries
                if e.direction is Direction.SENT and e.message.sender
            ),
            council_mailboxes={t.council_mailbox.address: t.council_mailbox.body for t in threads},
            body_domains=frozenset(body for body in bodies if "@" not in body),
        )
        for entry in entries:
            self._meet(entry.message)
        for name in (*self.names, *sorted({v.case for v in given.verdicts if v.case})):
            self.aliases.name(name, "Name" if name in self.names else "Case")

    def _meet(self, message: Message) -> None:
        self.aliases.message_id(message.message_id)
        sender = (message.sender,) if message.sender else ()
        for address in (*sender, *message.recipients, *message.reply_to):
            self.aliases.address(address)
        for place in message.locations:
            self._place(place)

    def picture(self) -> Picture:
        given, text = self.given, self.aliases.text
        return replace(
            given,
            verdicts=tuple(self._verdict(verdict) for verdict in given.verdicts),
            assembly=Assembly(
                threads=tuple(self._thread(thread) for thread in given.assembly.threads),
                unplaced=tuple(self._unplaced(item) for item in given.assembly.unplaced),
            ),
            unreadable=tuple(
                Unreadable(location=self._place(u.location), reason=text(u.reason), size=u.size)
                for u in given.unreadable
            ),
            scanned=Scanned(
                messages=given.scanned.messages,
                folders=tuple(self._folder(folder) for folder in given.scanned.folders),
                not_scanned=tuple(self._not_scanned(each) for each in given.scanned.not_scanned),
            ),
            notices=tuple(text(notice) for notice in given.notices),
        )

    def _verdict(self, verdict: Verdict) -> Verdict:
        text = self.aliases.text
        waits = tuple(self._wait(wait) for wait in verdict.waits)
        return replace(
            verdict,
            thread=self._thread(verdict.thread),
            reason=text(verdict.reason),
            waits=waits,
            wait=None if verdict.wait is None else self._wait(verdict.wait),
            rule=text(verdict.rule),
            case=None if verdict.case is None else self.aliases.name(verdict.case, "Case"),
            notes=tuple(text(note) for note in verdict.notes),
        )

    def _wait(self, wait: Wait) -> Wait:
        text = self.aliases.text
        return replace(
            wait,
            unanswered=self._message(wait.unanswered),
            chasers=tuple(self._message(m) for m in wait.chasers),
            failed=tuple(self._message(m) for m in wait.failed),
            answer=None if wait.answer is None else self._place_of(wait.answer),
            possible=tuple(self._place_of(placed) for placed in wait.possible),
            action=None if wait.action is None else text(wait.action),
            machine_promise=None if wait.machine_promise is None else text(wait.machine_promise),
            failure=text(wait.failure),
            closed_note=text(wait.closed_note),
        )

    def _thread(self, thread: Thread) -> Thread:
        place = thread.council_mailbox
        return replace(
            thread,
            council_mailbox=replace(
                place,
                address=self.aliases.address(Address(address=place.address)).address,
                body=self.aliases.body(place.body),
            ),
            root=self.aliases.message_id(thread.root),
            placed=tuple(self._place_of(placed) for placed in thread.placed),
        )

    def _place_of(self, placed: Placed) -> Placed:
        link = replace(placed.link, evidence=self.aliases.text(placed.link.evidence))
        return replace(
            placed,
            entry=self._entry(placed.entry),
            link=link,
            body=None if placed.body is None else self.aliases.body(placed.body),
            why_doubted=self.aliases.text(placed.why_doubted),
        )

    def _unplaced(self, item: Unplaced) -> Unplaced:
        return Unplaced(
            entry=self._entry(item.entry),
            body=self.aliases.body(item.body),
            reason=self.aliases.text(item.reason),
        )

    def _entry(self, entry: Entry) -> Entry:
        return replace(
            entry,
            message=self._message(entry.message),
            classification=self._classification(entry.classification),
        )

    def _classification(self, known: Classification) -> Classification:
        text = self.aliases.text
        return replace(
            known,
            evidence=tuple(replace(e, text=text(e.text)) for e in known.evidence),
            machine_promise=None if known.machine_promise is None else text(known.machine_promise),
            action=None if known.action is None else text(known.action),
            case_references=(),
            fingerprint="",
        )

    def _message(self, message: Message) -> Message:
        found = self._messages.get(message.message_id)
        if found is None:
            found = self._rewritten(message)
            self._messages[message.message_id] = found
        return found

    def _rewritten(self, message: Message) -> Message:
        def people(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
            return tuple(self.aliases.address(address) for address in addresses)

        return Message(
            message_id=self.aliases.message_id(message.message_id),
            at=message.at,
            date=message.date,
            received_at=message.received_at,
            sender=self.aliases.address(message.sender) if message.sender else None,
            to=people(message.to),
            cc=people(message.cc),
            bcc=people(message.bcc),
            reply_to=people(message.reply_to),
            subject=self.aliases.text(message.subject),
            size=message.size,
            locations=tuple(self._place(place) for place in message.locations),
            original_sha256=message.original_sha256,
            is_undated=message.is_undated,
        )

    def _place(self, place: Location) -> Location:
        account = self.aliases.name(place.account, "Account")
        return replace(place, account=account, folder=self._folder(place.folder))

    def _folder(self, name: str) -> str:
        return name if name.casefold() in _USUAL_FOLDERS else self.aliases.name(name, "Folder")

    def _not_scanned(self, given: NotScanned) -> NotScanned:
        """Replace where it was ("account: folder" or a path) and keep why."""
        return NotScanned(
            place=self.aliases.name(given.place, "Folder"),
            reason=self.aliases.text(given.reason),
        )
