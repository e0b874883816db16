"""Judging only what changed gives the same on every store, over a long random history."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from inboxwatch.adapters.store import migrate, open_store
from inboxwatch.application.ports import Store
from tests.fakes_store import FakeStore
from tests.servers.postgres import PostgresServer
from tests.twins import Twins

STEPS = (
    "write", "write", "poll", "poll", "review", "review", "decide", "undo", "wait", "move",
    "refuse",
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(
    request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path, postgres: PostgresServer
) -> Iterator[Callable[[], Store]]:
    """Opens one empty store after another."""
    opened: list[Store] = []
    databases = []

    def another() -> Store:
        if request.param == "sqlite":
            url = str(tmp_path / f"{len(opened)}.db")
            shutil.copyfile(empty_sqlite, url)
        else:
            databases.append(postgres.database())
            url = postgres.url(databases[-1].__enter__())
            migrate(url)
        opened.append(open_store(url))
        return opened[-1]

    yield another
    for store in opened:
        store.close()
    for database in databases:
        database.__exit__(None, None, None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_caught_up_equals_what_is_judged_anew(
    stores: Callable[[], Store], seed: int
) -> None:
    dice = Random(seed)
    twins = Twins(stores(), FakeStore())
    for _ in range(40):
        step = dice.choice(STEPS)
        getattr(twins, step)(dice)
        if step in ("poll", "decide"):
            twins.review(dice)
        if dice.random() < 0.2:
            twins.send()
    twins.poll_all()
    twins.review(dice)
    twins.compare_with_nothing_before(stores())
