"""Judge only what changed: the messages, the threads they stand in, and what those reach.

The result is that of judging everything anew. Where a change reaches further than keys can tell,
this says so, and everything is judged anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from inboxwatch.application.basis import Basis
from inboxwatch.application.draw import Yardstick, with_places
from inboxwatch.application.overall import later_than
from inboxwatch.application.ports import Transaction
from inboxwatch.application.reading import Surroundings, Taught, direction_of, shows_alias
from inboxwatch.application.records import Changes
from inboxwatch.application.rejudging import Rejudging
from inboxwatch.application.rethreading import ReachesFarther, Rethreading
from inboxwatch.application.shelf import Shelf
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import keys
from inboxwatch.domain.overrides import Decisions
from inboxwatch.domain.sides import sender_address
from inboxwatch.domain.teaching import learned_places, taught
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """What catching up found.

    `verdicts` are those on every thread that may stand otherwise than before. `reached` are the
    messages that were judged or placed anew, `later` those to look at again once mail of their
    time is known.
    """

    verdicts: tuple[Verdict, ...]
    lessons: Taught
    more_in_review: int = 0  # threads than before; below nought when there are less
    reached: Set[str] = frozenset()
    later: tuple[str, ...] = ()


@dataclass(slots=True)
class CatchUp:
    """Catches up with what changed of one person, inside one transaction that may write.

    Args:
        watch: what the settings say; what `basis` learned is added.
        basis: what all that is stored was judged on; still so but for what changed.
    """

    tx: Transaction
    person: str
    watch: Watch
    yardstick: Yardstick
    as_of: datetime
    basis: Basis
    decisions: Decisions = field(init=False)
    shelf: Shelf = field(init=False)
    settings_watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        """Load what a person decided."""
        self.decisions = Decisions.of(self.tx.overrides(self.person))
        self.settings_watch = self.watch
        own = self.watch.own_addresses | self.basis.aliases
        self.watch = with_places(replace(self.watch, own_addresses=own), self.basis.places)
        self.shelf = Shelf(self.tx, self.person, self.watch)

    def catch_up(self, changes: Changes) -> Caught:
        """Judge what changed, and store what was found.

        Raises:
            ReachesFarther: everything must be judged anew; nothing was stored.
        """
        if changes.everything:
            raise ReachesFarther("mail was taken away, or a folder was numbered anew")
        changed = self.shelf.get(changes.message_ids)
        if changed:
            self.shelf.look_around(changed.values())
        self._check_aliases(changed.values())
        lessons, relearned = self._lessons()
        again = self._rejudge(changed, relearned, lessons)
        known = self.shelf.get({*changed, *again})
        seeds = {one for one, entry in known.items() if entry.at <= self.as_of}
        # What was decided of a message that is to be known only later concerns who names it.
        named = frozenset(f"id:{one}" for one in known.keys() - seeds)
        seeds |= {e.message_id for e in self.shelf.sharing(named) if e.at <= self.as_of}
        threads = self._threads()
        verdicts = threads.judge(seeds) if seeds else ()
        judged = (*threads.judged, *(verdict.thread for verdict in verdicts))
        later = later_than(known.values(), judged, self.as_of)
        return Caught(
            verdicts=verdicts,
            lessons=lessons,
            more_in_review=threads.more_in_review,
            reached=seeds | {p.entry.message_id for thread in judged for p in thread.placed},
            later=tuple(sorted(later)),
        )

    def about(self, message_ids: Iterable[str]) -> tuple[Verdict, ...]:
        """Return the verdicts on the threads in which some messages stand, as they are stored."""
        return self._threads().about(message_ids)

    def _threads(self) -> Rethreading:
        return Rethreading(
            tx=self.tx,
            person=self.person,
            shelf=self.shelf,
            watch=self.watch,
            yardstick=self.yardstick,
            decisions=self.decisions,
            as_of=self.as_of,
        )

    # Judging messages

    def _check_aliases(self, changed: Iterable[Entry]) -> None:
        """See to it that the addresses the user sends from are those that were known."""
        for entry in changed:
            shows = shows_alias(entry.message, self.settings_watch)
            if shows is not (sender_address(entry.message) in self.basis.aliases):
                raise ReachesFarther("an address of the user's own was learned or lost")

    def _rejudge(
        self, changed: Mapping[str, Entry], relearned: set[str], lessons: Taught
    ) -> set[str]:
        """Judge what changed and what that reaches; store it, and return what is otherwise now."""
        judging = Rejudging(
            tx=self.tx,
            person=self.person,
            shelf=self.shelf,
            around=Surroundings(
                watch=self.watch,
                wording=self.yardstick.wording,
                calendar=self.yardstick.calendars[self.yardstick.calendar],
                decisions=self.decisions,
                taught=lessons,
            ),
        )
        # A poll does not know what was learned: mail from such an address looked like others'.
        turned = [
            one
            for one, entry in changed.items()
            if direction_of(entry.message, self.watch) is not entry.direction
        ]
        self._save(judging.judged(turned))
        if self.watch != self.settings_watch:
            known = self.shelf.get(changed).values()
            self._save([(e, new) for e in known if (new := self._not_keyed(e))])
        reached = judging.reach(self.shelf.get(changed).values()) | relearned
        again = judging.judged(sorted(reached))
        self._save(again)
        return {entry.message_id for entry, _ in again}

    def _not_keyed(self, entry: Entry) -> frozenset[str]:
        return self.shelf.keys_of(entry) - keys(entry, self.settings_watch)

    def _save(self, entries: list[tuple[Entry, frozenset[str]]]) -> None:
        if entries:
            self.tx.judge_entries(self.person, entries)

    def _lessons(self) -> tuple[Taught, set[str]]:
        """Return what corrections teach, and the messages that other lessons were taught about."""
        said = self.decisions
        told = self.shelf.get((*said.kinds, *said.links, *said.links.values())).values()
        own = replace(self.settings_watch, own_addresses=self.watch.own_addresses)
        if learned_places(said.overrides, told, own) != self.basis.places:
            raise ReachesFarther("an address was learned or is no longer known as a body's")
        lessons = taught(said.overrides, told)
        first = datetime.min.replace(tzinfo=UTC)
        relearned: set[str] = set()
        for sender, text, _ in set(lessons) ^ set(self.basis.lessons):
            _, ids = self.tx.texts_around(self.person, sender, text, first, "")
            relearned.update(ids)
        return lessons, relearned
