"""Files and folders that a user named: written, or told why they cannot be.

The file `-` is the standard output, as for most commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from inboxwatch.domain.errors import ConfigError
from inboxwatch.entrypoints.cli.output import note, writing

PIPE = Path("-")


class File(click.Path):
    """The parameter type of a file to write.

    Args:
        pipe: `-` may be given; where not, it is refused instead of becoming a file's name.
    """

    def __init__(self, *, pipe: bool = True) -> None:
        super().__init__(path_type=Path, dir_okay=False, allow_dash=pipe)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if is_pipe(value) and not self.allow_dash:
            raise ConfigError("this cannot be written to a pipe", remedy="Name a file.")
        return super().convert(value, param, ctx)


def is_pipe(path: Path | str | None) -> bool:
    """Tell whether a user asked for the standard output."""
    return str(path) == str(PIPE)


def write_file(path: Path, raw: bytes) -> None:
    """Write a file, or say why it cannot be.

    Raises:
        ConfigError: the folder is missing, or the disk is full.
    """
    with written(path):
        path.write_bytes(raw)


def put(path: Path, raw: bytes, *, what: str = "") -> None:
    """Write a file or to the standard output, and say of a file that it is there.

    Args:
        what: is in it, said after its name.

    Raises:
        ConfigError: the folder is missing, or the disk is full.
    """
    if is_pipe(path):
        with writing():
            sys.stdout.buffer.write(raw)
            sys.stdout.buffer.flush()
        return
    write_file(path, raw)
    note(f"wrote {path}" + (f": {what}" if what else ""))


def make_folder(path: Path) -> None:
    """Make a folder that may be there already, or say why it cannot be.

    Raises:
        ConfigError: a file has that name, the folder above may not be written, or the disk is full.
    """
    with written(path):
        path.mkdir(parents=True, exist_ok=True)


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Write something of that name.

    Raises:
        ConfigError: it cannot be written; says why.
    """
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}",
            remedy="Check the folder and the space left there.",
        ) from error
