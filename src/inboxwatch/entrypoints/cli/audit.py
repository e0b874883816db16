"""Look through exported mail for emails without a human reply. Keeps nothing."""

from __future__ import annotations

from pathlib import Path

import click

from inboxwatch.application.listing import CSV_COLUMNS, csv_rows, parse_as_of, picture_json
from inboxwatch.application.picture import UNANSWERED, Picture
from inboxwatch.domain.bodies import why_no_body
from inboxwatch.domain.errors import ConfigError
from inboxwatch.entrypoints.cli.files import File, is_pipe, put
from inboxwatch.entrypoints.cli.listing import print_picture
from inboxwatch.entrypoints.cli.output import print_json, progress


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--me", multiple=True, required=True, help="Your address; may repeat.")
@click.option(
    "--watch", multiple=True, required=True, help="A council's domain or address; may repeat."
)
@click.option("--after", default="10wd", show_default=True, help="10wd, 14d, 6w, 1mo or a preset.")
@click.option("--calendar", default="england-and-wales", show_default=True)
@click.option("--as-of", default=None, help="Up to when the mail is complete (ISO 8601).")
@click.option("--all", "everything", is_flag=True, help="Answered threads too.")
@click.option("--json", "as_json", is_flag=True, help="For scripts: threads of every status.")
@click.option("--csv", "csv_file", type=File(), help="Write the list; - prints it alone.")
@click.option("--report", "report_file", type=File(), help="Write a page; - prints it alone.")
def audit(
    paths: tuple[Path, ...],
    me: tuple[str, ...],
    watch: tuple[str, ...],
    after: str,
    calendar: str,
    as_of: str | None,
    everything: bool,
    as_json: bool,
    csv_file: Path | None,
    report_file: Path | None,
) -> None:
    """List the emails to a council that never got a human reply, from exported mail.

    PATHS are mbox files, Maildirs, folders of .eml files, or a Google Takeout .mbox or .zip.
    """
    from inboxwatch.bootstrap.auditing import audit_files

    for address in me:
        if "@" not in address.strip("@"):
            raise ConfigError(
                f"'{address}' is not an email address", remedy="Write it like you@example.org."
            )
    own = [address.strip().lower() for address in me]
    for place in watch:
        if why := why_no_body(place, own):
            raise ConfigError(
                f"'{place}' {why}",
                remedy="Write it like kent.gov.uk or send@kent.gov.uk, each with a --watch.",
            )
    try:
        moment = parse_as_of(as_of) if as_of else None
    except ValueError as error:
        raise ConfigError(
            f"'{as_of}' is neither a date nor a time",
            remedy="Write it like 2026-06-01 or 2026-06-01T09:00.",
        ) from error
    if [is_pipe(csv_file), is_pipe(report_file), as_json].count(True) > 1:
        raise ConfigError(
            "only one of --csv -, --report - and --json can be printed",
            remedy="Give the others a file.",
        )
    with progress() as show:
        picture = audit_files(
            paths,
            me=me,
            watch=watch,
            after=after,
            calendar=calendar,
            as_of=moment,
            progress=show,
        )
    write_lists(picture, csv_file=csv_file, report_file=report_file, everything=everything)
    if as_json:
        print_json(picture_json(picture))
    elif not (is_pipe(csv_file) or is_pipe(report_file)):
        print_picture(picture, everything=everything)


def write_lists(
    picture: Picture, *, csv_file: Path | None, report_file: Path | None, everything: bool
) -> None:
    """Write the CSV and the report page that were asked for."""
    from inboxwatch.adapters.export.csvfile import csv_bytes
    from inboxwatch.adapters.export.report import report_html

    if csv_file is not None:
        chosen = [v for v in picture.verdicts if everything or v.status in UNANSWERED]
        put(csv_file, csv_bytes(CSV_COLUMNS, csv_rows(chosen)))
    if report_file is not None:
        put(report_file, report_html(picture, everything=everything))
