"""The accounts of the settings, and how each of them does. Reads the store only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from inboxwatch.adapters.clock import utc_now
from inboxwatch.application.health import AccountHealth, account_health
from inboxwatch.application.ports import Store
from inboxwatch.application.recording import Recorder
from inboxwatch.application.standing import Standings
from inboxwatch.settings.model import Settings

_FIRST_RUN = "first-run-at"
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)  # nobody ran this program before


@dataclass
class Accounts:
    """The settings, the store, and what it knows of the polls of each account."""

    settings: Settings
    config: Path | None
    store: Store
    _first_run_at: datetime | None = field(default=None, init=False)
    _pending: tuple[str, int] = field(default=("", 0), init=False)  # of which version, and it

    def now(self) -> datetime:
        """Return the current moment, aware UTC."""
        return utc_now()

    @cached_property
    def _accounts_by_person(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, account in self.settings.accounts.items():
            found[account.person] = (*found.get(account.person, ()), name)
        return found

    def accounts_of(self, person: str) -> tuple[str, ...]:
        """Return the names of a person's accounts."""
        return self._accounts_by_person.get(person, ())

    @cached_property
    def record(self) -> Recorder:
        """What keeps the records of polls; one, so that polls that end together share a commit."""
        return Recorder(self.store)

    @cached_property
    def _standings(self) -> Standings:
        return Standings(self.store, self.record)

    @property
    def stalled_after(self) -> timedelta:
        """How long an account may go without a complete poll."""
        return timedelta(hours=self.settings.service.stalled_after_hours)

    def _first_run(self, now: datetime) -> datetime:
        if self._first_run_at is not None:  # it never changes
            return self._first_run_at
        if now < _WRITTEN:  # the clock is not set yet; what is remembered of it would stay
            return now
        with self.store.transaction(read_only=True) as tx:  # it waits for no writer
            known = tx.setting(_FIRST_RUN)
        if not known:
            with self.store.transaction() as tx:
                known = tx.setting(_FIRST_RUN) or now.isoformat()
                tx.set_setting(_FIRST_RUN, known)
        self._first_run_at = datetime.fromisoformat(known)
        return self._first_run_at

    def _as_of(self, person: str) -> datetime | None:
        """Return the end of the last complete poll of all of a person's accounts."""
        ends = []
        with self.store.transaction(read_only=True) as tx:
            for name in self.accounts_of(person):
                record = tx.last_complete_poll(name)
                if record is None:
                    return None
                ends.append(record.ended_at)
        # A clock that was set back may have left a poll in the future.
        return min(*ends, self.now()) if ends else None

    def health(self) -> tuple[tuple[AccountHealth, ...], int]:
        """Return how each account does, and how much waits to be sent."""
        accounts = self.accounts_health()
        version = self.store.version()
        of_version, pending = self._pending
        if of_version != version:
            with self.store.transaction(read_only=True) as tx:
                pending = tx.count_pending()
            self._pending = version, pending
        return accounts, pending

    def accounts_health(self, person: str | None = None) -> tuple[AccountHealth, ...]:
        """Return how each account does, of one person or everyone's."""
        names = self.settings.accounts if person is None else self.accounts_of(person)
        return tuple(self._health_of(names, self.now()).values())

    def _health_of(self, names: Iterable[str], now: datetime) -> dict[str, AccountHealth]:
        self._first_run(now)  # which may write
        return {
            name: account_health(
                standing,
                name,
                self.settings.accounts[name].person,
                now=now,
                stalled_after=self.stalled_after,
                started_at=self._first_run_at,
            )
            for name, standing in self._standings.of(names).items()
        }
