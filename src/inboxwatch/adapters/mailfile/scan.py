"""One scan of mail files under way: the passes over the sources and what they give."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from inboxwatch.adapters.mailfile.collection import Collection, Newest
from inboxwatch.adapters.mailfile.items import MAX_READ, Item, Sighting
from inboxwatch.adapters.mailfile.names import labels_of, place_of_labels
from inboxwatch.adapters.mailfile.reading import READ_ERRORS, Reading
from inboxwatch.adapters.mailfile.sieve import HeaderSieve, field_values, id_hash
from inboxwatch.adapters.mailfile.sources import Form, Source
from inboxwatch.application.ports import MailReader, Progress
from inboxwatch.application.records import FileScan, NotScanned
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.message import FolderRole, Location, Message, Unreadable

_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # stands for none until it is known what it answers
_POSITION_BITS = 40
_POSITION = (1 << _POSITION_BITS) - 1


class Scan:
    """One scan under way."""

    def __init__(
        self,
        reader: MailReader,
        watch: Watch | None,
        sources: tuple[Source, ...],
        now: datetime,
        progress: Progress | None,
    ) -> None:
        self._reader = reader
        self._sieve = HeaderSieve(watch)
        self._sources = sources
        self._progress = progress
        self._total = sum(source.size for source in sources) or None
        self._done = 0
        self._what = ""
        self._now = now
        self._newest = Newest(now)
        self._found = Collection(watch)
        # For each id that unwanted mail names: its hash, and which message of which source.
        self._named, self._namers = array("q"), array("Q")
        self._folders: dict[str, None] = {}
        self.not_scanned: list[NotScanned] = []
        self.scanned = 0

    def result(self) -> FileScan:
        """Return what was found."""
        self._found.settle_undated()
        return FileScan(
            messages=self._found.messages,
            unreadable=tuple(self._found.unreadable),
            scanned=self.scanned,
            folders=tuple(self._folders),
            not_scanned=tuple(self.not_scanned),
            newest_at=self._newest.at,
            writers=self._found.writers,
        )

    def read(self, number: int, source: Source) -> None:
        """Look at every message of a source and keep those that are ours."""
        self._what = source.folder
        reading = Reading(source, self._sieve, self._advance)
        written_at = _written_at(source) or self._now
        for item in self._until_failure(reading, source):
            self.scanned += 1
            self._newest.see(item.sighting.at, written_at)
            if item.raw is not None:
                self._take(item, source, self._found.add)
            for name in item.sighting.named:
                self._named.append(name)
                self._namers.append(number << _POSITION_BITS | item.position)
        self._folders[source.folder] = None
        if reading.stray:
            self._found.unreadable.append(
                Unreadable(
                    location=_location(source, 0),
                    reason="text before the first message: the beginning of the file is lost",
                    size=reading.stray,
                )
            )

    def read_answers(self, further: Iterable[str]) -> None:
        """Read the messages that name one of ours and were passed by.

        Args:
            further: ids that are ours beside those found.
        """
        self._found.ours.update(further)
        ours = {id_hash(message_id) for message_id in self._found.ours}
        hits: dict[int, set[int]] = {}
        for name, namer in zip(self._named, self._namers, strict=True):
            if name in ours:
                hits.setdefault(namer >> _POSITION_BITS, set()).add(namer & _POSITION)
        for number, positions in sorted(hits.items()):
            self._read_at(self._sources[number], positions)

    def _read_at(self, source: Source, positions: set[int]) -> None:
        """Read the messages at certain positions of a source."""

        def wanted(_header: bytes, _line: bytes, position: int) -> Sighting:
            return Sighting(wanted=position in positions)

        left = len(positions)
        for item in self._until_failure(Reading(source, wanted, lambda _: None), source):
            if item.raw is not None:
                self._take(item, source, self._found.add_answer)
                left -= 1
                if not left:
                    return

    def _take(
        self, item: Item, source: Source, add: Callable[[Message | Unreadable], None]
    ) -> None:
        raw = item.raw or b""
        location = _location(source, item.position, raw)
        if location.role is FolderRole.DRAFTS:
            return
        self._folders[location.folder] = None
        arrived_at = item.arrived_at
        if location.role is FolderRole.SENT or _was_received(raw):
            arrived_at = None  # its own headers know better than the file it was saved in
        found = self._reader.read(raw, location=location, received_at=arrived_at)
        if isinstance(found, Unreadable) and arrived_at is None and item.noted_at is not None:
            # Nothing in the mail is believable, so what the copying program noted has to do.
            found = self._reader.read(raw, location=location, received_at=item.noted_at)
        if isinstance(found, Unreadable) and item.noted_at is None:
            undated = self._reader.read(raw, location=location, received_at=_NO_TIME)
            if isinstance(undated, Message):
                self._found.add_undated(_without_time(undated), _named(found, source, item))
                return
        if item.size > len(raw) and len(raw) >= MAX_READ:
            found = replace(found, size=item.size)
        add(_named(found, source, item) if isinstance(found, Unreadable) else found)

    def _until_failure(self, reading: Reading, source: Source) -> Iterator[Item]:
        """Yield what can be read; where it cannot be read on, say so once."""
        count = 0
        try:
            for item in reading:
                count += 1
                yield item
        except READ_ERRORS as error:
            problem = getattr(error, "strerror", None) or "it is damaged"
            reason = f"{problem} (after {count} messages)" if count else str(problem)
            place = f"{source.path}:{source.member}" if source.member else str(source.path)
            note = NotScanned(place=place, reason=reason)
            if note not in self.not_scanned:
                self.not_scanned.append(note)

    def _advance(self, size: int) -> None:
        self._done += size
        if self._progress is not None:
            self._progress(self._what, self._done, self._total)


def _location(source: Source, position: int, raw: bytes = b"") -> Location:
    folder, role = source.folder, source.role
    head = b"\n" + raw[: 64 * 1024].partition(b"\n\n")[0] if raw else b""
    for value in field_values(head, head.lower(), b"x-gmail-labels"):
        folder, role = place_of_labels(labels_of(value)) or (folder, role)
        break
    return Location(account=source.account, folder=folder, role=role, uidvalidity=0, uid=position)


def _named(found: Unreadable, source: Source, item: Item) -> Unreadable:
    """Name the file where there is one to a message: its number says nothing to a person."""
    if source.form is not Form.FILES:
        return found
    folder = f"{found.location.folder}/{source.files[item.position - 1].name}"
    return replace(found, location=replace(found.location, folder=folder, uid=1))


def _without_time(message: Message) -> Message:
    """Mark a message that was read with `_NO_TIME` for want of any other."""
    return replace(message, received_at=None, is_undated=True)


def _was_received(raw: bytes) -> bool:
    """Tell whether a message has a Received header."""
    head = b"\n" + raw[: 64 * 1024].partition(b"\n\n")[0].lower()
    return b"\nreceived:" in head


def _written_at(source: Source) -> datetime | None:
    """Return when the files of a source were last written to; None when that is not known."""
    paths = {
        Form.FILES: source.files,
        Form.MAILDIR: (source.path / "cur", source.path / "new"),
    }.get(source.form, (source.path,))
    try:
        newest = max(path.stat().st_mtime for path in paths)
        return datetime.fromtimestamp(newest, tz=UTC)
    except (OSError, OverflowError, ValueError):
        return None
