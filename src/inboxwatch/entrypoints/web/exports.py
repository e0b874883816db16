"""The page from which the list is exported, and the statistics."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from inboxwatch.application.overview import together
from inboxwatch.domain.verdict import Status
from inboxwatch.entrypoints.cli.export import DEFAULT_STATUSES
from inboxwatch.entrypoints.web.charts import charts
from inboxwatch.entrypoints.web.exporting import FORMATS, Wish, exported
from inboxwatch.entrypoints.web.pages import Text, status_choices
from inboxwatch.entrypoints.web.site import Site
from inboxwatch.entrypoints.web.visitor import visitor_of


def export_routes(site: Site) -> APIRouter:
    """Return the routes of exports and statistics."""
    router = APIRouter(include_in_schema=False)

    @router.get("/exports")
    def exports(request: Request) -> HTMLResponse:
        """What can be exported."""
        seen, troubles = site.seen(visitor_of(request))
        everything = together(one.overview for one in seen)
        return site.page(
            request,
            "exports.html",
            overview=everything,
            formats=FORMATS,
            statuses=status_choices(),
            chosen={status.value for status in DEFAULT_STATUSES},
            people=[one.person for one in seen],
            review=everything.counts.get(Status.REVIEW, 0),
            apart=sum(len(one.picture.unplaced) for one in seen),
            notices=[*troubles, *(n for one in seen for n in one.picture.notices)],
        )

    @router.get("/exports/file")
    def file(
        request: Request,
        format: Text = "csv",
        person: Text = "",
        status: Annotated[tuple[str, ...], Query()] = (),
        body: Text = "",
        case: Text = "",
        as_of: Text = "",
        redact: bool = False,
        names: Text = "",
    ) -> Response:
        """The file."""
        wish = Wish(
            format=format,
            person=person,
            statuses=status,
            body=body,
            case=case,
            as_of=as_of,
            redacted=redact or bool(names.strip()),  # who names names wants them replaced
            names=tuple(name.strip() for name in names.split(",") if name.strip()),
        )
        return exported(site, visitor_of(request), wish)

    @router.get("/statistics")
    def shown(request: Request) -> HTMLResponse:
        """How each council mailbox replies."""
        seen, troubles = site.seen(visitor_of(request))
        yardstick = site.known.yardstick
        calendar = yardstick.calendars[yardstick.calendar]
        return site.page(
            request,
            "statistics.html",
            charts=[charts(one, calendar) for one in seen],
            as_of=together(one.overview for one in seen).as_of,
            notices=[*troubles, *(n for one in seen for n in one.picture.notices)],
        )

    return router
