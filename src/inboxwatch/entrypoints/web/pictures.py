"""Pictures kept between requests: drawn again when the mail or a decision has changed."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inboxwatch.application.access import limited_to
from inboxwatch.application.overview import Overview, mail_revision, overview_of
from inboxwatch.application.picture import Picture
from inboxwatch.application.redraw import redrawn
from inboxwatch.domain.errors import InboxwatchError
from inboxwatch.domain.overrides import Override
from inboxwatch.domain.verdict import Verdict

if TYPE_CHECKING:
    from inboxwatch.bootstrap.known import Known

log = logging.getLogger(__name__)

# A picture that took longer is not drawn whole while somebody waits: after a decision only what
# it is about is judged anew, and new mail is drawn behind the scenes. Until it is there the one
# before is shown, which says itself up to when it is true.
_PATIENCE_SECONDS = 0.5

Cases = frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A person's picture as one user may see it, with what is made from it once."""

    person: str
    picture: Picture
    overview: Overview
    verdicts: dict[str, Verdict] = field(repr=False)


@dataclass(slots=True)
class _Kept:
    mail: object  # changes when the mail does
    said: tuple[Override, ...]  # every decision it was drawn with
    whole: Picture
    took_seconds: float  # to draw it all
    seen: dict[Cases, Seen] = field(default_factory=dict)


@dataclass(slots=True)
class Pictures:
    """Every person's newest picture."""

    known: Known
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _drawing: set[str] = field(default_factory=set)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, person: str, cases: Cases = None) -> Seen:
        """Return a person's picture, limited to cases.

        A decision made since is always in it; new mail may follow a moment later.

        Raises:
            MailSourceError: the person's mail was never read completely.
        """
        kept = self._current(person)
        with self._lock:
            found = kept.seen.get(cases)
        if found is None:
            found = _seen(person, kept.whole, cases)
            with self._lock:
                kept.seen[cases] = found
        return found

    def _current(self, person: str) -> _Kept:
        kept = self._kept.get(person)
        mail, said = self._revision(person)
        if kept is not None and (kept.mail, kept.said) == (mail, said):
            return kept
        with self._lock:
            lock = self._locks.setdefault(person, threading.Lock())
        with lock:  # whoever waited here finds it drawn
            kept = self._kept.get(person)
            mail, said = self._revision(person)
            if kept is None or kept.took_seconds < _PATIENCE_SECONDS:
                if kept is None or (kept.mail, kept.said) != (mail, said):
                    kept = self._draw(person)
                return kept
            if kept.said != said:
                kept = self._after_decisions(person, kept, said)
            if kept.mail != mail:
                self._draw_behind(person, kept)
            return kept

    def _after_decisions(self, person: str, kept: _Kept, said: tuple[Override, ...]) -> _Kept:
        """Judge anew only what the decisions are about, where that is enough."""
        again = redrawn(
            kept.whole,
            before=kept.said,
            now=said,
            yardstick=self.known.yardstick,
            watch=self.known.watch(person),
        )
        if again is None:
            return self._draw(person)
        fresh = _Kept(
            mail=kept.mail, said=said, whole=again.picture, took_seconds=kept.took_seconds
        )
        self._kept[person] = fresh
        if not again.exact:
            self._draw_behind(person, fresh)
        return fresh

    def _draw(self, person: str) -> _Kept:
        mail, said = self._revision(person)  # before: what comes meanwhile draws it again
        began = time.monotonic()
        whole = self.known.picture(person)
        kept = _Kept(mail=mail, said=said, whole=whole, took_seconds=time.monotonic() - began)
        kept.seen[None] = _seen(person, whole, None)
        self._kept[person] = kept
        return kept

    def _draw_behind(self, person: str, outdated: _Kept) -> None:
        with self._lock:
            # It may have been drawn since somebody saw that it was out of date.
            if person in self._drawing or self._kept.get(person) is not outdated:
                return
            self._drawing.add(person)
        threading.Thread(target=self._draw_quietly, args=(person,), daemon=True).start()

    def _draw_quietly(self, person: str) -> None:
        try:
            self._draw(person)
        except InboxwatchError as error:
            log.warning("the page could not look again: %s", error.problem)
        finally:
            with self._lock:
                self._drawing.discard(person)

    def _revision(self, person: str) -> tuple[object, tuple[Override, ...]]:
        accounts = [
            name
            for name, account in self.known.settings.accounts.items()
            if account.person == person
        ]
        with self.known.store.transaction(read_only=True) as tx:
            return mail_revision(tx, person, accounts), tx.overrides(person)


def _seen(person: str, whole: Picture, cases: Cases) -> Seen:
    picture = whole if cases is None else limited_to(whole, cases)
    return Seen(
        person=person,
        picture=picture,
        overview=overview_of(person, picture),
        verdicts={verdict.thread.id: verdict for verdict in picture.verdicts},
    )
