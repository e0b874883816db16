"""When and how a person is told, as the settings say."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cached_property

from inboxwatch.application.slots import Slots, slots
from inboxwatch.application.telling import Manner
from inboxwatch.bootstrap.freshness import Fresh
from inboxwatch.domain.calendar import ENGLAND_AND_WALES
from inboxwatch.domain.london import LONDON
from inboxwatch.domain.reminders import ReminderPolicy

_BACKLOG = timedelta(days=30)  # mail older than this at the first run is listed, not reminded


class Telling(Fresh):
    """What is known, and the manner in which it is told."""

    @cached_property
    def slots(self) -> Slots:
        """When a digest may come."""
        chosen = self.settings.reminders
        calendars = self.yardstick.calendars
        own = calendars.get(self.settings.calendar)
        holidays = own if own and own.dates else calendars[ENGLAND_AND_WALES]
        return slots(
            chosen.weekdays,
            chosen.at_time,
            regular=chosen.digest_weekdays,
            quiet_from=chosen.quiet_from,
            quiet_until=chosen.quiet_until,
            calendar=None if chosen.on_bank_holidays else holidays,
        )

    def _policy(self, now: datetime) -> ReminderPolicy:
        chosen = self.settings.reminders
        if chosen.remind_from is not None:
            since = datetime.combine(chosen.remind_from, time(), LONDON).astimezone(UTC)
        else:
            since = self._first_run(now) - _BACKLOG
        return ReminderPolicy(
            repeat_every_working_days=chosen.repeat_every_working_days,
            stop_after=chosen.stop_after,
            remind_from=since,
        )

    def _manner(self, person: str, now: datetime, *, answers_by_reply: bool) -> Manner:
        return Manner(
            policy=self._policy(now),
            slots=self.slots,
            calendar=self.yardstick.calendars[self.yardstick.calendar],
            answers_by_reply=answers_by_reply and self._answers_arrive(person),
            even_empty=self.settings.reminders.send_empty_digest,
        )

    def _answers_arrive(self, person: str) -> bool:
        """Tell whether reminders go to an address whose mail is read here."""
        own = self.settings.own_addresses(person)
        return any(address.lower() in own for address in self.settings.email.to)
