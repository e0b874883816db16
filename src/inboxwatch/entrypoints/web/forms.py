"""The forms: each a decision, recorded, and back to where one was. All carry a form token."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse

from inboxwatch.domain.overrides import Override
from inboxwatch.domain.verdict import Verdict
from inboxwatch.entrypoints.web.deciding import Deciding, undo
from inboxwatch.entrypoints.web.faults import NotAllowed
from inboxwatch.entrypoints.web.rendering import query
from inboxwatch.entrypoints.web.sessions import is_form_token
from inboxwatch.entrypoints.web.site import Site
from inboxwatch.entrypoints.web.visitor import visitor_of

Word = Annotated[str, Form(max_length=200)]
Note = Annotated[str, Form(max_length=2000)]


def from_our_form(request: Request, token: Annotated[str, Form()] = "") -> None:
    """Refuse a form that another page sent.

    Raises:
        NotAllowed: it does not carry the token of this browser.
    """
    visitor = visitor_of(request)
    if not visitor.token or not is_form_token(token, visitor.token):
        raise NotAllowed(
            "this form is too old, or was not sent from this page",
            remedy="Go back, load the page again and repeat it.",
        )


def form_routes(site: Site) -> APIRouter:
    """Return the routes that record decisions."""
    router = APIRouter(dependencies=[Depends(from_our_form)], include_in_schema=False)

    def about(request: Request, thread: str, person: str) -> tuple[Deciding, Verdict]:
        visitor = visitor_of(request)
        seen, verdict = site.thread(visitor, thread, person)
        return Deciding(site=site, visitor=visitor, seen=seen), verdict

    def done(request: Request, back: str, person: str, *made: Override) -> RedirectResponse:
        """Go back, with what was recorded, so that it can be taken back at once."""
        request.scope["decided"] = tuple(o.id for o in made)
        numbers = ",".join(str(o.id) for o in made)
        several = len(site.known.people(None)) > 1
        who = person if several and back.startswith("/threads/") else ""
        return RedirectResponse(f"{back}{query(person=who, done=numbers)}", 303)

    def back_to(back: str, verdict: Verdict) -> str:
        return "/review" if back == "review" else f"/threads/{verdict.thread.id}"

    @router.post("/threads/{thread}/mark")
    def mark(
        request: Request, thread: str, value: Word, note: Note = "", person: Word = ""
    ) -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.decider.mark(verdict.thread.id, value, note.strip())
        return done(request, back_to("", verdict), deciding.seen.person, made)

    @router.post("/threads/{thread}/log")
    def log(
        request: Request, thread: str, channel: Word, note: Note = "", person: Word = ""
    ) -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.decider.log(verdict.thread.id, channel, note.strip())
        return done(request, back_to("", verdict), deciding.seen.person, made)

    @router.post("/threads/{thread}/snooze")
    def snooze(request: Request, thread: str, until: Word, person: Word = "") -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.snooze(verdict.thread.id, until)
        return done(request, back_to("", verdict), deciding.seen.person, made)

    @router.post("/threads/{thread}/case")
    def case(request: Request, thread: str, name: Word = "", person: Word = "") -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.case(verdict.thread.id, name)
        return done(request, back_to("", verdict), deciding.seen.person, made)

    @router.post("/threads/{thread}/clock")
    def clock(request: Request, thread: str, clock: Word, person: Word = "") -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.clock(verdict.thread.id, clock)
        return done(request, back_to("", verdict), deciding.seen.person, made)

    @router.post("/threads/{thread}/classify")
    def classify(
        request: Request, thread: str, message: Word, kind: Word, person: Word = ""
    ) -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.classify(deciding.by_ref(message), kind)
        return done(request, back_to("", verdict), deciding.seen.person, made)

    @router.post("/threads/{thread}/unlink")
    def unlink(request: Request, thread: str, message: Word, person: Word = "") -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.unlink(deciding.by_ref(message))
        return done(request, back_to("", verdict), deciding.seen.person, made)

    @router.post("/threads/{thread}/link")
    def link(
        request: Request, thread: str, message: Word, person: Word = "", back: Word = ""
    ) -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.link(deciding.by_ref(message), verdict.thread.id)
        return done(request, back_to(back, verdict), deciding.seen.person, made)

    @router.post("/threads/{thread}/answer")
    def answer(
        request: Request,
        thread: str,
        message: Word,
        said: Word,
        person: Word = "",
        back: Word = "",
    ) -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.answer(verdict, deciding.by_ref(message), said)
        return done(request, back_to(back, verdict), deciding.seen.person, *made)

    @router.post("/review/link")
    def place(request: Request, message: Word, thread: Word, person: Word = "") -> RedirectResponse:
        deciding, verdict = about(request, thread, person)
        made = deciding.link(deciding.by_ref(message), verdict.thread.id)
        return done(request, "/review", deciding.seen.person, made)

    @router.post("/decisions/undo")
    def take_back(
        request: Request, decision: Annotated[list[int], Form()], back: Word = ""
    ) -> RedirectResponse:
        made = [undo(site, visitor_of(request), number) for number in reversed(decision)]
        request.scope["decided"] = tuple(o.id for o in made)
        return RedirectResponse(safe_path(back) or "/decisions", 303)

    return router


def safe_path(text: str) -> str:
    """Return a path of this page without its query, or an empty text for anything else."""
    path = text.partition("?")[0]
    good = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if good and "\\" not in path else ""
