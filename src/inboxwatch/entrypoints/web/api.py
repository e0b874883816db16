"""The JSON API under /api: the verbs of the command line, for programs that hold a token."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from inboxwatch import __version__
from inboxwatch.application.explain import explain as explained
from inboxwatch.application.health import health_json
from inboxwatch.application.listing import decision_json, picture_json, thread_json
from inboxwatch.application.picture import chosen
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.verdict import Status, Verdict
from inboxwatch.entrypoints.cli.explain import explanation_json
from inboxwatch.entrypoints.web import api_shapes as shapes
from inboxwatch.entrypoints.web.deciding import Deciding, undo
from inboxwatch.entrypoints.web.exporting import BY_ID, Wish, exported
from inboxwatch.entrypoints.web.faults import NotAllowed
from inboxwatch.entrypoints.web.pictures import Seen
from inboxwatch.entrypoints.web.site import Site
from inboxwatch.entrypoints.web.visitor import visitor_of

Person = Annotated[
    str, Query(max_length=200, description="Whose mail, where there are several people.")
]
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {one.media_type.partition(";")[0]: {} for one in BY_ID.values()}}
}


def api_routes(site: Site) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(prefix="/api", responses=shapes.PROBLEMS, tags=["inboxwatch"])

    def whose(request: Request, person: str) -> Seen:
        names = site.known.people(person or None)
        if len(names) > 1:
            raise ConfigError(
                "several people's mail is watched here",
                remedy=f"Say whose with person: {', '.join(names)}.",
            )
        return site.pictures.of(names[0], visitor_of(request).cases)

    def about(request: Request, thread: str, person: str) -> tuple[Deciding, Verdict]:
        visitor = visitor_of(request)
        seen, verdict = site.thread(visitor, thread, person)
        return Deciding(site=site, visitor=visitor, seen=seen), verdict

    def deciding(request: Request, person: str) -> Deciding:
        return Deciding(site=site, visitor=visitor_of(request), seen=whose(request, person))

    @router.get("/threads", responses={200: {"model": shapes.Listing}})
    def list_threads(
        request: Request,
        status: Annotated[tuple[Status, ...], Query(description="Only these.")] = (),
        body: Annotated[str, Query(max_length=200)] = "",
        case: Annotated[str, Query(max_length=200)] = "",
        person: Person = "",
        limit: Annotated[int | None, Query(ge=1, le=100_000)] = None,
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    ) -> Response:
        """List threads, as `inboxwatch list --json` does."""
        seen = whose(request, person)
        found = chosen(
            seen.picture, statuses=frozenset(status), body=body or None, case=case or None
        )
        end = None if limit is None else offset + limit
        value = picture_json(replace(found, verdicts=found.verdicts[offset:end]))
        return shapes.Ascii({"person": seen.person, **value, "total": len(found.verdicts)})

    @router.get("/threads/{thread}", responses={200: {"model": shapes.Thread}})
    def show(request: Request, thread: shapes.ThreadId, person: Person = "") -> Response:
        """Show one thread."""
        return shapes.Ascii(thread_json(about(request, thread, person)[1]))

    @router.get("/threads/{thread}/explanation", responses={200: {"model": shapes.Explanation}})
    def explain(request: Request, thread: shapes.ThreadId, person: Person = "") -> Response:
        """Say why: evidence, links, every day counted."""
        found, verdict = about(request, thread, person)
        said = found.decider.said_about(verdict)
        return shapes.Ascii(explanation_json(explained(verdict, due=verdict.due, decisions=said)))

    @router.post("/threads/{thread}/mark", responses=shapes.DECIDED)
    def mark(
        request: Request, thread: shapes.ThreadId, word: shapes.Mark, person: Person = ""
    ) -> Response:
        """Say that it was answered elsewhere, needs no reply, or is (not) to be watched."""
        found, verdict = about(request, thread, person)
        return shapes.decided(found.decider.mark(verdict.thread.id, word.value, word.note))

    @router.post("/threads/{thread}/log", responses=shapes.DECIDED)
    def log(
        request: Request, thread: shapes.ThreadId, word: shapes.Log, person: Person = ""
    ) -> Response:
        """Note a call, a letter or a meeting."""
        found, verdict = about(request, thread, person)
        return shapes.decided(found.decider.log(verdict.thread.id, word.channel, word.note))

    @router.post("/threads/{thread}/snooze", responses=shapes.DECIDED)
    def snooze(
        request: Request, thread: shapes.ThreadId, word: shapes.Snooze, person: Person = ""
    ) -> Response:
        """Send no reminders before a day."""
        found, verdict = about(request, thread, person)
        return shapes.decided(found.decider.snooze(verdict.thread.id, word.until))

    @router.post("/threads/{thread}/case", responses=shapes.DECIDED)
    def case(
        request: Request, thread: shapes.ThreadId, word: shapes.Case, person: Person = ""
    ) -> Response:
        """Put it under a case."""
        found, verdict = about(request, thread, person)
        return shapes.decided(found.case(verdict.thread.id, word.name))

    @router.post("/threads/{thread}/clock", responses=shapes.DECIDED)
    def clock(
        request: Request, thread: shapes.ThreadId, word: shapes.Clock, person: Person = ""
    ) -> Response:
        """Choose its clock."""
        found, verdict = about(request, thread, person)
        return shapes.decided(found.clock(verdict.thread.id, word.clock))

    @router.post("/threads/{thread}/event", responses=shapes.DECIDED)
    def event(
        request: Request, thread: shapes.ThreadId, word: shapes.Event, person: Person = ""
    ) -> Response:
        """Say what happened on a day: it may pause, restart or open a clock."""
        found, verdict = about(request, thread, person)
        happened = f"{word.name}={word.on.isoformat()}"
        return shapes.decided(found.decider.event(verdict.thread.id, happened))

    @router.post("/threads/{thread}/link", responses=shapes.DECIDED)
    def link(
        request: Request, thread: shapes.ThreadId, word: shapes.OfMessage, person: Person = ""
    ) -> Response:
        """Put a message into it."""
        found, verdict = about(request, thread, person)
        return shapes.decided(found.link(found.by_id(word.message_id), verdict.thread.id))

    @router.post("/messages/unlink", responses=shapes.DECIDED)
    def unlink(request: Request, word: shapes.OfMessage, person: Person = "") -> Response:
        """Take a message out of its thread."""
        found = deciding(request, person)
        return shapes.decided(found.unlink(found.by_id(word.message_id)))

    @router.post("/messages/classify-as", responses=shapes.DECIDED)
    def classify_as(request: Request, word: shapes.Classify, person: Person = "") -> Response:
        """Say what a message is."""
        found = deciding(request, person)
        return shapes.decided(found.classify(found.by_id(word.message_id), word.kind.value))

    @router.get("/decisions", responses={200: {"model": list[shapes.Decision]}})
    def decisions(request: Request) -> Response:
        """List every decision, the newest first."""
        every = site.decisions(visitor_of(request))
        return shapes.Ascii([decision_json(override) for _, override in every])

    @router.post("/undo", responses=shapes.DECIDED)
    def take_back(request: Request, word: shapes.Undo) -> Response:
        """Take back a decision, the last one without a number."""
        return shapes.decided(undo(site, visitor_of(request), word.decision))

    @router.get("/export", response_class=Response, responses=_FILES)
    def export(
        request: Request,
        format: Annotated[str, Query(max_length=20, description=", ".join(BY_ID))] = "csv",
        status: Annotated[tuple[Status, ...], Query()] = (),
        body: Annotated[str, Query(max_length=200)] = "",
        case: Annotated[str, Query(max_length=200)] = "",
        as_of: Annotated[str, Query(max_length=40, description="ISO 8601.")] = "",
        redact: Annotated[bool, Query(description="With stand-ins for names.")] = False,
        redact_name: Annotated[tuple[str, ...], Query(description="More names.")] = (),
        person: Person = "",
    ) -> Response:
        """Export the list as a file; what a person must look at first only when asked for."""
        wish = Wish(
            format=format,
            person=person,
            statuses=tuple(one.value for one in status),
            body=body,
            case=case,
            as_of=as_of,
            redacted=redact or bool(redact_name),
            names=redact_name,
        )
        return exported(site, visitor_of(request), wish)

    @router.get("/health", responses={200: {"model": shapes.Health}})
    def health(request: Request) -> Response:
        """Say how the watcher itself is."""
        if not visitor_of(request).sees_everything:
            raise NotAllowed(
                "this token is limited to some cases",
                remedy="Use the token of page.api_token_file.",
            )
        accounts, pending = site.known.health()
        return shapes.Ascii(
            health_json(accounts, now=site.known.now(), version=__version__, pending=pending)
        )

    return router
