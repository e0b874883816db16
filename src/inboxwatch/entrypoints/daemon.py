"""The service: polls each account on its own rhythm, reviews, reminds, and says how it is."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock, Timeout

from inboxwatch import __version__
from inboxwatch.adapters.fence import Claim
from inboxwatch.application.health import health_json
from inboxwatch.application.pacing import Pace
from inboxwatch.bootstrap import App
from inboxwatch.bootstrap.queueing import service_lock
from inboxwatch.domain.errors import (
    ConfigError,
    InboxwatchError,
    MailSourceError,
    NotifierError,
)
from inboxwatch.domain.london import local_day
from inboxwatch.entrypoints.health_server import HealthServer

if TYPE_CHECKING:
    from inboxwatch.entrypoints.web.server import PageServer

log = logging.getLogger(__name__)

_TICK_SECONDS = 60  # how often the outbox and the health are looked at
_STOP_WITHIN_SECONDS = 25  # docker kills after 10 by default; compose.yaml gives 30


@dataclass(slots=True)
class Service:
    """The running program; one for each store."""

    app: App
    scheduler: BackgroundScheduler
    health_file: Path
    tick_seconds: float = _TICK_SECONDS
    claim: Claim | None = None  # on a store in PostgreSQL
    paces: dict[str, Pace] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    _review_lock: threading.Lock = field(default_factory=threading.Lock)
    _health: dict[str, object] = field(default_factory=dict)
    _tidied_on: date | None = None
    _kept: set[str] = field(default_factory=set)  # accounts without an original to be fetched

    def start(self) -> None:
        """Schedule every account, spread over its interval, and the regular tick."""
        at = self.app.now()
        accounts = sorted(self.app.settings.accounts)
        for number, account in enumerate(accounts):
            every = self.app.poll_every(account)
            self.paces[account] = Pace(every=every)
            # The first polls follow each other closely: a person is waiting for the first result.
            self._schedule(account, at + timedelta(seconds=min(number, every.total_seconds())))
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
            executor="retries" if self.paces[account].failures else "polls",
        )

    def poll(self, account: str) -> None:
        """Poll one account and plan its next poll, whatever happens in between."""
        pace = self.paces[account]
        try:
            polled = self.app.poll(account)
            pace = pace.after_success()
            if polled.new:
                log.info("account %s: %d new council messages", account, polled.new)
            self.review(self.app.settings.accounts[account].person)
            if polled.new or account not in self._kept:  # looking for them is not free
                self.app.keep_originals(account)
                self._kept.add(account)
            if not any(p.failures for name, p in self.paces.items() if name != account):
                self._ping()
        except MailSourceError as error:
            pace = pace.after_failure(
                transient=error.transient,
                retry_after=error.retry_after_seconds,
                jitter=random.random(),  # noqa: S311 - spreads load, no secret
            )
            if pace.failures == 1 or not error.transient:  # once, not at every try
                log.warning("account %s: %s", account, error.problem)
        except InboxwatchError as error:
            pace = pace.after_failure(transient=True, retry_after=None, jitter=random.random())  # noqa: S311
            log.error("account %s: %s", account, error.problem)
        except Exception:
            pace = pace.after_failure(transient=True, retry_after=None, jitter=random.random())  # noqa: S311
            log.exception("account %s: unexpected failure", account)
        finally:
            self.paces[account] = pace
            if not self.stopping.is_set():
                self._schedule(account, self.app.now() + pace.wait())

    def _ping(self) -> None:
        """Tell the dead-man switch that this cycle was good and no account is failing."""
        try:
            self.app.ping()
        except NotifierError as error:
            log.warning("%s", error.problem)

    def review(self, person: str) -> None:
        """Judge and file what is to be told, if anything changed; one at a time."""
        with self._review_lock:
            self.app.review_if_changed(person)

    def tick(self) -> None:
        """Send what waits in the outbox and write the health file."""
        try:
            if self.claim is not None and not self.claim.take():
                log.error("another inboxwatch was started on this store; stopping")
                self.stopping.set()
                return
            for person in self.app.people_due():
                self.review(person)
            self.app.remind()
            self.tidy()
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

    def stop(self) -> None:
        """Let running work end, then close; called once."""
        self.stopping.set()
        for job in self.scheduler.get_jobs():
            job.remove()
        waiter = threading.Thread(target=self.scheduler.shutdown, kwargs={"wait": True})
        waiter.daemon = True
        waiter.start()
        waiter.join(_STOP_WITHIN_SECONDS)
        self.app.close()


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        log.warning("the health file %s could not be written", path)


def start_page(app: App, health: Callable[[], dict[str, object]]) -> PageServer:
    """Show the page, from a thread of its own.

    Raises:
        ConfigError: its packages are missing, its port is taken, or it has no password and must.
    """
    from inboxwatch.entrypoints.web.extra import require_web

    require_web()
    from inboxwatch.entrypoints.web.server import PageServer

    page = PageServer(app, health=health)
    page.start()
    log.info("the page is at %s", page.address)
    return page


def run_service(app: App, *, on_ready: Callable[[Service], None] | None = None) -> None:
    """Run until SIGTERM or SIGINT, as the only one on this store.

    Raises:
        ConfigError: another instance is running, or there is no account.
    """
    if not app.settings.accounts:
        raise ConfigError(
            "there is no account to watch", remedy="Make a configuration with: inboxwatch init"
        )
    lock = FileLock(app.data_folder / "inboxwatch.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ConfigError(
            f"another inboxwatch is already running on {app.data_folder}",
            remedy="Stop that one first; one is enough for all accounts.",
        ) from error
    held = ExitStack()
    try:
        claim = held.enter_context(service_lock(app.settings, app.config))
        at_once = app.settings.service.accounts_at_once
        service = Service(
            app=app,
            claim=claim,
            scheduler=BackgroundScheduler(
                executors={
                    "polls": ThreadPoolExecutor(at_once),
                    "retries": ThreadPoolExecutor((at_once + 1) // 2),
                    "tick": ThreadPoolExecutor(1),
                },
                timezone="UTC",
            ),
            health_file=app.health_file,
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: service.stopping.set())
        port = app.settings.service.health_port
        server = HealthServer(port, service.health) if port else None
        page = start_page(app, service.health) if app.settings.page.enabled else None
        service.start()
        log.info("watching %d accounts", len(app.settings.accounts))
        if on_ready is not None:
            on_ready(service)
        while not service.stopping.wait(1):
            pass
        log.info("stopping")
        if server is not None:
            server.close()
        if page is not None:
            page.close()
        service.stop()
    finally:
        held.close()
        lock.release()
