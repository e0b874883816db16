"""Pause and resume all reminders; facts go on being collected."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import click

from inboxwatch.application.pausing import pause as pause_reminders
from inboxwatch.application.pausing import resume as resume_reminders
from inboxwatch.application.wording import day_words
from inboxwatch.bootstrap.reaching import use_again
from inboxwatch.domain.errors import MailSourceError
from inboxwatch.entrypoints.cli.listing import note_unknown
from inboxwatch.entrypoints.cli.opening import Day, opened
from inboxwatch.entrypoints.cli.output import say


@click.command()
@click.option("--until", type=Day(), default=None, help="First day with reminders again.")
@click.option("--case", "case_name", default=None, help="Only the reminders of one case.")
@click.pass_context
def pause(ctx: click.Context, until: date | None, case_name: str | None) -> None:
    """Send no reminders for now; polling goes on."""
    with opened(ctx, needs_account=False) as app:
        pause_reminders(app.store, until=until, case=case_name)
        if case_name:
            with suppress(MailSourceError):  # before the first poll no case is known
                pictures = [app.picture(person) for person in app.people(None)]
                note_unknown(pictures, body=None, case=case_name)
    what = f"reminders about '{case_name}'" if case_name else "reminders"
    say(f"{what} are paused until {day_words(until)}" if until else f"{what} are paused")
    say("`inboxwatch resume` ends it. The lists and exports go on counting.")


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
    for name in again:
        say(f"{name} is used again; what waits for it goes out next")
    what = f"reminders about '{case_name}'" if case_name else "reminders"
    if was_paused or not again:
        say(f"{what} will come again" if was_paused else f"{what} were not paused")
