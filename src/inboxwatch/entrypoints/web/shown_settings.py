"""The settings as they may be shown: no secret, and no address that holds one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, SecretStr

from inboxwatch.settings.hiding import SET, without_path
from inboxwatch.settings.model import Settings


def shown_settings(settings: Settings) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the settings by table: each key with its value in words."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for path, value in _walk((), settings):
        table = ".".join(path[:-1]) or "general"
        groups.setdefault(table, []).append((path[-1], shown(value)))
    return list(groups.items())


def _walk(above: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk((*above, name), getattr(value, name))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk((*above, str(name)), inner)
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for number, inner in enumerate(value, 1):
            yield from _walk((*above, str(number)), inner)
    else:
        yield above, value


def shown(value: object) -> str:
    """Put one value into words. A secret is only said to be set; so is the path of a web address.

    Web addresses of chat services and monitors are secrets themselves: whoever knows one can
    write there.
    """
    match value:
        case None | "" | ():
            return "–"
        case SecretStr():
            return SET
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(shown(one) for one in value)
        case str() if "://" in value:
            return without_path(value)
        case Path() | str() | int() | float():
            return str(value)
    return str(value)
