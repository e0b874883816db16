"""The pages that only show: overview, one thread, the review queue, decisions, health, settings."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from inboxwatch import __version__
from inboxwatch.application.decide import CHANNELS, events_of
from inboxwatch.application.explain import explain
from inboxwatch.application.letters import Letter, mailto
from inboxwatch.application.nextstep import next_step
from inboxwatch.application.overview import (
    CHOICES,
    EVERYTHING,
    NEEDS_YOU,
    OPEN,
    Filter,
    page_of,
    together,
)
from inboxwatch.application.picture import ORDER
from inboxwatch.application.wording import STATUS_WORDS
from inboxwatch.bootstrap.drafting import letter_for
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.london import local_day
from inboxwatch.domain.suggestions import suggest
from inboxwatch.domain.verdict import Status, Verdict
from inboxwatch.entrypoints.web.faults import NotAllowed
from inboxwatch.entrypoints.web.queue import (
    answered_in_doubt,
    doubt,
    in_doubt,
    loose,
    standing_in,
    without_place,
)
from inboxwatch.entrypoints.web.shown_settings import shown_settings
from inboxwatch.entrypoints.web.site import Site
from inboxwatch.entrypoints.web.threadview import line_of_time, shown, standing, weeks
from inboxwatch.entrypoints.web.visitor import visitor_of

log = logging.getLogger(__name__)

PAGE_SIZE = 20
_SILENT_SHOWN = 6
_WITH_LETTER = (Status.OVERDUE, Status.UNDELIVERED)
CHOICE_WORDS = {
    OPEN: "Still open",
    NEEDS_YOU: "Needs you",
    EVERYTHING: "Everything",
    **{status.value: words for status, words in STATUS_WORDS.items()},
}
# How kinds are called where somebody chooses one.
KIND_WORDS = {
    Kind.HUMAN: "a person's reply",
    Kind.SYSTEM_ANSWER: "an answer sent by a system",
    Kind.ACKNOWLEDGEMENT: "an automatic “we got it”",
    Kind.OUT_OF_OFFICE: "an out-of-office note",
    Kind.CHALLENGE: "asks me to write elsewhere",
    Kind.BOUNCE: "says that mine did not arrive",
    Kind.DELAY: "says that mine is delayed",
    Kind.RECEIPT: "a reading receipt",
    Kind.BULK: "a newsletter",
    Kind.CALENDAR: "an invitation",
    Kind.OWN_REMINDER: "a reminder of inboxwatch",
    Kind.UNSURE: "not sure",
}

Number = Annotated[int, Query(alias="page", ge=1, le=100_000)]
Text = Annotated[str, Query(max_length=200)]
Done = Annotated[str, Query(max_length=60, pattern=r"^[\d,]*$")]


def page_routes(site: Site) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def overview(
        request: Request,
        status: Text = "",
        body: Text = "",
        case: Text = "",
        mailbox: Text = "",
        person: Text = "",
        words: Text = "",
        number: Number = 1,
    ) -> HTMLResponse:
        """What needs you, who is silent, since when."""
        seen, troubles = site.seen(visitor_of(request))
        everything = together(one.overview for one in seen)
        wanted = Filter(
            status=status if status in CHOICES else OPEN,
            body=body,
            case=case,
            council_mailbox=mailbox,
            person=person,
            words=words.strip(),
        )
        return site.page(
            request,
            "overview.html",
            overview=everything,
            found=page_of(everything, wanted, number=number, size=PAGE_SIZE),
            wanted=wanted,
            choices=[(value, CHOICE_WORDS[value]) for value in CHOICES],
            people=[one.person for one in seen],
            silent=everything.silent[:_SILENT_SHOWN],
            silent_in_all=len(everything.silent),
            longest=max((s.working_days for s in everything.silent), default=0),
            notices=[*troubles, *(n for one in seen for n in one.picture.notices)],
            is_read=bool(seen),
            watched=site.known.settings.watch,
            thresholds=sorted({one.picture.threshold for one in seen}),
        )

    @router.get("/threads/{thread}")
    def thread(request: Request, thread: str, person: Text = "", done: Done = "") -> HTMLResponse:
        """One thread: what happened, why, and what can be done."""
        visitor = visitor_of(request)
        seen, verdict = site.thread(visitor, thread, person)
        said = site.decider(visitor, seen).said_about(verdict)
        everything = site.overview(visitor)
        written = _letter(site, seen.person, verdict)
        return site.page(
            request,
            "thread.html",
            seen=seen,
            verdict=verdict,
            told=explain(verdict, due=verdict.due, decisions=said),
            said=tuple(reversed(said)),
            step=next_step(verdict),
            suggestion=suggest(verdict),
            standing=standing(verdict),
            letter=written,
            mailto=mailto(written) if written else "",
            events=events_of(verdict) if verdict.wait else (),
            messages=shown(verdict),
            line=line_of_time(verdict),
            weeks=weeks(verdict.due) if verdict.status is not Status.UNDELIVERED else (),
            clocks=sorted(site.known.yardstick.clocks.values(), key=lambda clock: clock.id),
            kinds=KIND_WORDS,
            channels=CHANNELS,
            cases=everything.cases,
            unplaced=[
                loose(*pair, with_choices=False)
                for pair in without_place([seen], body=verdict.thread.council_mailbox.body)[:8]
            ],
            today=local_day(site.known.now()),
            done=_numbers(done),
            several=len(site.known.people(None)) > 1,
        )

    @router.get("/review")
    def review(request: Request, number: Number = 1, done: Done = "") -> HTMLResponse:
        """What may be a reply, for a person to say."""
        seen, troubles = site.seen(visitor_of(request))
        every = in_doubt(seen)
        pages = max(1, -(-len(every) // PAGE_SIZE))
        number = min(number, pages)
        apart = without_place(seen)
        answered = answered_in_doubt(seen)
        return site.page(
            request,
            "review.html",
            doubts=[doubt(*pair) for pair in every[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]],
            total=len(every),
            number=number,
            pages=pages,
            answered=[doubt(*pair) for pair in answered[:PAGE_SIZE]],
            answered_in_all=len(answered),
            unplaced=[loose(*pair) for pair in apart[:PAGE_SIZE]],
            unplaced_in_all=len(apart),
            notices=troubles,
            is_read=bool(seen),
            done=_numbers(done),
        )

    @router.get("/decisions")
    def decisions(request: Request, number: Number = 1, done: Done = "") -> HTMLResponse:
        """Everything that was decided, to be taken back."""
        every = site.decisions(visitor_of(request))
        pages = max(1, -(-len(every) // PAGE_SIZE))
        number = min(number, pages)
        listed = every[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        people = {seen.person: seen for seen, _override in listed}
        threads = {
            person: standing_in(seen, [o.target for whose, o in listed if whose is seen])
            for person, seen in people.items()
        }
        return site.page(
            request,
            "decisions.html",
            decisions=[(seen, o, threads[seen.person].get(o.target)) for seen, o in listed],
            number=number,
            pages=pages,
            done=_numbers(done),
        )

    @router.get("/wellbeing")
    def wellbeing(request: Request) -> HTMLResponse:
        """How the watcher itself is."""
        visitor = visitor_of(request)
        if not visitor.sees_everything:
            raise NotAllowed(
                "this page is for those who see every case",
                remedy="Ask whoever runs inboxwatch.",
            )
        seen, troubles = site.seen(visitor)
        accounts, pending = site.known.health()
        return site.page(
            request,
            "wellbeing.html",
            accounts=accounts,
            pending=pending,
            seen=seen,
            notices=troubles,
            version_now=__version__,
        )

    @router.get("/settings")
    def settings(request: Request) -> HTMLResponse:
        """The settings, to read."""
        if not visitor_of(request).sees_everything:
            raise NotAllowed(
                "this page is for those who see every case",
                remedy="Ask whoever runs inboxwatch.",
            )
        return site.page(
            request,
            "settings.html",
            groups=shown_settings(site.known.settings),
            config=site.known.config,
        )

    return router


def _letter(site: Site, person: str, verdict: Verdict) -> Letter | None:
    """Write what can be sent next; None where nothing is, or a template is unusable."""
    asks = verdict.wait is not None and verdict.wait.action is not None  # to write elsewhere
    if verdict.status not in _WITH_LETTER or asks:
        return None
    try:
        return letter_for(site.known, verdict, None, person=person)
    except ConfigError as error:  # the page must not fail for it; the command line says what it is
        log.warning("no letter could be written: %s", error.problem)
        return None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",") if part and len(part) < 16)


def status_choices() -> tuple[tuple[str, str], ...]:
    """Return every status with its words, what needs the user first."""
    return tuple((status.value, STATUS_WORDS[status]) for status in ORDER)
