"""Tables: in a terminal as wide as it is, in a pipe aligned plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from inboxwatch.domain.plain import one_line
from inboxwatch.entrypoints.cli.output import is_terminal, say, say_wrapped, width, writing

STATUS_STYLES = {
    "overdue": "bold yellow",
    "undelivered": "bold magenta",
    "review": "cyan",
    "waiting": "blue",
    "answered": "green",
    "closed": "dim",
}
_LEGIBLE = 18  # columns of a subject or an address
_LONGEST = 72  # characters of one; JSON and the exports have the whole
_GAP = 2  # columns between two cells


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
    right: Sequence[str] = (),
    flexible: Sequence[str] = (),
    optional: Sequence[str] = (),
    longest: int = _LONGEST,
) -> None:
    """Print rows: a table in a terminal, aligned plain text in a pipe.

    In a terminal too narrow for a table each row becomes a block of lines under its first cell.

    Args:
        right: columns of numbers.
        flexible: columns of free text, which may be shortened.
        optional: columns that a narrow terminal goes without, the first of these first.
        longest: characters of free text that are shown.
    """
    clean = [
        [
            one_line(cell, longest if name in flexible else None)
            for name, cell in zip(columns, row, strict=True)
        ]
        for row in rows
    ]
    if title:
        say(title)
    if not is_terminal():
        _print_plain(columns, clean, right)
        return
    needs = room_needed(columns, clean, flexible)
    shown = columns_that_fit(needs, width(), optional)
    if not shown:
        _print_blocks(columns, clean, right)
        return
    table = Table(
        box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold"
    )
    for name in shown:
        free = name in flexible
        table.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=not free,
            overflow="ellipsis" if free else "fold",
            min_width=needs[name],
        )
    for row in clean:
        cells = [cell for name, cell in zip(columns, row, strict=True) if name in shown]
        table.add_row(*(Text(cell, style=STATUS_STYLES.get(cell, "")) for cell in cells))
    with writing():
        Console(width=width()).print(table)


def room_needed(
    columns: Sequence[str], rows: Sequence[Sequence[str]], flexible: Sequence[str]
) -> dict[str, int]:
    """Return the terminal columns that each column needs, free text enough to be read."""
    widest = _widest(columns, rows)
    return {
        name: min(need, _LEGIBLE) if name in flexible else need
        for name, need in zip(columns, widest, strict=True)
    }


def columns_that_fit(needs: Mapping[str, int], room: int, optional: Sequence[str]) -> list[str]:
    """Return the columns a terminal has room for, without some optional ones; none if too few."""
    shown = list(needs)
    for name in (*optional, None):
        if sum(needs[column] + _GAP for column in shown) - _GAP <= room:
            return shown
        if name is not None:
            shown.remove(name)
    return []


def _widest(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(cell_len(cells[i]) for cells in [columns, *rows]) for i in range(len(columns))]


def _print_plain(
    columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str]
) -> None:
    widths = _widest(columns, rows)
    for row in [columns, *rows]:
        cells = []
        for cell, most, name in zip(row, widths, columns, strict=True):
            room = " " * (most - cell_len(cell))
            cells.append(room + cell if name in right else cell + room)
        say((" " * _GAP).join(cells).rstrip())


def _print_blocks(
    columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str]
) -> None:
    for row in rows:
        first, *others = zip(columns, row, strict=True)
        heading = [first[1], *(cell for name, cell in others if not name)]
        say(" ".join(cell for cell in heading if cell))
        for name, cell in others:
            if name and cell and name not in right:
                say_wrapped(f"{name}: {cell}", indent="  ", hanging="    ")
        numbers = [f"{name} {cell}" for name, cell in others if name in right and cell]
        if numbers:
            say_wrapped(" · ".join(numbers), indent="  ")
        say()
