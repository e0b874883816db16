"""File reminders and what is to be sent for them, in one transaction. Never sends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from inboxwatch.application.digest import (
    ANSWERED,
    DIGEST,
    HEALTH,
    Answered,
    Digest,
    Situation,
    Trouble,
    digest_id,
    event_id,
    event_type,
    health_id,
    in_order,
)
from inboxwatch.application.outbox import SETTLED, TAKEN_OVER, unsent
from inboxwatch.application.payload import (
    read_digest,
    read_event,
    write_answered,
    write_digest,
    write_event,
    write_health,
)
from inboxwatch.application.ports import Notifier, Transaction
from inboxwatch.application.records import Delivery, DeliveryState
from inboxwatch.domain.reminders import Reminder

Refresh = Callable[[Reminder], Reminder | None]
Touched = Callable[[Delivery, Reminder], bool]
When = Callable[[str, tuple[Reminder, ...]], datetime | None]  # target, what the digest holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What one filing wrote: the reminders that were new, and the deliveries made."""

    reminders: tuple[Reminder, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    waiting: tuple[Delivery, ...] = ()  # all that still has something to say now


def as_filed(reminder: Reminder) -> Reminder | None:
    """Leave a waiting reminder as it is."""
    return reminder


def always(_delivery: Delivery, _reminder: Reminder) -> bool:
    """Take every waiting reminder for one that may be otherwise now."""
    return True


def file(
    tx: Transaction,
    notifiers: Iterable[Notifier],
    *,
    person: str,
    reminders: Iterable[Reminder],
    situation: Situation,
    at: datetime,
    answered: Iterable[Answered] = (),
    refresh: Refresh = as_filed,
    touched: Touched = always,
    not_before: datetime | When | None = None,
    even_empty: str = "",
) -> Filed:
    """File what is new and put it into the outbox, in the caller's transaction.

    A digest that waits and surely has not arrived is taken over by the new one, so that a target
    has at most one digest to come, however long it could not be sent.

    Args:
        at: aware UTC, now.
        answered: waits that have ended; each is told once, only to targets that want it.
        refresh: gives a waiting reminder with today's facts, or None when it is settled
            (answered, closed, snoozed) and shall not be sent any more.
        touched: tells whether a waiting reminder may be otherwise than the delivery it is in has
            it, or than it was when that was last looked at.
        not_before: when a digest may go out at the earliest; events go at once. One that takes
            over another comes no later than that one would have.
        even_empty: makes a digest though there is nothing to tell, once for each such text (a
            day); none without it.

    Returns:
        The reminders that were new and the deliveries now to be sent for the first time.
    """
    new = tx.file_reminders(person, reminders, at)
    made: list[Delivery] = []
    withdrawn = False
    earlier = unsent(tx, person)
    answers = tuple(answered)
    for notifier in notifiers:
        mine = tuple(d for d in earlier if d.target == notifier.name)
        withdrawn |= _withdraw_settled_events(tx, mine, refresh, touched)
        if notifier.accepts(DIGEST):
            digests = tuple(d for d in mine if d.type == DIGEST)
            changed, digest = _digest(
                tx,
                digests,
                new,
                target=notifier.name,
                person=person,
                situation=situation,
                at=at,
                refresh=refresh,
                touched=touched,
                not_before=not_before,
                even_empty=even_empty,
            )
            withdrawn |= changed and bool(digests)
            made += [digest] if digest else []
        made += _events(notifier, new, answers, person=person, as_of=situation.as_of, at=at)
    added = tuple(d for d in made if tx.add_delivery(d))
    waiting = unsent(tx, person) if added or withdrawn else earlier
    return Filed(reminders=new, deliveries=added, waiting=waiting)


def file_alert(
    tx: Transaction,
    notifiers: Iterable[Notifier],
    *,
    person: str,
    troubles: tuple[Trouble, ...],
    as_of: datetime | None,
    at: datetime,
    on: date,
) -> tuple[Delivery, ...]:
    """Put an alert about the watching itself into the outbox; the same one once a day.

    Args:
        on: the local day of `at`.
    """
    made = []
    for notifier in notifiers:
        if troubles and notifier.accepts(HEALTH):
            id = health_id(notifier.name, person, troubles, on)
            payload = write_health(troubles, id=id, person=person, as_of=as_of, at=at)
            made.append(
                Delivery(
                    id=id,
                    person=person,
                    target=notifier.name,
                    type=HEALTH,
                    payload=payload,
                    created_at=at,
                )
            )
    return tuple(delivery for delivery in made if tx.add_delivery(delivery))


def _digest(
    tx: Transaction,
    waiting: tuple[Delivery, ...],
    new: tuple[Reminder, ...],
    *,
    target: str,
    person: str,
    situation: Situation,
    at: datetime,
    refresh: Refresh,
    touched: Touched,
    not_before: datetime | When | None,
    even_empty: str,
) -> tuple[bool, Delivery | None]:
    """Return the digest to add, None when what waits already says it all.

    The first value tells whether what waited was taken over.
    """
    notes = situation.notes
    changed = bool(new) or (not waiting and bool(notes or even_empty))
    held: list[tuple[Delivery, Reminder]] = []
    for delivery in waiting:
        digest = read_digest(delivery.payload)
        changed |= digest.situation.notes != notes
        held += [(delivery, reminder) for reminder in digest.reminders]
    facts: dict[int, Reminder | None] = {}
    for place, (delivery, reminder) in enumerate(held):
        if touched(delivery, reminder):
            facts[place] = fresh = refresh(reminder)
            # One that was given up is not revived because its facts changed, only renewed when
            # some of it is settled: `enable_target` could still put it back as it was.
            is_pending = delivery.state is DeliveryState.PENDING
            changed |= fresh is None or (is_pending and fresh != reminder)
    if not changed:
        return False, None
    for place, (delivery, reminder) in enumerate(held):
        if place not in facts:
            is_pending = delivery.state is DeliveryState.PENDING
            facts[place] = reminder if is_pending else refresh(reminder)
    kept = [fresh for place in range(len(held)) if (fresh := facts[place]) is not None]
    for delivery in waiting:
        tx.update_delivery(replace(delivery, state=DeliveryState.FAILED, problem=TAKEN_OVER))
    ordered = in_order((*kept, *new))
    if not ordered and not notes and not even_empty:
        return True, None
    id = digest_id(
        target,
        person,
        (r.key for r in ordered),
        instead_of=(delivery.id for delivery in waiting),
        notes=() if ordered else notes or (even_empty,),
    )
    digest = Digest(person=person, reminders=ordered, situation=situation)
    return True, Delivery(
        id=id,
        person=person,
        target=target,
        type=DIGEST,
        payload=write_digest(digest, id=id, at=at),
        created_at=at,
        not_before=_earliest(
            not_before(target, ordered) if callable(not_before) else not_before, waiting
        ),
    )


def _earliest(wanted: datetime | None, waiting: tuple[Delivery, ...]) -> datetime | None:
    """Return when a digest may go out: not later than one that it takes over was to come."""
    planned = [
        d.not_before
        for d in waiting
        if d.state is DeliveryState.PENDING and d.attempts == 0 and d.not_before is not None
    ]
    return wanted if wanted is None else min([wanted, *planned])


def _withdraw_settled_events(
    tx: Transaction, waiting: tuple[Delivery, ...], refresh: Refresh, touched: Touched
) -> bool:
    """Give up waiting events that are settled; tell whether there were any."""
    withdrawn = False
    for delivery in waiting:
        if not delivery.type.startswith("thread.") or delivery.type == ANSWERED:
            continue
        reminder = read_event(delivery.payload)
        if touched(delivery, reminder) and refresh(reminder) is None:
            tx.update_delivery(replace(delivery, state=DeliveryState.FAILED, problem=SETTLED))
            withdrawn = True
    return withdrawn


def _events(
    notifier: Notifier,
    new: tuple[Reminder, ...],
    answers: tuple[Answered, ...],
    *,
    person: str,
    as_of: datetime,
    at: datetime,
) -> list[Delivery]:
    told = [
        (r.key, event_type(r), write_event(r, person=person, as_of=as_of, at=at))
        for r in new
        if notifier.accepts(event_type(r))
    ]
    if notifier.accepts(ANSWERED):
        told += [
            (a.key, ANSWERED, write_answered(a, person=person, as_of=as_of, at=at)) for a in answers
        ]
    return [
        Delivery(
            id=event_id(notifier.name, person, key),
            person=person,
            target=notifier.name,
            type=type,
            payload=payload,
            created_at=at,
        )
        for key, type, payload in told
    ]
