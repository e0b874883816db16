"""Place changed messages anew with all that hangs together with them, and judge their threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from inboxwatch.application.draw import Yardstick, judged
from inboxwatch.application.ports import Transaction
from inboxwatch.application.records import Placement, Stray, ThreadPage
from inboxwatch.application.shelf import Shelf
from inboxwatch.application.straying import Straying
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import quoted_lines
from inboxwatch.domain.neighbours import neighbourhood
from inboxwatch.domain.overrides import Decisions
from inboxwatch.domain.pages import Page
from inboxwatch.domain.possible import may_be_reply, possible_link, with_guests
from inboxwatch.domain.sides import body_near
from inboxwatch.domain.threading import SettledTalk, settle_talks
from inboxwatch.domain.threads import Assembly, Entry, LinkKind, Thread, Unplaced
from inboxwatch.domain.verdict import Status, Verdict

NOT_YET = Status.WAITING  # of a thread all of whose messages are to be known only later
AT_MOST = 5_000  # messages that hang together; beyond that judging everything is no dearer

Guests = dict[str, dict[str, str]]  # by the id of a message, why it may be in each thread


class ReachesFarther(Exception):
    """A change reaches further than keys can tell. Says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    """What hangs together with some messages: the talks, what stands in none, what is stored."""

    ids: frozenset[str]
    talks: tuple[SettledTalk, ...]
    loose: tuple[Unplaced, ...]
    stored: tuple[Placement, ...]  # of every message in any thread that one of them stood in
    threads: Mapping[str, Thread]


@dataclass(slots=True)
class Rethreading:
    """Settles, places and judges, inside one transaction that may write."""

    tx: Transaction
    person: str
    shelf: Shelf
    watch: Watch
    yardstick: Yardstick
    decisions: Decisions
    as_of: datetime
    more_in_review: int = 0  # threads than before what was judged here
    judged: tuple[Thread, ...] = ()  # settled threads, also those without a verdict yet

    def about(self, message_ids: Iterable[str]) -> tuple[Verdict, ...]:
        """Return the verdicts on the threads in which some messages stand, as they are stored."""
        wanted = frozenset(message_ids)
        seeds = {i for i, e in self.shelf.get(sorted(wanted)).items() if e.at <= self.as_of}
        if not seeds:
            return ()
        found = self._settle(seeds)
        threads = [
            thread
            for thread in found.threads.values()
            if any(placed.entry.message_id in wanted for placed in thread.placed)
        ]
        return self._judged(threads, _guests(found.stored))

    def judge(self, seeds: set[str]) -> tuple[Verdict, ...]:
        """Place some messages anew; judge and store every thread that this may alter."""
        found = self._settle(seeds)
        wanted = places_of(found.threads.values())
        there = {
            (p.message_id, p.thread_id): p
            for p in found.stored
            if _is_settled(p) and p.message_id in found.ids
        }
        moved = {s[0] for s in wanted.keys() | there.keys() if wanted.get(s) != there.get(s)}
        left = {place.thread_id for spot, place in there.items() if spot[0] in moved}
        touched = [
            talk
            for talk in found.talks
            if not talk.ids.isdisjoint(seeds | moved)
            or not left.isdisjoint(thread.id for thread in talk.threads)
        ]
        threads = {thread.id: thread for talk in touched for thread in talk.threads}
        gone = {p.thread_id for p in there.values()} - found.threads.keys()
        kept = {k.page.thread_id: k for k in self.tx.pages(self.person, threads.keys() | gone)}

        straying = Straying(self.tx, self.person, self.shelf, self.watch, self.decisions)
        pages = straying.turn({one: k.page for one, k in kept.items()}, threads.values())
        guests, hosting, homes = self._strays(found, seeds | moved, straying)
        others = hosting - threads.keys() - gone  # that strays alone concern
        if others:
            more = self.tx.pages(self.person, sorted(others))
            kept |= {k.page.thread_id: k for k in more}
            threads |= {one: t for one, t in found.threads.items() if one in others}
        further = others - threads.keys()
        stored = found.stored
        if further:
            wider = self._settle({kept[one].page.ids[0] for one in further & kept.keys()})
            threads |= {one: t for one, t in wider.threads.items() if one in further}
            stored = (*stored, *wider.stored)

        every = _guests(stored)
        every.update(guests)
        self.judged = tuple(threads.values())
        verdicts = self._judged(list(self.judged), every)
        boxes = {p.thread_id: p.council_mailbox for p in (*stored, *homes)}
        boxes |= {one: thread.council_mailbox.address for one, thread in threads.items()}
        places = [
            *(place for spot, place in wanted.items() if spot[0] in moved | guests.keys()),
            *(p for p in homes if _is_settled(p) and p.message_id in guests.keys() - found.ids),
            *_possible_places(guests, boxes),
        ]
        nowhere = (moved | guests.keys()) - {place.message_id for place in places}
        if nowhere:
            self.tx.drop_placements(self.person, sorted(nowhere))
        if places:
            had = {place.message_id for place in (*found.stored, *homes)}
            self.tx.save_placements(self.person, places, had)
        self._keep(verdicts, threads, pages, kept)
        straying.keep_answers()
        if gone:
            self.tx.drop_pages(self.person, sorted(gone))
            self.more_in_review -= sum(_is_in_review(kept[one]) for one in gone & kept.keys())
        return verdicts

    def _settle(self, seeds: set[str]) -> _Settled:
        """Settle messages with their neighbourhood, and with whom they stood together before."""
        wanted = set(seeds)
        while True:
            around = neighbourhood(
                self._known(self.shelf.get(sorted(wanted)).values()),
                lambda keys: self._known(self.shelf.sharing(keys)),
                self.watch,
                decisions=self.decisions,
                at_most=AT_MOST,
                keys_of=self.shelf.keys_of,
                latest=self.shelf.latest,
            )
            if len(around) >= AT_MOST:
                raise ReachesFarther(f"{AT_MOST} messages or more hang together")
            ids = frozenset(entry.message_id for entry in around)
            stored = self.tx.placements_around(self.person, sorted(ids))
            left = {p.thread_id for p in stored if p.message_id in ids and _is_settled(p)}
            lost = {p.message_id for p in stored if p.thread_id in left and _is_settled(p)} - ids
            if not lost:
                talks, loose = settle_talks(around, self.watch, self.decisions)
                threads = {thread.id: thread for talk in talks for thread in talk.threads}
                return _Settled(ids=ids, talks=talks, loose=loose, stored=stored, threads=threads)
            wanted |= lost

    def _known(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        return tuple(entry for entry in entries if entry.at <= self.as_of)

    def _strays(
        self, found: _Settled, seeds: set[str], straying: Straying
    ) -> tuple[Guests, set[str], list[Placement]]:
        """Find the strays, and answers elsewhere, that a change concerns; store which strays
        there are.

        Returns:
            Where each of them may belong now, the ids of all threads that this alters, and where
            they were before.
        """
        now = {
            item.entry.message_id: item.entry
            for item in found.loose
            if may_be_reply(item.entry, self.decisions)
        }
        placed = {place.message_id for place in found.stored if _is_settled(place)}
        before = self.tx.strays(self.person, sorted(found.ids - placed))
        gone, new = before - now.keys(), now.keys() - before
        if gone:
            self.tx.drop_strays(self.person, sorted(gone))
        if new:
            strays = (stray_of(now[one], self.watch) for one in sorted(new))
            self.tx.save_strays(self.person, strays)
        concerned = (straying.concerned() | new | (now.keys() & seeds)) - gone
        answering = straying.answering(seeds)
        hosted: dict[str, dict[str, str]] = {one: {} for one in concerned | gone | answering.keys()}
        around = self.tx.placements_around(self.person, sorted(hosted)) if hosted else ()
        homes = [place for place in around if place.message_id in hosted]
        for place in homes:
            if not _is_settled(place):
                hosted[place.message_id][place.thread_id] = place.link.evidence
        guests: Guests = {one: {} for one in hosted}
        for one, entry in self.shelf.get(sorted(hosted)).items():
            if one in concerned:
                guests[one] = straying.hosts(entry)
            elif bodies := answering.get(one):
                guests[one] = straying.also(entry, bodies)
        altered = {
            thread_id
            for one, threads in guests.items()
            for thread_id, _ in threads.items() ^ hosted[one].items()
        }
        # What was decided about one is shown in the threads that it may belong to.
        altered |= {thread_id for one in seeds & guests.keys() for thread_id in guests[one]}
        unaltered = [one for one in guests if guests[one] == hosted[one] and one not in seeds]
        for one in unaltered:
            del guests[one]
        return guests, altered, homes

    def _judged(self, threads: list[Thread], guests: Guests) -> tuple[Verdict, ...]:
        here = {thread.id for thread in threads}
        wanted = {one: near for one, at in guests.items() if (near := here & at.keys())}
        found = {one: {t: guests[one][t] for t in near} for one, near in wanted.items()}
        assembly = with_guests(
            Assembly(threads=tuple(threads), unplaced=()),
            found,
            self.shelf.get(sorted(wanted)).values(),
        )
        return judged(assembly, self.yardstick, self.watch, self.decisions, as_of=self.as_of)

    def _keep(
        self,
        verdicts: Iterable[Verdict],
        threads: Mapping[str, Thread],
        pages: Mapping[str, Page],
        kept: Mapping[str, ThreadPage],
    ) -> None:
        """Store the statuses of threads that were judged, and their pages, made anew or as kept."""
        statuses = {verdict.thread.id: verdict.status for verdict in verdicts}
        found = [
            ThreadPage(
                page=pages[one] if one in pages else kept[one].page,
                status=statuses.get(one, NOT_YET),
            )
            for one in threads
        ]
        altered = [k for k in found if kept.get(k.page.thread_id) != k]
        if altered:
            self.more_in_review += sum(map(_is_in_review, altered))
            self.more_in_review -= sum(
                _is_in_review(kept[one])
                for one in (k.page.thread_id for k in altered)
                if one in kept
            )
            self.tx.save_pages(self.person, altered, {one: k.page for one, k in kept.items()})


def places_of(threads: Iterable[Thread]) -> dict[tuple[str, str], Placement]:
    """Return the places of all messages in some threads, by message and thread."""
    return {
        (placed.entry.message_id, thread.id): Placement(
            message_id=placed.entry.message_id,
            council_mailbox=thread.council_mailbox.address,
            thread_id=thread.id,
            link=placed.link,
        )
        for thread in threads
        for placed in thread.placed
    }


def _possible_places(guests: Guests, boxes: Mapping[str, str]) -> Iterator[Placement]:
    for one, threads in guests.items():
        for thread_id, why in threads.items():
            yield Placement(
                message_id=one,
                council_mailbox=boxes[thread_id],
                thread_id=thread_id,
                link=possible_link(why),
            )


def stray_of(entry: Entry, watch: Watch) -> Stray:
    """Return what is kept of mail that no mark places."""
    body = body_near(entry.message, watch)
    return Stray(
        message_id=entry.message_id,
        body=body.name if body else "",
        at=entry.at,
        lines=quoted_lines(entry),
    )


def _is_in_review(kept: ThreadPage) -> bool:
    return kept.status is Status.REVIEW


def _is_settled(place: Placement) -> bool:
    return place.link.kind is not LinkKind.POSSIBLE


def _guests(stored: Iterable[Placement]) -> Guests:
    guests: Guests = {}
    for place in stored:
        if not _is_settled(place):
            guests.setdefault(place.message_id, {})[place.thread_id] = place.link.evidence
    return guests
