"""Export the list of unanswered emails."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from inboxwatch.adapters.export.csvfile import csv_bytes
from inboxwatch.adapters.export.ics import ics_bytes
from inboxwatch.adapters.export.xlsx import xlsx_bytes
from inboxwatch.application.agenda import agenda
from inboxwatch.application.listing import CSV_COLUMNS, csv_rows, parse_as_of, picture_json
from inboxwatch.application.picture import Picture, chosen
from inboxwatch.application.wording import DISCLAIMER, moment_words, no_reply_found, plural
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.verdict import Status
from inboxwatch.entrypoints.cli.listing import foot_notes
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import note

# Only what can be said without a person's look; the rest is asked for by --status.
DEFAULT_STATUSES = (Status.OVERDUE, Status.WAITING, Status.UNDELIVERED)


@click.command()
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx", "json", "ics"]), default="csv")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None)
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice([s.value for s in Status]),
    help="Only these; may repeat. Default: overdue, waiting, undelivered.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Threads of every status.")
@click.option("--body", default=None, help="Only one body.")
@click.option("--case", "case_name", default=None, help="Only one case.")
@click.option("--as-of", default=None, help="As things stood then (ISO 8601).")
@person_option
@click.pass_context
def export(
    ctx: click.Context,
    kind: str,
    output: Path | None,
    statuses: tuple[str, ...],
    everything: bool,
    body: str | None,
    case_name: str | None,
    as_of: str | None,
    person: str | None,
) -> None:
    """Write the list of unanswered emails as CSV, spreadsheet or JSON; its days as a calendar."""
    with opened(ctx) as app:
        moment = None
        if as_of is not None:
            try:
                moment = parse_as_of(as_of)
            except ValueError as error:
                raise ConfigError(
                    f"'{as_of}' is neither a date nor a time",
                    remedy="Write it like 2026-06-01 or 2026-06-01T09:00.",
                ) from error
        whole = app.picture(app.person(person), as_of=moment)
    wanted = frozenset(Status(s) for s in statuses) or (
        frozenset(Status) if everything or kind == "ics" else frozenset(DEFAULT_STATUSES)
    )
    picture = chosen(whole, statuses=wanted, body=body, case=case_name)
    raw = export_bytes(picture, kind)
    if output is None:
        if kind == "xlsx" and sys.stdout.isatty():
            raise ConfigError(
                "a spreadsheet cannot be shown in a terminal", remedy="Give a file: -o list.xlsx"
            )
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    else:
        write_file(output, raw)
        note(f"wrote {output}: {plural(len(picture.verdicts), 'thread')}")
    note(no_reply_found(picture.as_of) + ".")
    for line in [*_apart(whole, wanted), *foot_notes(whole)]:
        note(line)


def export_bytes(picture: Picture, kind: str) -> bytes:
    """Return the file's bytes; the same picture gives the same bytes."""
    if kind == "json":
        return (json.dumps(picture_json(picture), ensure_ascii=False, indent=2) + "\n").encode()
    if kind == "ics":
        return ics_bytes(agenda(picture.verdicts), as_of=picture.as_of)
    rows = csv_rows(picture.verdicts)
    if kind == "csv":
        return csv_bytes(CSV_COLUMNS, rows)
    return xlsx_bytes(
        CSV_COLUMNS,
        rows,
        as_of=picture.as_of,
        about=(
            no_reply_found(picture.as_of) + ".",
            f"Counted after {picture.threshold}, calendar {picture.calendar}.",
            *foot_notes(picture),
            DISCLAIMER,
        ),
    )


def write_file(path: Path, raw: bytes) -> None:
    """Write a file, or say why it cannot be.

    Raises:
        ConfigError: the folder is missing, or the disk is full.
    """
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}",
            remedy="Check the folder and the space left there.",
        ) from error


def _apart(whole: Picture, wanted: frozenset[Status]) -> list[str]:
    """Name what is left out because a person has to look first."""
    review = len(whole.with_status(Status.REVIEW))
    if not review or Status.REVIEW in wanted:
        return []
    return [
        f"{plural(review, 'thread')} may have a reply and {'is' if review == 1 else 'are'} left"
        f" out until you decide: inboxwatch list --status review (as of"
        f" {moment_words(whole.as_of)})"
    ]
