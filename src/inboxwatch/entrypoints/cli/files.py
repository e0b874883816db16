"""Files and folders that a user named: written, or told why they cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inboxwatch.domain.errors import ConfigError


def write_file(path: Path, raw: bytes) -> None:
    """Write a file, or say why it cannot be.

    Raises:
        ConfigError: the folder is missing, or the disk is full.
    """
    with written(path):
        path.write_bytes(raw)


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
