"""Keep the store well: migrate, backup, restore, purge."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from inboxwatch.application.purge import purge_age, purge_case
from inboxwatch.application.wording import plural
from inboxwatch.bootstrap import backup_store, migrate_store, restore_store
from inboxwatch.bootstrap.queueing import prepare_queue
from inboxwatch.domain.errors import ConfigError
from inboxwatch.entrypoints.cli.files import File
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import say
from inboxwatch.settings.load import load

_AGE = re.compile(r"^(\d{1,4})(d|w|mo|y)$")
_DAYS = {"d": 1, "w": 7, "mo": 31, "y": 366}


@click.command()
@click.pass_context
def migrate(ctx: click.Context) -> None:
    """Bring the store's tables up to date, after making a copy of it."""
    settings, _ = load(ctx.find_root().obj)
    before, after, copy = migrate_store(settings)
    if prepare_queue(settings):
        say("the queue of the workers is ready")
    if before == after:
        say(f"the store is up to date ({after})")
        return
    say(f"the store is now at {after} (was {before or 'new'})")
    if copy is not None:
        say(f"a copy from before is at {copy}")


@click.command()
@click.option(
    "-o", "--output", type=File(pipe=False), default=None,
    help="Where to write it. Default: inboxwatch-DATE.backup in this folder.",
)  # fmt: skip
@click.pass_context
def backup(ctx: click.Context, output: Path | None) -> None:
    """Write a copy of everything stored into one file; safe while `run` is working."""
    settings, _ = load(ctx.find_root().obj)
    target = output or Path(f"inboxwatch-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.backup")
    if target.exists():
        raise ConfigError(f"{target} already exists", remedy="Give another name with -o.")
    backup_store(settings, target)
    say(f"wrote {target} ({target.stat().st_size:,} bytes); keep it safe, it holds your mail")


@click.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace what the store holds now.")
@click.pass_context
def restore(ctx: click.Context, source: Path, force: bool) -> None:
    """Bring back a backup into an empty store."""
    settings, _ = load(ctx.find_root().obj)
    restore_store(settings, source, force=force)
    say(f"restored from {source}")


@click.command()
@click.option("--older-than", default=None, help="Finished threads older than 90d, 26w, 18mo, 3y.")
@click.option("--case", "case_name", default=None, help="Every thread of one case.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@person_option
@click.pass_context
def purge(
    ctx: click.Context, older_than: str | None, case_name: str | None, yes: bool, person: str | None
) -> None:
    """Delete stored mail for good: finished threads by age, or all of a case."""
    if (older_than is None) == (case_name is None):
        raise click.UsageError("give either --older-than AGE or --case NAME")
    with opened(ctx, needs_account=False) as app:
        picture = app.picture(app.person(person))
        if case_name is not None:
            plan = purge_case(picture, case_name)
        else:
            plan = purge_age(picture, before=app.now() - _age(older_than or ""))
        if not plan.message_ids:
            say("there is nothing to delete")
            return
        words = f"{plural(len(plan.message_ids), 'message')} in {plural(plan.threads, 'thread')}"
        if not yes:
            click.confirm(f"Delete {words} for good? Your mail account is not touched.", abort=True)
        with app.store.transaction() as tx:
            gone = tx.purge(app.person(person), plan.message_ids)
        say(f"deleted {plural(gone, 'message')}; your mail account was not touched")


def _age(text: str) -> timedelta:
    found = _AGE.match(text.strip())
    if found is None:
        raise ConfigError(f"'{text}' is no age", remedy="Write it like 90d, 26w, 18mo or 3y.")
    return timedelta(days=int(found.group(1)) * _DAYS[found.group(2)])
