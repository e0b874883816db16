"""All of a person's mail at once: draw its picture from the store, and keep what that found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inboxwatch.application.basis import Basis, read_basis, watch_mark, write_basis
from inboxwatch.application.draw import Read, Yardstick, draw, read_mail
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.ports import NOTHING, Transaction
from inboxwatch.application.records import Placement, ThreadPage
from inboxwatch.application.rethreading import NOT_YET, places_of, stray_of
from inboxwatch.application.straying import answer_of
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import has_keys_of, keys
from inboxwatch.domain.pages import Page, answers_in
from inboxwatch.domain.possible import ANSWERS_ANOTHER, may_be_reply, settled_only
from inboxwatch.domain.threads import Entry, LinkKind, Thread
from inboxwatch.domain.verdict import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture, the messages as they were judged for it, and as they are stored."""

    picture: Picture
    read: Read
    stored: Mapping[str, Entry]
    basis: Basis


def draw_all(
    tx: Transaction,
    person: str,
    *,
    watch: Watch,
    yardstick: Yardstick,
    as_of: datetime,
    scanned: Scanned = Scanned(),  # noqa: B008 (a frozen value)
    notices: tuple[str, ...] = (),
) -> Drawn:
    """Draw a person's picture from the store."""
    basis = read_basis(tx, person)
    stored = {entry.message_id: entry for entry in tx.entries(person)}
    read = read_mail(
        (entry.message for entry in stored.values()),
        watch,
        yardstick,
        tx.overrides(person),
        before=stored if basis.judged_by == yardstick.judged_by else NOTHING,
    )
    picture = draw(
        read,
        yardstick,
        as_of=as_of,
        unreadable=tx.unreadables(person),
        scanned=scanned,
        notices=notices,
    )
    return Drawn(picture=picture, read=read, stored=stored, basis=basis)


def keep_all(tx: Transaction, person: str, drawn: Drawn, yardstick: Yardstick) -> Basis | None:
    """Store what reading and assembling found, where it differs from what is stored.

    Returns:
        What that was judged on. It stands on nothing until what it means has been told. None, and
        nothing was stored, when another review came between.
    """
    if read_basis(tx, person).round != drawn.basis.round:
        return None
    read = drawn.read
    is_keyed = (
        drawn.basis.keyed_for == watch_mark(read.watch)
        and drawn.basis.judged_by == yardstick.judged_by
    )
    stored = drawn.stored if is_keyed else NOTHING
    changed = [(e, was) for e in read.entries if (was := stored.get(e.message_id)) != e]
    if changed:
        tx.judge_entries(person, ((entry, _new_keys(entry, was, read)) for entry, was in changed))
    threads = drawn.picture.assembly.threads
    _keep_places(tx, person, places_of(threads))
    _keep_pages(tx, person, drawn)
    _keep_strays(tx, person, drawn)
    _keep_answers(tx, person, threads)
    basis = Basis(
        judged_by=yardstick.judged_by,
        keyed_for=watch_mark(read.watch),
        aliases=read.aliases,
        places=read.places,
        lessons=read.lessons,
        round=drawn.basis.round + 1,
        in_review=len(drawn.picture.with_status(Status.REVIEW)),
    )
    write_basis(tx, person, basis)
    return basis


def _new_keys(entry: Entry, was: Entry | None, read: Read) -> frozenset[str]:
    if was is not None and has_keys_of(entry, was):
        return frozenset()
    return keys(entry, read.watch)


def _keep_places(tx: Transaction, person: str, wanted: Mapping[tuple[str, str], Placement]) -> None:
    there = {(p.message_id, p.thread_id): p for p in tx.placements(person)}
    moved = {key[0] for key in wanted.keys() | there.keys() if wanted.get(key) != there.get(key)}
    if moved:
        tx.drop_placements(person, moved)
        tx.save_placements(person, (p for p in wanted.values() if p.message_id in moved))


def _keep_pages(tx: Transaction, person: str, drawn: Drawn) -> None:
    statuses = {v.thread.id: v.status for v in drawn.picture.verdicts}
    there = {kept.page.thread_id: kept for kept in tx.pages(person)}
    wanted = {
        thread.id: ThreadPage(
            page=Page.of(settled_only(thread), drawn.read.decisions),
            status=statuses.get(thread.id, NOT_YET),
        )
        for thread in drawn.picture.assembly.threads
    }
    tx.drop_pages(person, sorted(there.keys() - wanted.keys()))
    tx.save_pages(
        person,
        [kept for one, kept in wanted.items() if there.get(one) != kept],
        {one: kept.page for one, kept in there.items()},
    )


def _keep_strays(tx: Transaction, person: str, drawn: Drawn) -> None:
    assembly, read = drawn.picture.assembly, drawn.read
    loose = [item.entry for item in assembly.unplaced]
    loose += [
        placed.entry
        for thread in assembly.threads
        for placed in thread.placed
        if placed.link.kind is LinkKind.POSSIBLE and placed.link.evidence != ANSWERS_ANOTHER
    ]
    wanted = {e.message_id: e for e in loose if may_be_reply(e, read.decisions)}
    there = tx.strays(person)
    tx.drop_strays(person, sorted(there - wanted.keys()))
    new = sorted(wanted.keys() - there)
    tx.save_strays(person, (stray_of(wanted[one], read.watch) for one in new))


def _keep_answers(tx: Transaction, person: str, threads: Iterable[Thread]) -> None:
    wanted = {
        (entry.message_id, thread.council_mailbox.body): entry
        for thread in threads
        for entry in answers_in(thread)
    }
    there = tx.answers(person)
    tx.drop_answers(person, sorted(there - wanted.keys()))
    new = sorted(wanted.keys() - there)
    tx.save_answers(person, (answer_of(wanted[one], one[1]) for one in new))


def later_than(entries: Iterable[Entry], threads: Iterable[Thread], as_of: datetime) -> set[str]:
    """Return the ids of messages to look at again once mail of their time is known.

    Args:
        threads: also such as have no verdict yet. A message that claims to be older than what it
            answers stands behind that there.
    """
    later = {entry.message_id for entry in entries if entry.at > as_of}
    return later | {
        placed.entry.message_id
        for thread in threads
        for placed in thread.placed
        if placed.at > as_of
    }
