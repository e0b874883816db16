"""What the application keeps of a poll, in memory: enough to poll again, and to look at."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from inboxwatch.application.ports import MailSource
from inboxwatch.application.records import FolderBatch, FolderState, Wanted
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.message import Location, Message, Unreadable


@dataclass
class Shelf:
    """Takes batches as the store would: each whole, with the state that follows it."""

    watch: Watch
    digest: str = "first"
    since: datetime | None = None
    states: dict[str, FolderState] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    places: dict[Location, str] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    reminders: set[str] = field(default_factory=set)  # ids of those that we sent
    announced: set[str] = field(default_factory=set)  # ids that were to be looked up together
    surprises: list[str] = field(default_factory=list)  # ids that were asked for without that

    def poll(self, source: MailSource, *, batches: int | None = None) -> list[FolderBatch]:
        """Poll, or only as far as a number of batches: as if killed behind them."""
        taken: list[FolderBatch] = []
        polling = source.poll(dict(self.states), self.wanted())
        for batch in polling:
            self.take(batch)
            taken.append(batch)
            if len(taken) == batches:
                break
        return taken

    def take(self, batch: FolderBatch) -> None:
        if batch.reset:
            folder = batch.state.folder
            self.places = {p: m for p, m in self.places.items() if p.folder != folder}
        for arrival in batch.arrivals:
            message = arrival.message
            self.messages.setdefault(message.message_id, message)
            self.arrived.append(message.message_id)
            self.places.update(dict.fromkeys(message.locations, message.message_id))
        self.unreadable += batch.unreadable
        for place in batch.gone:
            self.places.pop(place, None)
        self.states[batch.state.folder] = batch.state

    def wanted(self) -> Wanted:
        return Wanted(
            watch=self.watch,
            is_ours=self.is_ours,
            expect=self.announced.update,
            our_ids=self.our_ids,
            watch_digest=self.digest,
            since=self.since,
            known_uids=self.known_uids,
        )

    def is_ours(self, message_id: str) -> bool:
        if message_id not in self.announced:
            self.surprises.append(message_id)
        return message_id in self.our_ids()

    def our_ids(self) -> frozenset[str]:
        return frozenset(self.reminders) | {
            found.message_id
            for found in self.messages.values()
            if found.sender is not None and self.watch.is_own(found.sender.address)
        }

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
        return frozenset(
            place.uid
            for place in self.places
            if (place.account, place.folder, place.uidvalidity) == (account, folder, uidvalidity)
        )

    def folders_of(self, message_id: str) -> set[str]:
        return {place.folder for place, found in self.places.items() if found == message_id}

    @property
    def ids(self) -> set[str]:
        return set(self.messages)

    def problems(self) -> dict[str, str]:
        return {name: state.problem for name, state in self.states.items() if state.problem}


def all_complete(batches: Iterable[FolderBatch]) -> bool:
    """Whether the last batch of each folder was complete."""
    last = {batch.state.folder: batch.complete for batch in batches}
    return bool(last) and all(last.values())
