"""What the command line prints: tables in a terminal, plain columns in a pipe, JSON on demand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from inboxwatch.application.ports import Progress as ProgressCall
from inboxwatch.domain.errors import ConfigError, InboxwatchError
from inboxwatch.domain.plain import one_line

STATUS_STYLES = {
    "overdue": "bold yellow",
    "undelivered": "bold magenta",
    "review": "cyan",
    "waiting": "blue",
    "answered": "green",
    "closed": "dim",
}


def is_terminal() -> bool:
    """Tell whether a person is looking."""
    return sys.stdout.isatty()


_LEGIBLE = 20  # characters of a subject or an address
_FRAME = 3  # a line and two spaces around a cell


def complain(error: InboxwatchError) -> None:
    """Print an expected failure: what, then the remedy."""
    click.echo(f"inboxwatch: {one_line(error.problem)}", err=True)
    if isinstance(error, ConfigError):
        for fault in error.faults:
            click.echo(f"  - {one_line(fault)}", err=True)
    for line in error.remedy.splitlines():
        click.echo(f"  {line}", err=True)


def say(text: str = "") -> None:
    """Print a line."""
    click.echo(text)


def note(text: str) -> None:
    """Print a line beside the result, so that a pipe gets the result alone."""
    click.echo(text, err=True)


def print_json(value: Any) -> None:
    """Print JSON for scripts."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
    right: Sequence[str] = (),
    flexible: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> None:
    """Print rows: a table in a terminal, aligned plain text in a pipe.

    Args:
        right: columns of numbers.
        flexible: columns that may be shortened to fit the terminal.
        optional: columns that a narrow terminal goes without, the first of these first.
    """
    clean = [[one_line(cell) for cell in row] for row in rows]
    if not is_terminal():
        if title:
            say(title)
        widths = [max(len(r[i]) for r in [list(columns), *clean]) for i in range(len(columns))]
        for row in [list(columns), *clean]:
            cells = [
                cell.rjust(width) if name in right else cell.ljust(width)
                for cell, width, name in zip(row, widths, columns, strict=True)
            ]
            say("  ".join(cells).rstrip())
        return
    console = Console()
    shown = columns_that_fit(columns, clean, console.width, flexible=flexible, optional=optional)
    table = Table(title=title or None, title_justify="left", header_style="bold", expand=False)
    for name in shown:
        table.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=name not in flexible,
            overflow="ellipsis" if name in flexible else "fold",
        )
    for row in clean:
        cells = [cell for name, cell in zip(columns, row, strict=True) if name in shown]
        table.add_row(*(Text(cell, style=STATUS_STYLES.get(cell, "")) for cell in cells))
    console.print(table)


def columns_that_fit(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int,
    *,
    flexible: Sequence[str],
    optional: Sequence[str],
) -> list[str]:
    """Return the columns a terminal has room for, flexible ones with enough to be read."""
    needs = {
        name: min(widest, _LEGIBLE) if name in flexible else widest
        for i, name in enumerate(columns)
        for widest in [max(len(cells[i]) for cells in [columns, *rows])]
    }
    shown = list(columns)
    for name in optional:
        if sum(needs[column] + _FRAME for column in shown) < width:
            break
        shown.remove(name)
    return shown


@contextmanager
def progress() -> Iterator[ProgressCall | None]:
    """Give a callback that shows a bar while a person is looking, else None."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
    ) as bar:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(one_line(what, 40), total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield show
