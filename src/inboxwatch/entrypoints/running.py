"""Runs the service until it is told to stop: lock, threads, page, health, signals, the end."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock, Timeout

from inboxwatch.application.wording import plural
from inboxwatch.bootstrap import App
from inboxwatch.bootstrap.queueing import service_lock
from inboxwatch.domain.errors import ConfigError
from inboxwatch.entrypoints import memory
from inboxwatch.entrypoints.daemon import POLLS, RETRIES, Service, retries_at_once
from inboxwatch.entrypoints.health_server import HealthServer
from inboxwatch.entrypoints.leaving import leave_now

if TYPE_CHECKING:
    from inboxwatch.entrypoints.web.server import PageServer

log = logging.getLogger(__name__)


def scheduler_for(at_once: int) -> BackgroundScheduler:
    """Return what calls the service: so many polls at once, and a thread for the minute's tick."""
    return BackgroundScheduler(
        executors={
            POLLS: ThreadPoolExecutor(at_once),
            RETRIES: ThreadPoolExecutor(retries_at_once(at_once)),
            "tick": ThreadPoolExecutor(1),
        },
        timezone="UTC",
    )


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


def run_service(
    app: App,
    *,
    on_ready: Callable[[Service], None] | None = None,
    leave: Callable[[], None] = leave_now,
) -> None:
    """Run until SIGTERM or SIGINT, as the only one on this store.

    Args:
        on_ready: called once everything runs.
        leave: called at the end if some work could not be ended.

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
        claim = held.enter_context(service_lock(app.settings))
        service = Service(
            app=app,
            claim=claim,
            scheduler=scheduler_for(app.settings.service.accounts_at_once),
            health_file=app.health_file,
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: service.stopping.set())
        port = app.settings.service.health_port
        server = HealthServer(port, service.health) if port else None
        page = start_page(app, service.health) if app.settings.page.enabled else None
        memory.settle()
        service.start()
        log.info("watching %s", plural(len(app.settings.accounts), "account"))
        if on_ready is not None:
            on_ready(service)
        while not service.stopping.wait(1):
            pass
        log.info("stopping")
        if server is not None:
            server.close()
        # At the same time as the polls: each may take seconds, and there are ten in all.
        closing = threading.Thread(target=page.close, daemon=True) if page is not None else None
        if closing is not None:
            closing.start()
        is_done = service.stop()
        if closing is not None:
            closing.join(1)
        if not is_done:
            leave()
    finally:
        held.close()
        lock.release()
