"""The forms: each a decision, recorded, and back to where one was. All carry a form token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from inboxwatch.domain.overrides import Override
from inboxwatch.domain.verdict import Verdict
from inboxwatch.entrypoints.web.deciding import Deciding, undo
from inboxwatch.entrypoints.web.faults import NotAllowed
from inboxwatch.entrypoints.web.rendering import query
from inboxwatch.entrypoints.web.sessions import is_form_token
from inboxwatch.entrypoints.web.site import Site
from inboxwatch.entrypoints.web.visitor import visitor_of

Word = Annotated[str, Field(max_length=200)]
Note = Annotated[str, Field(max_length=2000)]


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


class Said(BaseModel):
    """What a form about a thread says; each verb reads its own fields."""

    value: Word = ""
    note: Note = ""
    channel: Word = ""
    until: Word = ""
    name: Word = ""
    clock: Word = ""
    event: Word = ""
    on: Word = ""
    message: Word = ""  # as the page calls it
    kind: Word = ""
    said: Word = ""
    person: Word = ""
    back: Word = ""


_Verb = Callable[[Deciding, Verdict, Said], tuple[Override, ...]]

# What can be said about a thread, by the last part of the form's address.
VERBS: dict[str, _Verb] = {
    "mark": lambda d, v, s: (d.decider.mark(v.thread.id, s.value, s.note.strip()),),
    "log": lambda d, v, s: (d.decider.log(v.thread.id, s.channel, s.note.strip()),),
    "snooze": lambda d, v, s: (d.snooze(v.thread.id, s.until),),
    "case": lambda d, v, s: (d.case(v.thread.id, s.name),),
    "clock": lambda d, v, s: (d.clock(v.thread.id, s.clock),),
    "event": lambda d, v, s: (d.decider.event(v.thread.id, f"{s.event}={s.on}"),),
    "classify": lambda d, v, s: (d.classify(d.by_ref(s.message), s.kind),),
    "link": lambda d, v, s: (d.link(d.by_ref(s.message), v.thread.id),),
    "unlink": lambda d, v, s: (d.unlink(d.by_ref(s.message)),),
    "answer": lambda d, v, s: d.answer(v, d.by_ref(s.message), s.said),
}


def form_routes(site: Site) -> APIRouter:
    """Return the routes that record decisions."""
    router = APIRouter(dependencies=[Depends(from_our_form)], include_in_schema=False)

    def done(request: Request, thread: str, verb: str, said: Said) -> tuple[str, Verdict]:
        """Record it; return the query of the page to go back to, and the thread."""
        visitor = visitor_of(request)
        seen, verdict = site.thread(visitor, thread, said.person)
        made = VERBS[verb](Deciding(site=site, visitor=visitor, seen=seen), verdict, said)
        request.scope["decided"] = tuple(o.id for o in made)
        several = len(site.known.people(None)) > 1
        who = seen.person if several and said.back != "review" else ""
        return query(person=who, done=",".join(str(o.id) for o in made)), verdict

    def route(verb: str) -> Callable[..., RedirectResponse]:
        def say(request: Request, thread: str, said: Annotated[Said, Form()]) -> RedirectResponse:
            """Record a decision and go back, with what was recorded, to be taken back at once."""
            told, verdict = done(request, thread, verb, said)
            back = "/review" if said.back == "review" else f"/threads/{verdict.thread.id}"
            return RedirectResponse(f"{back}{told}", 303)

        return say

    for verb in VERBS:
        router.post(f"/threads/{{thread}}/{verb}")(route(verb))

    @router.post("/review/link")
    def place(
        request: Request,
        thread: Annotated[str, Form(max_length=200)],
        message: Annotated[str, Form(max_length=200)],
        person: Annotated[str, Form(max_length=200)] = "",
    ) -> RedirectResponse:
        """Put a message without a place into the thread that was chosen."""
        said = Said(message=message, person=person, back="review")
        return RedirectResponse(f"/review{done(request, thread, 'link', said)[0]}", 303)

    @router.post("/decisions/undo")
    def take_back(
        request: Request,
        decision: Annotated[list[int], Form()],
        back: Annotated[str, Form(max_length=200)] = "",
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
