"""Tell by what code mail is judged, so that other code's judgements are not trusted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_JUDGING = ("domain", "application")


@cache
def program_mark() -> str:
    """Return a short text that changes with the code that judges, also between two releases."""
    return mark_of_code(*(files("inboxwatch") / name for name in _JUDGING))


def mark_of_code(*folders: Traversable) -> str:
    """Return a short text that changes with any Python source in some folders."""
    found = hashlib.sha256()
    for folder in folders:
        for name, source in _sources(folder, folder.name):
            code = source.read_bytes()
            found.update(f"{name} {len(code)}\n".encode())
            found.update(code)
    return found.hexdigest()[:32]


def _sources(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for child in sorted(folder.iterdir(), key=lambda each: each.name):
        here = f"{name}/{child.name}"
        if child.is_dir():
            yield from _sources(child, here)
        elif child.name.endswith(".py"):
            yield here, child
