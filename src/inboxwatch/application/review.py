"""Review a person's mail: judge it, keep what was found, and file what they are to be told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from inboxwatch.application.digest import REMINDER_DOMAIN, Trouble
from inboxwatch.application.draw import Read, Yardstick, draw, read_mail
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.ports import Notifier, Store, Transaction
from inboxwatch.application.records import Placement
from inboxwatch.application.respond import respond
from inboxwatch.application.telling import Manner, tell
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import keys
from inboxwatch.domain.reminders import Reminder
from inboxwatch.domain.threads import Direction, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What a review found and filed."""

    threads: int = 0
    filed: tuple[Reminder, ...] = ()
    answered: int = 0  # the user's answers to reminders that were acted on


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How answers to reminders are proved to be the user's: see `respond`."""

    secret: bytes
    trusted: Collection[str] = ()


def picture_of(
    tx: Transaction,
    person: str,
    *,
    watch: Watch,
    yardstick: Yardstick,
    as_of: datetime,
    scanned: Scanned,
    notices: tuple[str, ...] = (),
) -> tuple[Picture, Read]:
    """Draw a person's picture from the store."""
    read = read_mail(
        (entry.message for entry in tx.entries(person)), watch, yardstick, tx.overrides(person)
    )
    picture = draw(
        read,
        yardstick,
        as_of=as_of,
        unreadable=tx.unreadables(person),
        scanned=scanned,
        notices=notices,
    )
    return picture, read


def keep(tx: Transaction, person: str, picture: Picture, read: Read) -> None:
    """Store what reading and assembling found, where it differs from what is stored."""
    stored = {entry.message_id: entry for entry in tx.entries(person)}
    changed = [e for e in read.entries if _differs(stored.get(e.message_id), e)]
    if changed:
        tx.save_entries(person, ((entry, keys(entry, read.watch)) for entry in changed))
    wanted = {
        (placed.entry.message_id, thread.council_mailbox.address): Placement(
            message_id=placed.entry.message_id,
            council_mailbox=thread.council_mailbox.address,
            thread_id=thread.id,
            link=placed.link,
        )
        for thread in picture.assembly.threads
        for placed in thread.placed
    }
    there = {(p.message_id, p.council_mailbox): p for p in tx.placements(person)}
    moved = {key[0] for key in wanted.keys() | there.keys() if wanted.get(key) != there.get(key)}
    if moved:
        tx.drop_placements(person, moved)
        tx.save_placements(person, (p for p in wanted.values() if p.message_id in moved))


def _differs(stored: Entry | None, found: Entry) -> bool:
    return (
        stored is None
        or stored.classification != found.classification
        or stored.direction is not found.direction
    )


def review(
    store: Store,
    notifiers: Iterable[Notifier],
    person: str,
    *,
    watch: Watch,
    yardstick: Yardstick,
    as_of: datetime,
    now: datetime,
    manner: Manner,
    troubles: tuple[Trouble, ...] = (),
    answering: Answering | None = None,
    between: Callable[[str], None] = lambda _step: None,
) -> Reviewed:
    """Judge everything, then file what is due with what is to be sent, in two transactions.

    Doing it twice files nothing new.

    Args:
        as_of: the end of the last complete poll; `now` only decides when a digest may go out.
        answering: None leaves answers to reminders unread.
        between: called with the name of each step that is over: judged, answered, kept, filed.
    """
    targets = tuple(notifiers)

    def drawn() -> tuple[Picture, Read]:
        with store.transaction(read_only=True) as tx:
            return picture_of(
                tx, person, watch=watch, yardstick=yardstick, as_of=as_of, scanned=Scanned()
            )

    picture, read = drawn()
    between("judged")
    answered = 0
    if answering is not None and _names_a_reminder(read):
        with store.transaction() as tx:
            answered = respond(
                tx,
                person,
                entries=read.entries,
                assembly=picture.assembly,
                secret=answering.secret,
                trusted=answering.trusted,
                now=now,
            )
        if answered:
            picture, read = drawn()
    between("answered")
    with store.transaction() as tx:
        keep(tx, person, picture, read)
    between("kept")
    with store.transaction() as tx:
        filed = tell(tx, targets, person, picture, now=now, manner=manner, troubles=troubles)
    between("filed")
    return Reviewed(threads=len(picture.verdicts), filed=filed.reminders, answered=answered)


def _names_a_reminder(read: Read) -> bool:
    """Tell whether any mail may answer a reminder, before a transaction is opened to write."""
    return any(
        named.endswith("@" + REMINDER_DOMAIN)
        for entry in read.entries
        if entry.direction is Direction.SENT
        for named in (*entry.message.in_reply_to, *entry.message.references)
    )
