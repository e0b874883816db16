"""Reminders filed and deliveries to be sent, inside a transaction. Sends nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from inboxwatch.adapters.store import rows, tables
from inboxwatch.adapters.store.columns import digest
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.prepared import Prepared
from inboxwatch.adapters.store.rows import REMINDER, message_key, reminder_key
from inboxwatch.adapters.store.sql import among, is_among
from inboxwatch.application.records import Delivery, DeliveryState, FiledReminder
from inboxwatch.domain.reminders import Reminder

_ABOUT = Prepared(
    select(tables.reminders)
    .join(tables.reminder_messages)
    .where(is_among(tables.reminder_messages.c.message))
)
_LAST_SENT = Prepared(
    select(func.max(tables.deliveries.c.sent_at)).where(
        tables.deliveries.c.person == bindparam("whose"),
        tables.deliveries.c.target == bindparam("at"),
        tables.deliveries.c.type == bindparam("kind"),
        tables.deliveries.c.state == DeliveryState.SENT.value,
    )
)


@cache
def _deliveries(states: int, besides: int) -> Prepared:
    """Return the query for a person's deliveries, with so many states and problems to give."""
    its = tables.deliveries.c
    query = select(tables.deliveries).where(its.person == bindparam("whose"))
    if states < len(DeliveryState):
        query = query.where(its.state.in_(bindparam("states", expanding=True)))
    if besides:
        query = query.where(its.problem.not_in(bindparam("besides", expanding=True)))
    return Prepared(query.order_by(its.created_at, its.number))


class Outbox(Part):
    """What was decided to be told, and whether it was."""

    def file_reminders(
        self, person: str, reminders: Iterable[Reminder], at: datetime
    ) -> tuple[Reminder, ...]:
        """File reminders whose key is new; return those that were."""
        wanted: dict[bytes, Reminder] = {}
        for reminder in reminders:
            wanted.setdefault(reminder_key(person, reminder.key), reminder)
        for condition in among(tables.reminders.c.digest, tuple(wanted)):
            for row in self._sql.rows(select(tables.reminders.c.digest).where(condition)):
                del wanted[row.digest]
        self._sql.run(
            tables.reminders.insert(),
            [
                {
                    "digest": key,
                    "message": message_key(person, reminder.key.unanswered),
                    "person": person,
                    "filed_at": at,
                    "reminder": REMINDER.dump(reminder),
                }
                for key, reminder in wanted.items()
            ],
        )
        self._note_messages(person, wanted)
        return tuple(wanted.values())

    def _note_messages(self, person: str, filed: Mapping[bytes, Reminder]) -> None:
        """Note the messages that reminders just filed are about."""
        about: list[dict[str, Any]] = []
        for condition in among(tables.reminders.c.digest, filed):
            query = select(tables.reminders.c.digest, tables.reminders.c.number).where(condition)
            for row in self._sql.rows(query):
                reminder = filed[row.digest]
                about += [
                    {"message": message_key(person, one), "reminder": row.number}
                    for one in sorted({reminder.key.unanswered, *reminder.covers})
                ]
        self._sql.run(tables.reminder_messages.insert(), about)

    def filed_reminders(self, person: str) -> tuple[FiledReminder, ...]:
        """Return every reminder filed, oldest first."""
        query = select(tables.reminders).where(tables.reminders.c.person == person)
        found = self._sql.rows(
            query.order_by(tables.reminders.c.filed_at, tables.reminders.c.number)
        )
        return self._read(found, rows.filed_of, "reminders")

    def reminders_about(self, person: str, message_ids: Iterable[str]) -> tuple[FiledReminder, ...]:
        """Return the reminders that were filed about any of these messages, oldest first."""
        keys = (message_key(person, one) for one in message_ids)
        found = {row.number: row for row in self._sql.among(_ABOUT, keys)}
        ordered = sorted(found.values(), key=lambda row: (row.filed_at, row.number))
        return self._read(ordered, rows.filed_of, "reminders")

    def add_delivery(self, delivery: Delivery) -> bool:
        """Put a delivery in the outbox; False when its id is already there."""
        key = tables.deliveries.c.digest == digest(delivery.id)
        if self._sql.value(select(tables.deliveries.c.number).where(key)) is not None:
            return False
        self._sql.run(tables.deliveries.insert().values(**rows.delivery_columns(delivery)))
        return True

    def pending_deliveries(self, at: datetime) -> tuple[Delivery, ...]:
        """Return the deliveries that may be sent at a moment, oldest first."""
        query = select(tables.deliveries).where(
            tables.deliveries.c.state == DeliveryState.PENDING.value,
            or_(tables.deliveries.c.not_before.is_(None), tables.deliveries.c.not_before <= at),
        )
        found = self._sql.rows(
            query.order_by(tables.deliveries.c.created_at, tables.deliveries.c.number)
        )
        return self._read(found, rows.delivery_of, "deliveries")

    def count_pending(self) -> int:
        """Count everyone's deliveries that wait to be sent, also those that may not be yet."""
        is_pending = tables.deliveries.c.state == DeliveryState.PENDING.value
        count = select(func.count()).select_from(tables.deliveries).where(is_pending)
        return int(self._sql.value(count))

    def update_delivery(self, delivery: Delivery) -> None:
        """Save state, attempts, times and problem of a delivery."""
        key = tables.deliveries.c.digest == digest(delivery.id)
        self._sql.run(
            tables.deliveries.update().where(key).values(**rows.sending_columns(delivery))
        )

    def deliveries(
        self,
        person: str,
        *,
        states: Collection[DeliveryState] = tuple(DeliveryState),
        besides: Collection[str] = (),
    ) -> tuple[Delivery, ...]:
        """Return the deliveries of a person in some states, oldest first."""
        found = self._sql.rows(
            _deliveries(len(states), len(besides)),
            {
                "whose": person,
                "states": sorted(state.value for state in states),
                "besides": sorted(besides),
            },
        )
        return self._read(found, rows.delivery_of, "deliveries")

    def last_sent_at(self, person: str, target: str, type: str) -> datetime | None:
        """Return when the newest delivery of a type was sent to a target."""
        given = {"whose": person, "at": target, "kind": type}
        found: datetime | None = self._sql.rows(_LAST_SENT, given)[0][0]
        return found
