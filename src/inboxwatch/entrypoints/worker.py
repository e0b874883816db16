"""A worker: one of many processes that share the accounts of one PostgreSQL store."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from inboxwatch import __version__
from inboxwatch.adapters.fence import Claim, held
from inboxwatch.application.health import health_json
from inboxwatch.application.pacing import Pace
from inboxwatch.application.wording import plural
from inboxwatch.bootstrap import App
from inboxwatch.bootstrap.queueing import open_queue, service_lock, worker_dsn
from inboxwatch.domain.errors import (
    ConfigError,
    InboxwatchError,
    MailSourceError,
    NotifierError,
    StoreError,
)
from inboxwatch.entrypoints import memory
from inboxwatch.entrypoints.health_server import HealthServer, write_whole
from inboxwatch.entrypoints.leaving import leave_now

if TYPE_CHECKING:
    from inboxwatch.adapters.tasks import Duty, TaskQueue

log = logging.getLogger(__name__)

DEAD_AFTER_SECONDS = 30.0
_TICK = timedelta(minutes=1)
_DAY = timedelta(days=1)
_BUSY = timedelta(seconds=30)  # somebody else is at it


class Busy(StoreError):
    """Somebody else does this duty at this moment."""


@dataclass(slots=True)
class Worker:
    """What one process can do: poll any account, review anyone, send, tidy up."""

    app: App
    queue: TaskQueue
    dsn: str
    _health: dict[str, object] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)  # accounts without an original to be fetched

    def duties(self) -> tuple[Duty, ...]:
        """Return every duty of this configuration; each worker of a store has the same."""
        people = self.app.people(None)
        return (
            *(
                self._duty(
                    f"poll:{account}",
                    partial(self.poll, account),
                    every=self.app.poll_every(account),
                    # Spread a little: a server of many accounts is not asked for all at once.
                    first_after=timedelta(seconds=number / 20),
                )
                for number, account in enumerate(sorted(self.app.settings.accounts))
            ),
            *(
                self._duty(
                    f"review:{person}",
                    partial(self.review, person),
                    every=_TICK,
                    is_standing=False,
                )
                for person in people
            ),
            self._duty("look", self.look, every=_TICK),
            self._duty("remind", self.remind, every=_TICK),
            self._duty("retain", self.retain, every=_DAY),
        )

    def _duty(
        self,
        name: str,
        do: Callable[[], timedelta | None],
        *,
        every: timedelta,
        is_standing: bool = True,
        first_after: timedelta = timedelta(),
    ) -> Duty:
        from inboxwatch.adapters.tasks import Duty

        def fenced() -> timedelta | None:
            with held(self.dsn, name) as claim:
                if claim is None:
                    raise Busy(f"{name}: somebody else is at it", remedy="Wait for it to end.")
                return do()

        return Duty(
            name=name,
            do=fenced,
            patience=lambda error, failures: self._patience(name, every, error, failures),
            is_standing=is_standing,
            first_after=first_after,
        )

    def _patience(
        self, name: str, every: timedelta, error: BaseException, failures: int
    ) -> timedelta:
        """Say what went wrong, once, and return how long to wait."""
        if isinstance(error, Busy):
            return _BUSY
        transient = error.transient if isinstance(error, MailSourceError) else True
        asked = error.retry_after_seconds if isinstance(error, MailSourceError) else None
        if isinstance(error, InboxwatchError):
            if failures == 1 or not transient:
                log.warning("%s: %s", name, error.problem)
        else:
            log.error("%s: unexpected failure", name, exc_info=error)
        pace = Pace(every=every, failures=failures - 1).after_failure(
            transient=transient,
            retry_after=asked,
            jitter=random.random(),  # noqa: S311 - spreads load, no secret
        )
        return pace.wait()

    # ------------------------------------------------------------------ the duties

    def poll(self, account: str) -> timedelta:
        """Poll one account, and have its person reviewed when that may change anything."""
        try:
            polled = self.app.poll(account)
            if polled.new:
                log.info("account %s: %s", account, plural(polled.new, "new council message"))
            if polled.new or account not in self._kept:  # looking for them is not free
                self.app.keep_originals(account)
                self._kept.add(account)
        finally:
            # The next poll may be another worker's: a connection kept here would be a second one.
            self.app.source(account).close()
        self._ask_for_review(self.app.settings.accounts[account].person)
        return self.app.poll_every(account)

    def review(self, person: str) -> None:
        """Judge a person's mail and file what they are to be told."""
        self.app.review_if_changed(person)

    def look(self) -> timedelta:
        """Have everyone reviewed for whom a new day or a decision may change something."""
        for person in self.app.people(None):
            self._ask_for_review(person)
        return _TICK

    def _ask_for_review(self, person: str) -> None:
        if self.app.review_is_due(person):
            self.queue.ask(f"review:{person}")

    def remind(self) -> timedelta:
        """Send what waits in the outbox, and tell the dead-man switch when all is well."""
        self.app.remind()
        accounts, _ = self.app.health()
        if all(health.last_poll_at is not None and not health.problem for health in accounts):
            try:
                self.app.ping()
            except NotifierError as error:
                log.warning("%s", error.problem)
        self.write_health()
        return _TICK

    def retain(self) -> timedelta:
        """Delete what is past its retention time."""
        self.app.retain()
        return _DAY

    # ------------------------------------------------------------------ health

    def write_health(self) -> None:
        """Write this machine's health file, in one step."""
        try:
            accounts, pending = self.app.health()
            value = health_json(accounts, now=self.app.now(), version=__version__, pending=pending)
        except InboxwatchError as error:
            now = self.app.now().isoformat()
            value = {"status": "failing", "at": now, "problem": error.problem}
        self._health = value
        write_whole(self.app.health_file, json.dumps(value, indent=1))

    def health(self) -> dict[str, object]:
        """Return the last health written."""
        return self._health


def run_worker(
    app: App,
    *,
    dead_after_seconds: float = DEAD_AFTER_SECONDS,
    leave: Callable[[], None] = leave_now,
) -> None:
    """Work until SIGTERM or SIGINT, beside other workers of the same store.

    Args:
        leave: called at the end if some work could not be ended.

    Raises:
        ConfigError: the store is SQLite, a `run` is running on it, or there is no account.
        StoreError: PostgreSQL cannot be used.
    """
    if not app.settings.accounts:
        raise ConfigError(
            "there is no account to watch", remedy="Make a configuration with: inboxwatch init"
        )
    dsn = worker_dsn(app.settings)
    with service_lock(app.settings, shared=True) as claim:
        queue = open_queue(
            dsn,
            at_once=app.settings.service.accounts_at_once,
            dead_after_seconds=dead_after_seconds,
        )
        worker = Worker(app=app, queue=queue, dsn=dsn)
        queue.add(worker.duties())
        port = app.settings.service.health_port
        server = HealthServer(port, worker.health) if port else None
        memory.settle()
        log.info("working on %s", plural(len(app.settings.accounts), "account"))
        try:
            queue.work(may_go_on=lambda: _keep(claim))
        finally:
            if server is not None:
                server.close()
        log.info("stopping")
    if not queue.is_idle:
        leave()


def _keep(claim: Claim | None) -> None:
    """Hold on to the workers' share of the store; take it again after PostgreSQL was away.

    Raises:
        ConfigError: a `run` took the store meanwhile.
        StoreError: PostgreSQL cannot be used.
    """
    if claim is not None and not claim.take():
        raise ConfigError(
            "`inboxwatch run` was started on this store meanwhile",
            remedy="Use either one `run` or any number of `worker`, never both.",
        )
