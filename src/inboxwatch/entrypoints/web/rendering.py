"""How templates are filled: everything escaped, every text of a mail made harmless first."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from inboxwatch.application.explain import short_day
from inboxwatch.application.wording import (
    STATUS_WORDS,
    day_words,
    moment_words,
    plural,
    times_words,
)
from inboxwatch.domain.london import local, local_day
from inboxwatch.domain.plain import many_lines, one_line
from inboxwatch.domain.verdict import Status


def harmless(value: Any) -> Any:
    """Take out of a text what could show it otherwise than it was written."""
    if type(value) is str and not (value.isascii() and value.isprintable()):
        return many_lines(value)
    return value


def day(value: date | datetime) -> str:
    """Write a day briefly."""
    return short_day(local_day(value))


def hour(moment: datetime) -> str:
    """Write day and time briefly."""
    here = local(moment)
    return f"{short_day(here.date())}, {here:%H:%M}"


def iso(value: date | datetime) -> str:
    """Write a day or moment for a machine."""
    return value.isoformat() if not isinstance(value, datetime) else local(value).isoformat()


def query(**parts: object) -> str:
    """Write the part of an address after the path; empty parts are left out."""
    kept = {name: value for name, value in parts.items() if value not in ("", None)}
    return f"?{urlencode(kept)}" if kept else ""


def environment() -> Environment:
    """Return the templates' environment."""
    made = Environment(
        loader=PackageLoader("inboxwatch.entrypoints.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=harmless,
        auto_reload=False,
    )
    made.filters.update(
        day=day,
        day_words=lambda value: day_words(local_day(value)),
        hour=hour,
        iso=iso,
        moment=moment_words,
        one_line=one_line,
        times=times_words,
        status_words=lambda value: STATUS_WORDS[Status(value)],
        many_lines=many_lines,
    )
    made.globals.update(plural=plural, query=query, Markup=Markup, Status=Status)
    return made
