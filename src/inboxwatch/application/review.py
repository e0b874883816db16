"""Review a person's mail: judge it, keep what was found, and file what they are to be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from inboxwatch.application.digest import Situation, Trouble, newly_answered
from inboxwatch.application.draw import Read, Yardstick, draw, read_mail
from inboxwatch.application.filing import file, file_alert
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.ports import Notifier, Store, Transaction
from inboxwatch.application.records import Delivery, DeliveryState, Placement
from inboxwatch.application.slots import Slots
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.keys import keys
from inboxwatch.domain.london import local_day
from inboxwatch.domain.planning import plan, refreshed
from inboxwatch.domain.reminders import Reminder, ReminderPolicy
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What a review found and filed."""

    threads: int = 0
    filed: tuple[Reminder, ...] = ()


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
    between: Callable[[str], None] = lambda _step: None,
) -> Reviewed:
    """Judge everything, then file what is due with what is to be sent, in two transactions.

    Doing it twice files nothing new.

    Args:
        as_of: the end of the last complete poll; `now` only decides when a digest may go out.
        between: called with the name of each step that is over: judged, kept, filed.
    """
    targets = tuple(notifiers)
    with store.transaction(read_only=True) as tx:
        picture, read = picture_of(
            tx, person, watch=watch, yardstick=yardstick, as_of=as_of, scanned=Scanned()
        )
    between("judged")
    with store.transaction() as tx:
        keep(tx, person, picture, read)
    between("kept")
    today = local_day(now)
    with store.transaction() as tx:
        before = tx.filed_reminders(person)
        due = plan(
            picture.verdicts,
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
            ),
            at=now,
            answered=newly_answered(picture.verdicts, before),
            refresh=lambda reminder: refreshed(reminder, picture.verdicts),
            not_before=slots.next_after(now, last_sent_on=_last_digest_on(tx.deliveries(person))),
        )
        file_alert(tx, targets, person=person, troubles=troubles, as_of=as_of, at=now, on=today)
    between("filed")
    return Reviewed(threads=len(picture.verdicts), filed=filed.reminders)


def _last_digest_on(deliveries: tuple[Delivery, ...]) -> date | None:
    sent = [
        d.sent_at
        for d in deliveries
        if d.type == "digest" and d.state is DeliveryState.SENT and d.sent_at is not None
    ]
    return local_day(max(sent)) if sent else None
