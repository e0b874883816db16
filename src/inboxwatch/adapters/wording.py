"""Load the phrases and words that mail is known by: those shipped and the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from inboxwatch.adapters.toml_file import read_toml
from inboxwatch.application.wording import plural
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.evidence.folding import fold
from inboxwatch.domain.evidence.wording import Phrase, Says, Strength, Where, Wording

E = TypeVar("E", bound=Enum)
_KEYS = frozenset({"says", "where", "strength", "any"})
_WORDS = ("common", "routine", "dealing")
_KINDS = ", ".join(_WORDS)


def load_wording(own_folder: Path | None = None) -> Wording:
    """Return the shipped phrases and words together with those of a folder of the user's.

    Every `*.toml` file there is read. What the user has is added, nothing of what is shipped is
    taken away.

    Raises:
        ConfigError: there is no such folder, or files in it cannot be understood; every fault at
            once.
    """
    if own_folder is None:
        return shipped_wording()
    if not own_folder.is_dir():
        raise ConfigError(
            f"the folder {own_folder} of wording files does not exist",
            remedy="Correct wording_folder in the configuration, or leave it out.",
        )
    faults: list[str] = []
    content = _Content(shipped_wording())
    for path in sorted(own_folder.glob("*.toml")):
        content.add(read_toml(path, faults), str(path), faults)
    if faults:
        raise ConfigError(
            f"the wording files in {own_folder} have {plural(len(faults), 'mistake')}",
            remedy="Correct what is listed; the shipped file automatic.toml explains the form.",
            faults=tuple(faults),
        )
    return content.wording()


@cache
def shipped_wording() -> Wording:
    """Return the phrases and words that come with the product.

    Raises:
        ConfigError: an installation whose files are damaged.
    """
    faults: list[str] = []
    content = _Content(Wording())
    folder = files("inboxwatch").joinpath("presets", "wording")
    shipped = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    for file in sorted(shipped, key=lambda f: f.name):
        content.add(read_toml(file, faults), file.name, faults)
    if faults or not content.phrases:
        raise ConfigError(
            "the wording files that come with inboxwatch are damaged",
            remedy="Install inboxwatch again.",
            faults=tuple(faults),
        )
    return content.wording()


class _Content:
    """What stands in wording files, collected file by file beside what is known already."""

    def __init__(self, known: Wording) -> None:
        self.phrases = list(known.phrases)
        self.words = {name: set(getattr(known, name)) for name in _WORDS}

    def wording(self) -> Wording:
        """Return all of it."""
        words = {name: frozenset(words) for name, words in self.words.items()}
        return Wording(tuple(self.phrases), **words)

    def add(self, content: dict[str, Any], file: str, faults: list[str]) -> None:
        """Add what one file holds; what cannot be understood goes to `faults`."""
        unknown = sorted(set(content) - {"phrases", "words"})
        if unknown:
            faults.append(
                f"{file}: unknown key {unknown[0]!r}; the tables are called [[phrases]] and [words]"
            )
        self.phrases.extend(_phrases(content, file, faults))
        table = content.get("words", {})
        if not isinstance(table, dict):
            faults.append(f"{file}: 'words' must be a table, begun with [words]")
            return
        for name, text in table.items():
            if name not in self.words:
                faults.append(f"{file}: [words]: unknown key {name!r}; there are {_KINDS}")
            elif not isinstance(text, str):
                faults.append(f"{file}: [words]: '{name}' must be words in one pair of quotes")
            else:
                self.words[name].update(fold(text).split())


def _phrases(content: dict[str, Any], file: str, faults: list[str]) -> Iterator[Phrase]:
    tables = content.get("phrases", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append(f"{file}: 'phrases' must be tables, each begun with [[phrases]]")
        return
    for number, table in enumerate(tables, start=1):
        yield from _of_table(table, f"{file}, table {number}", faults)


def _of_table(table: dict[str, Any], place: str, faults: list[str]) -> Iterator[Phrase]:
    found = [f"{place}: unknown key {key!r}" for key in sorted(set(table) - _KEYS)]
    says = _member(Says, table, "says", None, place, found)
    where = _member(Where, table, "where", Where.OPENING, place, found)
    strength = _member(Strength, table, "strength", Strength.MEDIUM, place, found)
    phrases = table.get("any")
    if not isinstance(phrases, list) or not phrases or not all(isinstance(p, str) for p in phrases):
        found.append(f"{place}: 'any' must be a list of phrases in quotes")
        phrases = []
    made: list[Phrase] = []
    for text in phrases:
        try:
            made.append(
                Phrase(
                    text=fold(text),
                    says=says or Says.AUTOMATIC,
                    where=where or Where.OPENING,
                    strength=strength or Strength.MEDIUM,
                )
            )
        except ValueError as error:
            found.append(f"{place}: {error}")
    faults.extend(found)
    if not found:
        yield from made


def _member(
    kind: type[E], table: dict[str, Any], key: str, default: E | None, place: str, found: list[str]
) -> E | None:
    value = table.get(key)
    if value is None and default is not None:
        return default
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(str(member.value) for member in kind)
        found.append(f"{place}: '{key}' must be one of {known}")
        return None
