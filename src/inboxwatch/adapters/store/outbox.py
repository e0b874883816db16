"""Reminders filed and deliveries to be sent, inside a transaction. Sends nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select

from inboxwatch.adapters.store import rows, tables
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.rows import REMINDER, message_key, reminder_key
from inboxwatch.adapters.store.sql import among
from inboxwatch.adapters.store.tables import digest
from inboxwatch.application.records import Delivery, DeliveryState, FiledReminder
from inboxwatch.domain.reminders import Reminder, ReminderKey


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
        return tuple(wanted.values())

    def filed_reminders(self, person: str) -> tuple[FiledReminder, ...]:
        """Return every reminder filed, oldest first."""
        query = select(tables.reminders).where(tables.reminders.c.person == person)
        found = self._sql.rows(
            query.order_by(tables.reminders.c.filed_at, tables.reminders.c.number)
        )
        return self._read(found, rows.filed_of, "reminders")

    def filed_keys(self, person: str) -> frozenset[ReminderKey]:
        """Return the keys of every reminder filed."""
        return frozenset(filed.reminder.key for filed in self.filed_reminders(person))

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

    def update_delivery(self, delivery: Delivery) -> None:
        """Save state, attempts, times and problem of a delivery."""
        key = tables.deliveries.c.digest == digest(delivery.id)
        self._sql.run(
            tables.deliveries.update().where(key).values(**rows.sending_columns(delivery))
        )

    def deliveries(self, person: str) -> tuple[Delivery, ...]:
        """Return every delivery of a person, oldest first."""
        query = select(tables.deliveries).where(tables.deliveries.c.person == person)
        found = self._sql.rows(
            query.order_by(tables.deliveries.c.created_at, tables.deliveries.c.number)
        )
        return self._read(found, rows.delivery_of, "deliveries")
