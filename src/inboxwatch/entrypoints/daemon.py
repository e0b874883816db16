"""The service: polls each account on its own rhythm, reviews, reminds, and says how it is."""

from __future__ import annotations

import json
import logging
import random
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler

from inboxwatch import __version__
from inboxwatch.adapters.fence import Claim
from inboxwatch.application.health import health_json
from inboxwatch.application.lanes import Lanes
from inboxwatch.application.pacing import Pace
from inboxwatch.application.wording import plural
from inboxwatch.bootstrap import App
from inboxwatch.domain.errors import (
    InboxwatchError,
    MailSourceError,
    NotifierError,
    StoreError,
)
from inboxwatch.domain.london import local_day
from inboxwatch.entrypoints.health_server import write_whole

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)

POLLS, RETRIES = "polls", "retries"  # the pools of threads
_TICK_SECONDS = 60  # how often the outbox and the health are looked at
_STOP_WITHIN_SECONDS = 6  # of waiting for running work; docker kills after 10 in all


@dataclass(slots=True)
class Service:
    """The running program; one for each store."""

    app: App
    scheduler: BackgroundScheduler
    health_file: Path
    tick_seconds: float = _TICK_SECONDS
    apart_seconds: float = 1.0  # between the first polls of two accounts
    claim: Claim | None = None  # on a store in PostgreSQL
    paces: dict[str, Pace] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    _review_lock: threading.Lock = field(default_factory=threading.Lock)
    _health: dict[str, object] = field(default_factory=dict)
    _tidied_on: date | None = None
    _kept: set[str] = field(default_factory=set)  # accounts without an original to be fetched
    _lanes: dict[str, Lanes] = field(default_factory=dict)
    _was_good: bool = False  # a poll succeeded since the last ping

    def start(self) -> None:
        """Schedule every account, spread over its interval, and the regular tick."""
        self.app.record.notes_may_wait = True  # for the next tick
        at = self.app.now()
        accounts = sorted(self.app.settings.accounts)
        several = len({self._server_of(account) for account in accounts}) > 1
        at_once = self.app.settings.service.accounts_at_once
        self._lanes = {
            POLLS: Lanes(places=at_once, has_others=several),
            RETRIES: Lanes(places=retries_at_once(at_once), has_others=several),
        }
        for number, account in enumerate(accounts):
            every = self.app.poll_every(account)
            self.paces[account] = Pace(every=every)
            # The first polls follow each other closely: a person is waiting for the first result.
            after = min(number * self.apart_seconds, every.total_seconds())
            self._schedule(account, at + timedelta(seconds=after))
        self.scheduler.add_job(
            self.tick,
            "interval",
            seconds=self.tick_seconds,
            id="tick",
            next_run_time=at,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            executor="tick",
        )
        self.scheduler.start()

    def _schedule(self, account: str, when: datetime) -> None:
        self.scheduler.add_job(
            self.poll,
            "date",
            run_date=when,
            args=[account],
            id=f"poll:{account}",
            replace_existing=True,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            # Where a whole provider is ill, waiting for it must not hold up the others' accounts.
            executor=self._lane_of(account),
        )

    def _server_of(self, account: str) -> tuple[str, int | None]:
        """Return what tells an account's mail server from others; asks nobody."""
        chosen = self.app.settings.accounts[account]
        return chosen.host or chosen.address.rpartition("@")[2], chosen.port

    def _lane_of(self, account: str) -> str:
        return RETRIES if self.paces[account].failures else POLLS

    def poll(self, account: str) -> None:
        """Poll one account, unless its server holds its share of places: then when one is free."""
        lane, server = self._lanes[self._lane_of(account)], self._server_of(account)
        if self.stopping.is_set() or not lane.enter(server, account):
            return
        try:
            self._poll(account)
        finally:
            following = lane.leave(server)
            if following is not None and not self.stopping.is_set():
                self._schedule(following, self.app.now())

    def _poll(self, account: str) -> None:
        """Poll one account and plan its next poll, whatever happens in between."""
        pace = self.paces[account]
        try:
            polled = self.app.poll(account)
            pace = pace.after_success()
            is_first = account not in self._kept  # told, so that it is seen to work
            if polled.new or is_first:
                log.info("account %s: %s", account, plural(polled.new, "new council message"))
            with self._review_lock:
                self.app.review_after_poll(self.app.settings.accounts[account].person, polled)
            if polled.new or account not in self._kept:  # looking for them is not free
                self.app.keep_originals(account)
                self._kept.add(account)
            self._was_good = True
        except MailSourceError as error:
            pace = pace.after_failure(
                transient=error.transient,
                retry_after=error.retry_after_seconds,
                jitter=random.random(),  # noqa: S311 - spreads load, no secret
            )
            if pace.failures == 1 or not error.transient:  # once, not at every try
                log.warning("%s", _said_of(account, error))
        except InboxwatchError as error:
            pace = pace.after_failure(transient=True, retry_after=None, jitter=random.random())  # noqa: S311
            log.error("%s", _said_of(account, error))
        except Exception:
            pace = pace.after_failure(transient=True, retry_after=None, jitter=random.random())  # noqa: S311
            log.exception("account %s: unexpected failure", account)
        finally:
            self.paces[account] = pace
            if not self.stopping.is_set():
                self._schedule(account, self.app.now() + pace.wait())

    def _ping(self) -> None:
        """Tell the dead-man switch that polls were good and no account is failing."""
        if not self._was_good or any(pace.failures for pace in self.paces.values()):
            return
        self._was_good = False
        try:
            self.app.ping()
        except NotifierError as error:
            log.warning("%s", error.problem)

    def review(self, person: str) -> None:
        """Judge and file what is to be told, if anything changed; one at a time."""
        with self._review_lock:
            self.app.review_if_changed(person)

    def tick(self) -> None:
        """Record the polls without news, send what waits in the outbox, write the health file."""
        try:
            if self.claim is not None and not self.claim.take():
                log.error("another inboxwatch was started on this store; stopping")
                self.stopping.set()
                return
            self.app.record.flush()
            for person in self.app.people_due():
                if self.stopping.is_set():
                    return
                self.review(person)
            self.app.remind()
            self.tidy()
            self._ping()
        except InboxwatchError as error:
            log.error("%s", error.problem)
        except Exception:
            log.exception("unexpected failure")
        finally:
            self.write_health()

    def tidy(self) -> None:
        """Delete what is past its retention time, once a day: it looks at everyone's threads."""
        today = local_day(self.app.now())
        if today != self._tidied_on:
            self.app.retain()
            self._tidied_on = today

    def write_health(self) -> None:
        """Write the health file in one step, so that a reader never sees half of it."""
        try:
            accounts, pending = self.app.health()
            value = health_json(accounts, now=self.app.now(), version=__version__, pending=pending)
        except InboxwatchError as error:
            value = {
                "status": "failing",
                "at": self.app.now().isoformat(),
                "problem": error.problem,
            }
        self._health = value
        write_whole(self.health_file, json.dumps(value, indent=1))

    def health(self) -> dict[str, object]:
        """Return the last health written."""
        return self._health

    def stop(self) -> bool:
        """Let running work end, then close; called once.

        Returns:
            False when some still runs: a mail server that says nothing is waited for no longer.
        """
        self.stopping.set()
        for job in self.scheduler.get_jobs():
            job.remove()
        waiter = threading.Thread(target=self.scheduler.shutdown, kwargs={"wait": True})
        waiter.daemon = True
        waiter.start()
        waiter.join(_STOP_WITHIN_SECONDS)
        if waiter.is_alive():
            with suppress(StoreError):
                self.app.record.flush()
            return False
        self.app.close()
        return True


def retries_at_once(at_once: int) -> int:
    """Return how many accounts that failed are tried again at the same time."""
    return (at_once + 1) // 2


def _said_of(account: str, error: InboxwatchError) -> str:
    """Return what went wrong with its account named once."""
    named = error.problem.startswith("account ")
    return error.problem if named else f"account '{account}': {error.problem}"
