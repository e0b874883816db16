"""Run one worker of many."""

from __future__ import annotations

import click

from inboxwatch.bootstrap.queueing import worker_dsn
from inboxwatch.entrypoints.cli.opening import opened
from inboxwatch.entrypoints.logs import set_up
from inboxwatch.entrypoints.worker import DEAD_AFTER_SECONDS, run_worker
from inboxwatch.settings.load import load


@click.command()
@click.option(
    "--dead-after", type=click.FloatRange(min=3), default=DEAD_AFTER_SECONDS, show_default=True,
    help="Seconds without a sign of life until a worker's polls are taken over.",
)  # fmt: skip
@click.pass_context
def worker(ctx: click.Context, dead_after: float) -> None:
    """Share the accounts of a PostgreSQL store with other workers, until stopped."""
    worker_dsn(load(ctx.find_root().obj)[0])  # refuses SQLite before a store is made
    with opened(ctx, migrate=True) as app:
        set_up(app.settings.log_level)
        run_worker(app, dead_after_seconds=dead_after)
