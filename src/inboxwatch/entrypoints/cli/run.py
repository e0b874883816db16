"""Run the service."""

from __future__ import annotations

import click

from inboxwatch.entrypoints.cli.opening import opened
from inboxwatch.entrypoints.logs import set_up
from inboxwatch.entrypoints.running import run_service


@click.command()
@click.pass_context
def run(ctx: click.Context) -> None:
    """Watch the accounts: poll, review and remind until stopped."""
    with opened(ctx, migrate=True) as app:
        set_up(app.settings.log_level)
        run_service(app)
