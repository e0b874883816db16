"""The main job on a sample that ships with the program: no account, no configuration."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

import click

from inboxwatch.entrypoints.cli.audit import write_lists
from inboxwatch.entrypoints.cli.files import make_folder, write_file
from inboxwatch.entrypoints.cli.listing import print_picture
from inboxwatch.entrypoints.cli.output import progress, say

ME = "sam.hartley@example.org"
WATCH = ("kent.gov.uk", "medway.gov.uk")
FOLDER = Path("inboxwatch-demo")


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER, show_default=True,
    help="Where the list and the report go.",
)  # fmt: skip
def demo(folder: Path) -> None:
    """Show what inboxwatch does, on the invented mail of an invented parent."""
    from inboxwatch.bootstrap.auditing import audit_files
    from inboxwatch.bootstrap.showing import sample_reminder

    say("Sam Hartley's mailbox (invented): 34 emails, 18 of them Sam's own to two councils.")
    say()
    with as_file(files("inboxwatch") / "presets" / "demo") as sample, progress() as show:
        picture = audit_files(
            [sample],
            me=[ME],
            watch=WATCH,
            as_of=datetime(2026, 6, 1, 7, 0, tzinfo=UTC),
            progress=show,
        )
    print_picture(picture, everything=True)
    say()
    say("The reminder that Sam would get:")
    say()
    reminder = sample_reminder(picture, to=ME)
    for line in reminder.text.splitlines():
        say(f"  | {line}".rstrip())
    say()
    make_folder(folder)
    write_file(folder / "reminder.html", reminder.html.encode())
    write_file(folder / "reminder.txt", reminder.text.encode())
    write_lists(picture, csv_file=folder / "unanswered.csv", report_file=None, everything=False)
    write_lists(picture, csv_file=None, report_file=folder / "report.html", everything=True)
    say(f"Look at {folder / 'report.html'} in your browser.")
    say("With your own exported mail:")
    say(f"  {_as_typed()} audit YOUR-MAIL.mbox --me you@example.org --watch kent.gov.uk")


def _as_typed() -> str:
    """Return how this program is called from here: `make demo` puts it into no search path."""
    called = Path(sys.argv[0])
    is_found = called.name != "inboxwatch" or shutil.which("inboxwatch") is not None
    return "inboxwatch" if is_found else str(called)
