"""Load the phrases that mail is known by: those shipped and the user's own beside them."""

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


def load_wording(own_folder: Path | None = None) -> Wording:
    """Return the shipped phrases together with those of a folder of the user's.

    Every `*.toml` file there is read. The user's phrases are added, none of those shipped is taken
    away.

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
    own: list[Phrase] = []
    for path in sorted(own_folder.glob("*.toml")):
        own.extend(_phrases(read_toml(path, faults), str(path), faults))
    if faults:
        raise ConfigError(
            f"the wording files in {own_folder} have {plural(len(faults), 'mistake')}",
            remedy="Correct what is listed; the shipped file automatic.toml explains the form.",
            faults=tuple(faults),
        )
    return Wording((*shipped_wording().phrases, *own))


@cache
def shipped_wording() -> Wording:
    """Return the phrases that come with the product.

    Raises:
        ConfigError: an installation whose files are damaged.
    """
    faults: list[str] = []
    phrases: list[Phrase] = []
    folder = files("inboxwatch").joinpath("presets", "wording")
    shipped = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    for file in sorted(shipped, key=lambda f: f.name):
        phrases.extend(_phrases(read_toml(file, faults), file.name, faults))
    if faults or not phrases:
        raise ConfigError(
            "the wording files that come with inboxwatch are damaged",
            remedy="Install inboxwatch again.",
            faults=tuple(faults),
        )
    return Wording(tuple(phrases))


def _phrases(content: dict[str, Any], file: str, faults: list[str]) -> Iterator[Phrase]:
    unknown = sorted(set(content) - {"phrases"})
    if unknown:
        faults.append(f"{file}: unknown key {unknown[0]!r}; the tables are called [[phrases]]")
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
