"""How each council mailbox answers: counts, and working days to a person's reply."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from inboxwatch.application.anonymous import anonymous_json
from inboxwatch.application.statistics import (
    Figures,
    Group,
    Statistics,
    statistics,
    statistics_json,
)
from inboxwatch.application.wording import DISCLAIMER, no_reply_found
from inboxwatch.bootstrap.evidence import narrowed, working_days
from inboxwatch.domain.errors import ConfigError
from inboxwatch.entrypoints.cli.files import File, is_pipe, put
from inboxwatch.entrypoints.cli.listing import note_unknown
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import note, print_json, say, say_wrapped
from inboxwatch.entrypoints.cli.tables import print_table

COUNTED = ("sent", "acked", "answered", "no reply", "apart", "median", "9 in 10", "longest")


@click.command()
@click.option("--body", default=None, help="Only one body.")
@click.option("--case", "case_name", default=None, help="Only one case.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.option("--anonymous", is_flag=True, help="A file for `pool`: no subject, time or name.")
@click.option("-o", "--output", type=File(), default=None)
@person_option
@click.pass_context
def stats(
    ctx: click.Context,
    body: str | None,
    case_name: str | None,
    as_json: bool,
    anonymous: bool,
    output: Path | None,
    person: str | None,
) -> None:
    """Show for each council mailbox how many emails had a reply, and after how many working days.

    Emails that still wait count in the median as waiting (Kaplan-Meier).
    """
    if output is not None and not (anonymous or as_json):
        raise ConfigError(
            "a table is printed, not written to a file",
            remedy="Add --json or --anonymous, or leave -o out.",
        )
    with opened(ctx) as app:
        whole = app.picture(app.person(person))
        note_unknown([whole], body=body, case=case_name)
        picture = narrowed(whole, body=body, case=case_name)
        found = statistics(picture, working_days(app, picture))
    if anonymous or as_json:
        value = anonymous_json(found) if anonymous else statistics_json(found)
        if output is None or is_pipe(output):
            print_json(value)
        else:
            put(output, (json.dumps(value, indent=1) + "\n").encode())
    else:
        _print(found)
    note(f"{no_reply_found(picture.as_of)}. {DISCLAIMER}")


def _print(found: Statistics) -> None:
    if not found.asked:
        say("No email to a watched body yet.")
        return
    right = COUNTED
    print_table(
        ("council mailbox", *COUNTED),
        [*_rows(found.council_mailboxes), ("all", *_cells(found.whole))],
        right=right,
    )
    say()
    print_table(
        ("body", "month", *COUNTED),
        [(g.body, *row) for g, row in zip(found.months, _rows(found.months), strict=True)],
        right=right,
    )
    say()
    say_wrapped(
        "Days are working days. Apart: to be looked at, or closed by you; - means not reached yet."
    )
    if found.whole.undelivered:
        say(f"Not delivered, and not counted: {found.whole.undelivered}.")


def _rows(groups: Iterable[Group]) -> list[tuple[str, ...]]:
    return [(group.name, *_cells(group.figures)) for group in groups]


def _cells(figures: Figures) -> tuple[str, ...]:
    numbers = (
        figures.sent,
        figures.acknowledged,
        figures.answered,
        figures.no_reply,
        figures.unsettled,
        figures.median_days,
        figures.p90_days,
        figures.longest_days,
    )
    return tuple("-" if number is None else str(number) for number in numbers)
