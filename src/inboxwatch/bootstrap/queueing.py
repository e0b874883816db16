"""Where the workers' queue is, and who may run on a store at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from inboxwatch.adapters.fence import SERVICE, Claim, held
from inboxwatch.adapters.store.engine import place_of
from inboxwatch.bootstrap.places import store_place
from inboxwatch.domain.errors import ConfigError
from inboxwatch.settings.model import Settings

if TYPE_CHECKING:
    from inboxwatch.adapters.tasks import TaskQueue


def postgres_dsn(settings: Settings) -> str | None:
    """Return where PostgreSQL is, as libpq reads it; None for a store in SQLite."""
    place = place_of(store_place(settings))
    if place.path is not None:
        return None
    return place.url.set(drivername="postgresql").render_as_string(hide_password=False)


def worker_dsn(settings: Settings) -> str:
    """Return where the queue is.

    Raises:
        ConfigError: the store is SQLite, or the packages are missing.
    """
    dsn = postgres_dsn(settings)
    if dsn is None:
        raise ConfigError(
            "workers need a store in PostgreSQL; this one is a SQLite file",
            remedy="On one machine use: inboxwatch run. Past it set store.url_file and move the"
            " store with `inboxwatch backup` and `inboxwatch restore`.",
        )
    missing = [name for name in ("procrastinate", "psycopg") if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"workers need packages that are not installed: {', '.join(missing)}",
            remedy='Install them with: pip install "inboxwatch[postgres]"',
        )
    return dsn


def prepare_queue(settings: Settings) -> bool:
    """Make or renew the queue's tables; return whether anything was made.

    A store in SQLite, and a program without the packages for workers, need none.

    Raises:
        StoreError: PostgreSQL cannot be used, or a worker runs on another version's tables.
    """
    dsn = postgres_dsn(settings)
    if dsn is None or find_spec("procrastinate") is None:
        return False
    from inboxwatch.adapters.queue_schema import prepare

    return prepare(dsn, replace=True)


def open_queue(dsn: str, *, at_once: int, dead_after_seconds: float) -> TaskQueue:
    """Return a worker on the queue, its tables made where they are missing.

    Raises:
        StoreError: PostgreSQL cannot be used, or the tables are another version's.
    """
    from inboxwatch.adapters.queue_schema import prepare
    from inboxwatch.adapters.tasks import TaskQueue

    prepare(dsn, replace=False)
    return TaskQueue(dsn, at_once=at_once, dead_after_seconds=dead_after_seconds)


@contextmanager
def service_lock(settings: Settings, *, shared: bool = False) -> Iterator[Claim | None]:
    """Keep `run` and workers of one PostgreSQL store apart; None where the store is SQLite.

    Raises:
        ConfigError: the other kind runs already.
        StoreError: PostgreSQL cannot be used.
    """
    dsn = postgres_dsn(settings)
    if dsn is None:
        yield None
        return
    with held(dsn, SERVICE, shared=shared) as claim:
        if claim is None:
            raise ConfigError(
                "`inboxwatch run` is already running on this store"
                if shared
                else "another inboxwatch is already running on this store",
                remedy="Use either one `run` or any number of `worker`, never both.",
            )
        yield claim
