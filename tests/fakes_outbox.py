"""An outbox in memory and targets that do as they are told, for the use cases that send."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime

from inboxwatch.application.records import Delivery, DeliveryState, FiledReminder
from inboxwatch.domain.errors import NotifierError
from inboxwatch.domain.reminders import Reminder, ReminderKey


class MemoryOutbox:
    """The part of a transaction that reminders need, with the store's promises."""

    def __init__(self) -> None:
        self.filed: dict[tuple[str, ReminderKey], FiledReminder] = {}
        self.kept: dict[str, Delivery] = {}
        self.settings: dict[str, str] = {}
        self.sent_ids: set[tuple[str, str]] = set()

    def file_reminders(
        self, person: str, reminders: Iterable[Reminder], at: datetime
    ) -> tuple[Reminder, ...]:
        new = []
        for reminder in reminders:
            if (person, reminder.key) not in self.filed:
                self.filed[person, reminder.key] = FiledReminder(reminder=reminder, filed_at=at)
                new.append(reminder)
        return tuple(new)

    def add_delivery(self, delivery: Delivery) -> bool:
        return self.kept.setdefault(delivery.id, delivery) is delivery

    def pending_deliveries(self, at: datetime) -> tuple[Delivery, ...]:
        return tuple(
            d
            for d in sorted(self.kept.values(), key=lambda d: d.created_at)
            if d.state is DeliveryState.PENDING and (d.not_before is None or d.not_before <= at)
        )

    def update_delivery(self, delivery: Delivery) -> None:
        assert delivery.id in self.kept
        self.kept[delivery.id] = delivery

    def deliveries(
        self,
        person: str,
        *,
        states: Collection[DeliveryState] = tuple(DeliveryState),
        besides: Collection[str] = (),
    ) -> tuple[Delivery, ...]:
        mine = (
            d
            for d in self.kept.values()
            if d.person == person and d.state in states and d.problem not in besides
        )
        return tuple(sorted(mine, key=lambda d: d.created_at))

    def last_sent_at(self, person: str, target: str, type: str) -> datetime | None:
        sent = [
            d.sent_at
            for d in self.deliveries(person, states=(DeliveryState.SENT,))
            if d.target == target and d.type == type and d.sent_at is not None
        ]
        return max(sent, default=None)

    def remember_sent_id(self, person: str, message_id: str) -> None:
        self.sent_ids.add((person, message_id))

    def setting(self, name: str) -> str | None:
        return self.settings.get(name)

    def set_setting(self, name: str, value: str) -> None:
        self.settings[name] = value


class MemoryOutboxStore:
    """Commits at the end of a transaction, forgets it on any exception."""

    def __init__(self) -> None:
        self.outbox = MemoryOutbox()

    @contextmanager
    def transaction(self) -> Iterator[MemoryOutbox]:
        draft = copy(self.outbox)
        for name, value in vars(self.outbox).items():
            setattr(draft, name, copy(value))
        yield draft
        self.outbox = draft

    def close(self) -> None:
        pass


@dataclass(slots=True)
class FakeNotifier:
    """Keeps what it is sent; fails with the next of `faults` while there are any."""

    name: str = "home"
    types: frozenset[str] = frozenset({"digest", "health"})
    faults: list[NotifierError | None] = field(default_factory=list)
    tried: list[Delivery] = field(default_factory=list)
    received: list[Delivery] = field(default_factory=list)
    on_send: Callable[[Delivery], None] = lambda _delivery: None

    def accepts(self, type: str) -> bool:
        return type in self.types

    def send(self, delivery: Delivery) -> None:
        self.tried.append(delivery)
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        self.received.append(delivery)
        self.on_send(delivery)
