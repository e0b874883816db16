"""The list as a file: which formats there are, and how one is made for a visitor."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Response

from inboxwatch.adapters.export.report import report_html
from inboxwatch.application.access import limited_to
from inboxwatch.application.listing import local_day, parse_as_of, picture_json
from inboxwatch.application.picture import Picture, chosen
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.verdict import Status
from inboxwatch.entrypoints.cli.export import DEFAULT_STATUSES, export_bytes
from inboxwatch.entrypoints.web.faults import NotThere
from inboxwatch.entrypoints.web.site import Site
from inboxwatch.entrypoints.web.visitor import Visitor

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before that nobody wrote to a council


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file."""

    id: str
    suffix: str
    media_type: str
    title: str
    what: str
    every_status: bool = False  # when no status was chosen


FORMATS = (
    Format(
        id="report", suffix="html", media_type="text/html; charset=utf-8",
        title="Report", what="One page to read, print or send on, with the reasons.",
    ),
    Format(
        id="xlsx",
        suffix="xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        title="Spreadsheet", what="For Excel or LibreOffice, with dates as dates and a filter.",
    ),
    Format(
        id="csv", suffix="csv", media_type="text/csv; charset=utf-8",
        title="CSV", what="A plain table that every program reads.",
    ),
    Format(
        id="ics", suffix="ics", media_type="text/calendar; charset=utf-8",
        title="Calendar", what="The days on which replies are due, for your calendar.",
        every_status=True,
    ),
    Format(
        id="json", suffix="json", media_type="application/json",
        title="JSON", what="Everything that is known, for other programs.",
    ),
)  # fmt: skip
BY_ID = {one.id: one for one in FORMATS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants exported. Empty texts want everything."""

    format: str
    person: str = ""
    statuses: tuple[str, ...] = ()
    body: str = ""
    case: str = ""
    as_of: str = ""


def exported(site: Site, visitor: Visitor, wish: Wish) -> Response:
    """Return the file of a wish, holding nothing that the visitor may not see.

    Raises:
        ConfigError: the wish makes no sense.
        NotThere: nobody of that name has mail here.
    """
    format = BY_ID.get(wish.format)
    if format is None:
        raise ConfigError(
            f"there is no format '{wish.format}'", remedy=f"Use one of: {', '.join(BY_ID)}."
        )
    unknown = [name for name in wish.statuses if name not in {s.value for s in Status}]
    if unknown:
        raise ConfigError(
            f"there is no status '{unknown[0]}'",
            remedy=f"Use some of: {', '.join(s.value for s in Status)}.",
        )
    statuses = frozenset(Status(name) for name in wish.statuses) or (
        frozenset(Status) if format.every_status else frozenset(DEFAULT_STATUSES)
    )
    picture = chosen(
        _picture(site, visitor, wish),
        statuses=statuses,
        body=wish.body or None,
        case=wish.case or None,
    )
    day = local_day(picture.as_of)
    return Response(
        _bytes(picture, format.id, everything=Status.ANSWERED in statuses),
        media_type=format.media_type,
        headers={"content-disposition": f'attachment; filename="inboxwatch-{day}.{format.suffix}"'},
    )


def _picture(site: Site, visitor: Visitor, wish: Wish) -> Picture:
    people = site.known.people(None)
    if wish.person and wish.person not in people:
        raise NotThere("there is nobody of that name")
    if not wish.person and len(people) > 1:
        raise ConfigError(
            "several people's mail is watched here", remedy="Say whose list you want."
        )
    person = wish.person or people[0]
    if not wish.as_of:
        return site.pictures.of(person, visitor.cases).picture
    try:
        moment = parse_as_of(wish.as_of)
        if moment < _EARLIEST:
            raise ValueError(moment)
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            "that is neither a date nor a time",
            remedy="Write it like 2026-06-01 or 2026-06-01T09:00.",
        ) from error
    whole = site.known.picture(person, as_of=moment)
    return whole if visitor.cases is None else limited_to(whole, visitor.cases)


def _bytes(picture: Picture, format: str, *, everything: bool) -> bytes:
    if format == "report":
        return report_html(picture, everything=everything)
    if format == "json":  # pure ASCII: a broken subject's lone surrogates survive it
        return (json.dumps(picture_json(picture), indent=2) + "\n").encode()
    return export_bytes(picture, format)
