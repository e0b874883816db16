"""The list as a file: which formats there are, and how one is made for a visitor."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import IO

from fastapi import Response
from fastapi.responses import StreamingResponse

from inboxwatch.adapters.export.documents import pdf_bytes
from inboxwatch.adapters.export.report import report_html
from inboxwatch.application.access import limited_to
from inboxwatch.application.listing import local_day, parse_as_of
from inboxwatch.application.picture import Picture, chosen
from inboxwatch.application.redaction import ABOUT_REDACTION, redact
from inboxwatch.bootstrap.evidence import narrowed, working_days, write_evidence
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.verdict import Status
from inboxwatch.entrypoints.cli.export import DEFAULT_STATUSES, export_bytes
from inboxwatch.entrypoints.web.faults import NotThere
from inboxwatch.entrypoints.web.site import Site
from inboxwatch.entrypoints.web.visitor import Visitor

_TYPESETTING = Lock()  # one at a time: it takes much memory for a moment
_CHUNK = 256 * 1024
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before that nobody wrote to a council


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file."""

    id: str
    suffix: str
    media_type: str
    title: str
    what: str
    every_status: bool = False  # when none was chosen


FORMATS = (
    Format(
        id="report", suffix="html", media_type="text/html; charset=utf-8",
        title="Report", what="One page to read, print or send on, with the reasons.",
    ),
    Format(
        id="pdf", suffix="pdf", media_type="application/pdf", every_status=True,
        title="Chronology", what="A typeset PDF with a summary, charts and every message.",
    ),
    Format(
        id="bundle", suffix="zip", media_type="application/zip", every_status=True,
        title="Evidence bundle",
        what="The chronology, the list, every original and their check sums in one file.",
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
    redacted: bool = False
    names: tuple[str, ...] = ()  # more names to replace, where it is redacted

    @property
    def about(self) -> tuple[str, ...]:
        """What a document says of how it was made."""
        return (ABOUT_REDACTION,) if self.redacted else ()


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
    statuses = _statuses(wish, format)
    everyone = _picture(site, visitor, wish)
    whole = narrowed(everyone, body=wish.body or None, case=wish.case or None)
    if wish.redacted:
        whole = redact(whole, whole=everyone, names=wish.names)
    name = f"inboxwatch-{local_day(whole.as_of)}.{format.suffix}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    if format.id == "bundle":
        file = _bundle(site, visitor, whole, statuses, wish)
        return StreamingResponse(_chunks(file), media_type=format.media_type, headers=headers)
    if format.id == "pdf":
        with _TYPESETTING:
            raw = pdf_bytes(
                whole, working_days(site.known, whole), statuses=statuses, about=wish.about
            )
    else:
        raw = _list(chosen(whole, statuses=statuses), format.id, Status.ANSWERED in statuses)
    return Response(raw, media_type=format.media_type, headers=headers)


def _statuses(wish: Wish, format: Format) -> frozenset[Status]:
    known = {status.value for status in Status}
    unknown = [name for name in wish.statuses if name not in known]
    if unknown:
        raise ConfigError(
            f"there is no status '{unknown[0]}'",
            remedy=f"Use some of: {', '.join(sorted(known))}.",
        )
    return frozenset(Status(name) for name in wish.statuses) or (
        frozenset(Status) if format.every_status else frozenset(DEFAULT_STATUSES)
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


def _list(picture: Picture, format: str, everything: bool) -> bytes:
    if format == "report":
        return report_html(picture, everything=everything)
    return export_bytes(picture, format)


def _bundle(
    site: Site, visitor: Visitor, whole: Picture, statuses: frozenset[Status], wish: Wish
) -> IO[bytes]:
    """Write the bundle whole before its first byte goes out, so that none arrives in half."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - `_chunks` closes it
    try:
        with _TYPESETTING:
            write_evidence(
                site.known,
                whole,
                file,
                statuses=statuses,
                redacted=wish.redacted,
                some_cases=not visitor.sees_everything,
            )
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
