"""What every page shares: the program, who may look, the pictures, and how a page is made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from inboxwatch import __version__
from inboxwatch.application.decide import Decider
from inboxwatch.application.overview import Overview, together
from inboxwatch.application.wording import DISCLAIMER
from inboxwatch.domain.errors import InboxwatchError, MailSourceError
from inboxwatch.domain.overrides import Override
from inboxwatch.domain.verdict import Status, Verdict
from inboxwatch.entrypoints.web.accesslog import AccessLog
from inboxwatch.entrypoints.web.attempts import Attempts
from inboxwatch.entrypoints.web.faults import NotThere
from inboxwatch.entrypoints.web.pictures import Pictures, Seen
from inboxwatch.entrypoints.web.rendering import environment
from inboxwatch.entrypoints.web.sessions import Sessions, form_token
from inboxwatch.entrypoints.web.users import Users
from inboxwatch.entrypoints.web.visitor import Visitor, visitor_of

if TYPE_CHECKING:
    from inboxwatch.bootstrap.known import Known

STATIC = {
    name: (files(__package__) / "static" / name).read_bytes() for name in ("style.css", "icon.svg")
}
STATIC_MARKS = {name: hashlib.sha256(raw).hexdigest()[:12] for name, raw in STATIC.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One running page."""

    known: Known
    users: Users
    sessions: Sessions
    access_log: AccessLog
    attempts: Attempts
    pictures: Pictures
    health: Callable[[], dict[str, object]]

    # What somebody may see

    def seen(self, visitor: Visitor) -> tuple[tuple[Seen, ...], tuple[str, ...]]:
        """Return every person's picture as a visitor may see it, and what kept one away."""
        found, troubles = [], []
        for person in self.known.people(None):
            try:
                found.append(self.pictures.of(person, visitor.cases))
            except MailSourceError as error:  # never read completely yet: nothing can be said
                troubles.append(self._unread(error.problem))
        return tuple(found), tuple(troubles)

    def _unread(self, problem: str) -> str:
        if not self.known.settings.accounts:
            return "There is no account yet. Make one with: inboxwatch init"
        reading = "inboxwatch run reads it; the first time can take a while."
        return f"{problem[0].upper()}{problem[1:]}. {reading}"

    def overview(self, visitor: Visitor) -> Overview:
        """Return the overview of everything a visitor may see."""
        return together(one.overview for one in self.seen(visitor)[0])

    def thread(self, visitor: Visitor, given: str, person: str = "") -> tuple[Seen, Verdict]:
        """Return the thread an id names, and whose it is.

        Raises:
            NotThere: there is none such that this visitor may see.
        """
        candidates = [s for s in self.seen(visitor)[0] if person in ("", s.person)]
        for seen in candidates:
            if given in seen.verdicts:
                return seen, seen.verdicts[given]
        for seen in candidates:  # an id from before a merge
            older = seen.picture.assembly.find(given) if given else ()
            if len(older) == 1 and older[0].id in seen.verdicts:
                return seen, seen.verdicts[older[0].id]
        raise NotThere("there is no such thread")

    def decider(self, visitor: Visitor, seen: Seen) -> Decider:
        """Return what records a visitor's decisions about one person's mail."""
        return Decider(
            store=self.known.store,
            person=seen.person,
            by=visitor.by,
            now=self.known.now,
            picture=seen.picture,
        )

    def decisions(self, visitor: Visitor) -> tuple[tuple[Seen, Override], ...]:
        """Return every decision about what a visitor may see, newest first."""
        found = []
        for seen in self.seen(visitor)[0]:
            with self.known.store.transaction(read_only=True) as tx:
                every = tx.overrides(seen.person)
            visible = None if visitor.sees_everything else _places(seen)
            found += [
                (seen, o)
                for o in every
                if visible is None or (o.target, o.council_mailbox) in visible
            ]
        return tuple(sorted(found, key=lambda pair: (pair[1].at, pair[1].id), reverse=True))

    # Pages

    def page(
        self, request: Request, template: str, *, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """Make a page."""
        visitor = visitor_of(request)
        text = _ENVIRONMENT.get_template(template).render(
            visitor=visitor,
            is_open=self.users.is_open,
            form_token=form_token(visitor.token) if visitor.token else "",
            path=request.url.path,
            here=str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
            to_look=self._to_look(visitor),
            marks=STATIC_MARKS,
            version=__version__,
            disclaimer=DISCLAIMER,
            **context,
        )
        return HTMLResponse(text.encode("utf-8", "replace"), status)

    def _to_look(self, visitor: Visitor) -> int:
        if visitor.name == "-":
            return 0
        try:
            return self.overview(visitor).counts.get(Status.REVIEW, 0)
        except InboxwatchError:  # the page that shows the error must still be made
            return 0


_ENVIRONMENT = environment()


def _places(seen: Seen) -> frozenset[tuple[str, str | None]]:
    """Return each visible message with its council mailbox, and without one."""
    return frozenset(
        (placed.entry.message_id, address)
        for verdict in seen.picture.verdicts
        for placed in verdict.thread.placed
        for address in (verdict.thread.council_mailbox.address, None)
    )
