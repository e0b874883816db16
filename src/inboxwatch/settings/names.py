"""Names of settings: as keys, as variables, and which one was probably meant."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from inboxwatch.settings.model import Settings

PREFIX = "INBOXWATCH_"
CONFIG_VARIABLE = "INBOXWATCH_CONFIG"


def variable(path: tuple[str, ...]) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + "__".join(path).upper()


def _model_in(annotation: object) -> tuple[type[BaseModel] | None, bool]:
    """Return the model inside an annotation, and whether any name may stand before it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is dict:
        return _model_in(args[1])[0], True
    if origin in (types.UnionType, typing.Union, tuple, list):
        for inner in args:
            model, named = _model_in(inner)
            if model is not None:
                return model, named
    return None, False


def _walk(path: tuple[str, ...]) -> tuple[type[BaseModel] | None, FieldInfo | None]:
    """Follow a path; return the model its end lies in, and the field it names."""
    model: type[BaseModel] | None = Settings
    rest = list(path)
    while model is not None and rest:
        found = model.model_fields.get(rest.pop(0))
        if found is None:
            return (model, None) if not rest else (None, None)
        if not rest:
            return model, found
        model, named = _model_in(found.annotation)
        if model is not None and (named or (rest[0].isdigit() and len(rest) > 1)):
            rest.pop(0)
            if not rest:
                return None, found
    return None, None


def field_at(path: tuple[str, ...]) -> FieldInfo | None:
    """Return the field a path names, or None when there is none such."""
    return _walk(path)[1]


def is_secret(path: tuple[str, ...]) -> bool:
    """Tell whether a setting holds a secret itself, rather than the name of a file."""
    found = field_at(path)
    return found is not None and SecretStr in (found.annotation, *typing.get_args(found.annotation))


def nearest(path: tuple[str, ...]) -> str | None:
    """Return the known key most like an unknown one, as written in the file, or None."""
    model = _walk(path)[0]
    known = list(model.model_fields) if model is not None else []
    found = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
    return ".".join((*path[:-1], found[0])) if found else None


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """Return a fault for each INBOXWATCH_ variable that is no setting."""
    faults = []
    for name in sorted(environ):
        upper = name.upper()
        if not upper.startswith(PREFIX) or upper == CONFIG_VARIABLE:
            continue
        path = tuple(upper[len(PREFIX) :].lower().split("__"))
        if field_at(path) is None:
            hint = (nearest(path) if len(path) > 1 else None) or _nearest_anywhere(path)
            said = f"; did you mean {variable(tuple(hint.split('.')))}?" if hint else ""
            faults.append(f"environment: {name}: unknown variable{said}")
    return faults


def _nearest_anywhere(path: tuple[str, ...]) -> str | None:
    """Find a setting whose whole variable looks like this one (a single _ for a double one)."""
    written = "_".join(path)
    every = {"_".join(known): ".".join(known) for known in all_paths()}
    found = difflib.get_close_matches(written, list(every), n=1, cutoff=0.6)
    return every[found[0]] if found else None


def all_paths(
    model: type[BaseModel] = Settings, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Yield the path of every setting; NAME stands for a name of the user's choice."""
    for name, found in model.model_fields.items():
        inner, named = _model_in(found.annotation)
        here = (*above, name, "name") if named else (*above, name)
        if inner is None:
            yield here
        else:
            yield from all_paths(inner, here)
