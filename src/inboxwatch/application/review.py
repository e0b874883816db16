"""Review a person's mail: judge it, keep what was found, and file what they are to be told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from inboxwatch.application.digest import (
    REMINDER_DOMAIN,
    Situation,
    Trouble,
    newly_answered,
)
from inboxwatch.application.draw import Read, Yardstick, draw, read_mail
from inboxwatch.application.filing import file, file_alert
from inboxwatch.application.gate import last_digest_on
from inboxwatch.application.notes import notes_to_tell
from inboxwatch.application.pausing import paused_cases, silenced
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.ports import Notifier, Store, Transaction
from inboxwatch.application.records import Placement
from inboxwatch.application.respond import respond
from inboxwatch.application.slots import Slots, is_urgent
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.keys import keys
from inboxwatch.domain.london import local_day
from inboxwatch.domain.planning import plan, refreshed
from inboxwatch.domain.reminders import Reminder, ReminderPolicy
from inboxwatch.domain.threads import Direction, Entry
from inboxwatch.domain.verdict import Status


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
    offered: bool = True  # the digest says that it can be answered


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
    policy: ReminderPolicy,
    slots: Slots,
    calendar: Calendar,
    troubles: tuple[Trouble, ...] = (),
    answering: Answering | None = None,
    even_empty: bool = False,
    between: Callable[[str], None] = lambda _step: None,
) -> Reviewed:
    """Judge everything, then file what is due with what is to be sent, in two transactions.

    Doing it twice files nothing new.

    Args:
        as_of: the end of the last complete poll; `now` only decides when a digest may go out.
        answering: None leaves answers to reminders unread.
        even_empty: on a regular day, a digest comes though there is nothing to tell.
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
    today = local_day(now)
    with store.transaction() as tx:
        before = tx.filed_reminders(person)
        verdicts = silenced(picture.verdicts, paused_cases(tx, today))
        last_on = {t.name: last_digest_on(tx, person, t.name) for t in targets}
        due = plan(
            verdicts,
            filed=before,
            as_of=as_of,
            policy=policy,
            working_days=calendar.working_days_between,
            today=today,
        )
        filed = file(
            tx,
            targets,
            person=person,
            reminders=due,
            situation=Situation(
                as_of=as_of,
                review=len(picture.with_status(Status.REVIEW)),
                unreadable=len(picture.unreadable),
                troubles=troubles,
                notes=notes_to_tell(tx, person),
                answers_by_reply=answering is not None and answering.offered,
            ),
            at=now,
            answered=newly_answered(picture.verdicts, before),
            refresh=lambda reminder: refreshed(reminder, verdicts, today=today),
            not_before=lambda target, held: slots.next_after(
                now, last_sent_on=last_on[target], urgent=is_urgent(held)
            ),
            even_empty=today.isoformat()
            if even_empty and slots.is_regular(today) and today not in last_on.values()
            else "",
        )
        file_alert(tx, targets, person=person, troubles=troubles, as_of=as_of, at=now, on=today)
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
