"""Pause and resume all reminders; facts go on being collected."""

from __future__ import annotations

import click

from inboxwatch.application.pausing import pause as pause_reminders
from inboxwatch.application.pausing import resume as resume_reminders
from inboxwatch.entrypoints.cli.opening import opened
from inboxwatch.entrypoints.cli.output import say

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--until", type=_DAY, default=None, help="First day with reminders again.")
@click.pass_context
def pause(ctx: click.Context, until: click.DateTime | None) -> None:
    """Send no reminders for now; polling goes on."""
    with opened(ctx) as app:
        day = None if until is None else until.date()  # type: ignore[attr-defined]
        pause_reminders(app.store, until=day)
        say(f"reminders are paused until {day}" if day else "reminders are paused; see `resume`")


@click.command()
@click.pass_context
def resume(ctx: click.Context) -> None:
    """Send reminders again; what became due meanwhile comes as one digest."""
    with opened(ctx) as app:
        resume_reminders(app.store)
        say("reminders will come again")
