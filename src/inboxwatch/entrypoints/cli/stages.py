"""One stage, once: poll, review, remind. What `run` does all the time."""

from __future__ import annotations

import click

from inboxwatch.application.wording import plural
from inboxwatch.bootstrap.reaching import switched_off
from inboxwatch.domain.errors import MailSourceError, NotifierError
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import complain, note, progress, say
from inboxwatch.entrypoints.logs import set_up


@click.command()
@click.option("--account", "accounts", multiple=True, help="Only this account; may repeat.")
@click.pass_context
def poll(ctx: click.Context, accounts: tuple[str, ...]) -> int:
    """Read what is new in every account, once."""
    failed = 0
    with opened(ctx, migrate=True) as app:
        set_up(app.settings.log_level)
        for account in app.accounts(accounts):
            try:
                with progress() as show:
                    polled = app.poll(account, progress=show)
                    if polled.new:
                        app.place(app.settings.accounts[account].person)
                    app.keep_originals(account)
            except MailSourceError as error:
                complain(error)
                failed = error.exit_code
                continue
            record = polled.record
            state = "complete" if record.complete else "not complete"
            say(
                f"{account}: {plural(record.scanned, 'message')} looked at,"
                f" {plural(polled.new, 'new council message')}, {state}"
            )
            for problem in polled.problems:
                note(f"  {problem}")
            if not record.complete:
                failed = MailSourceError.exit_code
    return failed


@click.command()
@person_option
@click.pass_context
def review(ctx: click.Context, person: str | None) -> None:
    """Judge every thread and file the reminders that are due, once; sends nothing."""
    with opened(ctx, migrate=True) as app:
        set_up(app.settings.log_level)
        for name in app.people(person):
            done = app.review(name)
            say(
                f"{name}: {plural(done.threads, 'thread')},"
                f" {plural(len(done.filed), 'new reminder')} filed"
            )


@click.command()
@click.pass_context
def remind(ctx: click.Context) -> int:
    """Send what waits in the outbox, once."""
    with opened(ctx, migrate=True) as app:
        set_up(app.settings.log_level)
        result = app.remind()
        say(
            f"{len(result.sent)} sent, {result.postponed + result.held} waiting,"
            f" {len(result.given_up)} given up"
        )
        for trouble in () if result.problems else switched_off(app):
            note(f"Not used: {trouble.what}")
            note("\n".join(f"  {line}" for line in trouble.remedy.splitlines()))
        for problem in result.problems:
            complain(NotifierError(problem, remedy="Run: inboxwatch doctor", permanent=False))
    return NotifierError.exit_code if result.problems else 0
