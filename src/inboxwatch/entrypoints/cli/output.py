"""What the command line says: lines, notes beside them, errors with their remedy, JSON."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from inboxwatch.application.ports import Progress as ProgressCall
from inboxwatch.domain.errors import ConfigError, InboxwatchError
from inboxwatch.domain.plain import one_line

_NARROWEST = 40  # columns; a terminal that claims less is not believed
# What moves the cursor or turns the reading direction. Values are cleaned where they are made
# (`one_line`); this is the last door.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COMMAND = re.compile(r"inboxwatch( [^\s,;]+)+$")


def is_terminal() -> bool:
    """Tell whether a person is looking."""
    return sys.stdout.isatty()


def width() -> int:
    """Return the columns of the terminal."""
    return max(shutil.get_terminal_size().columns, _NARROWEST)


def forgive_encodings() -> None:
    """Let a terminal that lacks a sign show another one instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a test's own stream
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]


@contextmanager
def writing() -> Iterator[None]:
    """Write to where the user's shell lets output go.

    Raises:
        ConfigError: that place takes no more, such as a file on a full disk.
        BrokenPipeError: nobody reads any more.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ConfigError(
            f"the output cannot be written: {error.strerror or error}",
            remedy="Check where it is sent to, and the space left there.",
        ) from error


def complain(error: InboxwatchError) -> None:
    """Print an expected failure: what, then the remedy."""
    lines = [f"inboxwatch: {one_line(error.problem)}"]
    if isinstance(error, ConfigError):
        lines += [f"  - {one_line(fault)}" for fault in error.faults]
    lines += [f"  {line}" for line in error.remedy.splitlines()]
    with suppress(OSError):  # there is nowhere left to say it
        click.echo("\n".join(lines), err=True)


def say(text: str = "", *, mark: str = "") -> None:
    """Print text without anything that could harm a terminal.

    Args:
        mark: what stands before it and is ours, with its colour.
    """
    with writing():
        click.echo(mark + _HARMFUL.sub("", text))


def note(text: str) -> None:
    """Print a line beside the result, so that a pipe gets the result alone."""
    hanging = " " * (len(text) - len(text.lstrip()) + 2)
    lines = _broken(text.lstrip(), hanging[2:], hanging) if sys.stderr.isatty() else text
    with writing():
        click.echo(_HARMFUL.sub("", lines), err=True)


def say_wrapped(text: str, *, indent: str = "", hanging: str | None = None, mark: str = "") -> None:
    """Print a sentence that breaks between words in a terminal; in a pipe it stays one line.

    A command to copy at its end is never broken.

    Args:
        indent: before the first line.
        hanging: before the others; default: as the first.
        mark: one sign that stands before it all, with its colour.
    """
    rest = indent if hanging is None else hanging
    say(_broken(text, indent, rest) if is_terminal() else indent + text, mark=mark)


def _broken(text: str, indent: str, hanging: str) -> str:
    """Break text between words to the width of the terminal."""
    whole = _COMMAND.sub(lambda found: found[0].replace(" ", "\xa0"), text)
    lines = textwrap.wrap(
        whole,
        width() - 1,  # a sign may stand before it
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace("\xa0", " ") or indent


def say_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Print labels with what belongs to each, in two columns."""
    pairs = list(facts)
    widest = max((len(label) for label, _ in pairs), default=0)
    for label, value in pairs:
        say_wrapped(value, indent=f"  {label.ljust(widest)}  ", hanging=" " * (widest + 4))


def coloured(text: str, colour: str) -> str:
    """Return text in a colour where a terminal shows it and the user wants any."""
    wanted = is_terminal() and not os.environ.get("NO_COLOR")
    return click.style(text, fg=colour) if wanted else text


def print_json(value: Any) -> None:
    """Print JSON for scripts."""
    # Any terminal can show ASCII, and escapes mean the same to every reader of JSON.
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    text = json.dumps(value, ensure_ascii=not is_unicode, indent=2)
    say(_HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


@contextmanager
def progress() -> Iterator[ProgressCall | None]:
    """Give a callback that shows a bar while a person is looking, else None."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

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
