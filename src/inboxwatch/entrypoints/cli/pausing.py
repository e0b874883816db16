"""Pause and resume all reminders; facts go on being collected."""

from __future__ import annotations

from datetime import datetime

import click

from inboxwatch.application.pausing import pause as pause_reminders
from inboxwatch.application.pausing import resume as resume_reminders
from inboxwatch.application.wording import plural
from inboxwatch.bootstrap.reaching import use_again
from inboxwatch.entrypoints.cli.opening import opened
from inboxwatch.entrypoints.cli.output import say

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--until", type=_DAY, default=None, help="First day with reminders again.")
@click.option("--case", "case_name", default=None, help="Only the reminders of one case.")
@click.pass_context
def pause(ctx: click.Context, until: datetime | None, case_name: str | None) -> None:
    """Send no reminders for now; polling goes on."""
    with opened(ctx, needs_account=False) as app:
        day = None if until is None else until.date()
        pause_reminders(app.store, until=day, case=case_name)
    what = f"reminders about '{case_name}'" if case_name else "reminders"
    say(f"{what} are paused until {day}" if day else f"{what} are paused; see `resume`")


@click.command()
@click.option("--case", "case_name", default=None, help="Only the reminders of one case.")
@click.pass_context
def resume(ctx: click.Context, case_name: str | None) -> None:
    """Send reminders again; what became due meanwhile comes as one digest.

    A channel that was switched off because it refused for good is used again.
    """
    with opened(ctx, needs_account=False) as app:
        was_paused = resume_reminders(app.store, case=case_name)
        again = use_again(app) if case_name is None else {}
    for name, waiting in again.items():
        say(f"{name} is used again; {plural(waiting, 'message')} wait for it")
    what = f"reminders about '{case_name}'" if case_name else "reminders"
    if was_paused or not again:
        say(f"{what} will come again" if was_paused else f"{what} were not paused")
