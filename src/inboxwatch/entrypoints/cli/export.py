"""Export the list of unanswered emails."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from inboxwatch.adapters.export.csvfile import csv_bytes
from inboxwatch.adapters.export.documents import chronology_links, json_bytes, pdf_bytes
from inboxwatch.adapters.export.ics import ics_bytes
from inboxwatch.adapters.export.xlsx import xlsx_bytes
from inboxwatch.application.agenda import agenda
from inboxwatch.application.listing import CSV_COLUMNS, csv_rows, parse_as_of
from inboxwatch.application.picture import Picture, chosen
from inboxwatch.application.redaction import ABOUT_REDACTION, redact
from inboxwatch.application.wording import DISCLAIMER, moment_words, no_reply_found, plural
from inboxwatch.bootstrap import App
from inboxwatch.bootstrap.evidence import narrowed, working_days, write_evidence
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.verdict import Status
from inboxwatch.entrypoints.cli.files import PIPE, File, is_pipe, put, written
from inboxwatch.entrypoints.cli.listing import foot_notes, note_unknown
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import note

# Only what can be said without a person's look; the rest is asked for by --status.
DEFAULT_STATUSES = (Status.OVERDUE, Status.WAITING, Status.UNDELIVERED)

KINDS = ("csv", "xlsx", "json", "ics", "pdf", "bundle")
_EVERY_STATUS = ("ics", "pdf", "bundle")  # unless some are asked for
_BINARY = ("xlsx", "pdf")
_ENDINGS = {".zip": "bundle", **{f".{kind}": kind for kind in KINDS if kind != "bundle"}}


@click.command()
@click.option(
    "--format", "given_kind", type=click.Choice(KINDS), default=None,
    help="Default: what the file's name ends in (.zip: bundle), else csv.",
)  # fmt: skip
@click.option("-o", "--output", type=File(), default=None)
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice([s.value for s in Status]),
    help="Only these; may repeat. Default: overdue, waiting, undelivered;"
    " of ics, pdf and bundle all.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Threads of every status.")
@click.option("--body", default=None, help="Only one body.")
@click.option("--case", "case_name", default=None, help="Only one case.")
@click.option("--as-of", default=None, help="As things stood then (ISO 8601).")
@click.option("--redact", "redacted", is_flag=True, help="With stand-ins for names and addresses.")
@click.option(
    "--redact-name", "names", multiple=True,
    help="A further name to replace, such as a child's; may repeat.",
)  # fmt: skip
@click.option(
    "--chronology", type=File(pipe=False), default=None,
    help="With xlsx: the chronology that its rows lead to.",
)  # fmt: skip
@person_option
@click.pass_context
def export(
    ctx: click.Context,
    given_kind: str | None,
    output: Path | None,
    statuses: tuple[str, ...],
    everything: bool,
    body: str | None,
    case_name: str | None,
    as_of: str | None,
    redacted: bool,
    names: tuple[str, ...],
    chronology: Path | None,
    person: str | None,
) -> None:
    """Write the list of unanswered emails: as data, calendar, chronology or evidence bundle."""
    kind = given_kind or _ENDINGS.get(output.suffix.lower() if output else "", "csv")
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
        everyone = app.picture(app.person(person), as_of=moment)
        note_unknown([everyone], body=body, case=case_name)
        whole = narrowed(everyone, body=body, case=case_name)
        if redacted or names:
            whole = redact(whole, whole=everyone, names=names)
            note(ABOUT_REDACTION)
        wanted = frozenset(Status(s) for s in statuses) or (
            frozenset(Status)
            if everything or kind in _EVERY_STATUS
            else frozenset(DEFAULT_STATUSES)
        )
        picture = chosen(whole, statuses=wanted)
        if kind == "bundle":
            _write_bundle(app, whole, wanted, output, redacted=bool(redacted or names))
        else:
            if kind == "pdf":
                about = (ABOUT_REDACTION,) if redacted or names else ()
                raw = pdf_bytes(whole, working_days(app, whole), statuses=wanted, about=about)
            else:
                raw = export_bytes(picture, kind, chronology=chronology)
            _put(raw, kind, output, len(picture.verdicts))
    note(no_reply_found(picture.as_of) + ".")
    for line in [*_apart(whole, wanted), *foot_notes(whole)]:
        note(line)


def _put(raw: bytes, kind: str, output: Path | None, threads: int) -> None:
    """Write the file where it was asked for, or to a pipe."""
    target = output or PIPE
    if is_pipe(target) and kind in _BINARY and sys.stdout.isatty():
        what = "a spreadsheet" if kind == "xlsx" else "a PDF"
        raise ConfigError(
            f"{what} cannot be shown in a terminal", remedy=f"Give a file: -o list.{kind}"
        )
    put(target, raw, what=plural(threads, "thread"))


def _write_bundle(
    app: App, whole: Picture, wanted: frozenset[Status], output: Path | None, *, redacted: bool
) -> None:
    """Write the bundle under its name only when it is whole, and say how to check it."""
    if output is None or is_pipe(output):
        raise ConfigError("a bundle needs a file", remedy="Give one: -o evidence.zip")
    part = output.with_name(f".{output.name}.part")
    with written(output):
        try:
            with part.open("w+b") as file:
                made = write_evidence(app, whole, file, statuses=wanted, redacted=redacted)
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
    note(f"wrote {output}: {plural(made.files, 'file')}, {made.originals} originals")
    if made.missing:
        why = "stay with you, as the bundle is redacted" if redacted else "were not kept"
        note(f"originals left out: {made.missing}; they {why}, and manifest.json lists them")
    note(f"SHA-256 {made.sha256}")
    note(f"Note it down; it proves the copy: inboxwatch verify {output} --sha256 {made.sha256}")


def export_bytes(picture: Picture, kind: str, *, chronology: Path | None = None) -> bytes:
    """Return the file's bytes; the same picture gives the same bytes.

    Args:
        chronology: of the same picture, to which the rows of a spreadsheet lead.
    """
    if kind == "json":
        return json_bytes(picture)
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
        links=chronology_links(picture, chronology.name) if chronology else None,
    )


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
