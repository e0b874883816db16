"""Send what the outbox holds: at least once, never twice in effect. Never decides what is due.

Three commits around each send: the attempt is counted, the delivery is sent, it is marked. Killed
before the first, nothing happened; killed after it, the same delivery is sent again, with the same
id, so that the receiver can drop it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from inboxwatch.application.digest import DIGEST, reminder_message_id
from inboxwatch.application.outbox import (
    Backoff,
    disable_target,
    failed,
    surely_not_arrived,
    why_disabled,
)
from inboxwatch.application.ports import Notifier, Now, Store
from inboxwatch.application.records import Delivery, DeliveryState
from inboxwatch.domain.errors import NotifierError


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindResult:
    """What became of the outbox in one pass.

    `sent` and `given_up` are delivery ids; `postponed` failed and will be tried again; `held`
    were left alone (paused, or their target is disabled, resting or no longer set up). `problems`
    says in words what went wrong, each once.
    """

    sent: tuple[str, ...] = ()
    postponed: int = 0
    given_up: tuple[str, ...] = ()
    held: int = 0
    problems: tuple[str, ...] = ()


def never_paused(_delivery: Delivery) -> bool:
    """Send whatever is due."""
    return False


def remind(
    store: Store,
    notifiers: Iterable[Notifier],
    *,
    now: Now,
    secret: bytes,
    person: str | None = None,
    paused: Callable[[Delivery], bool] = never_paused,
    backoff: Backoff = Backoff(),  # noqa: B008 (a frozen value)
    jitter: Callable[[], float] = lambda: 1.0,
    between: Callable[[str], None] = lambda _step: None,
) -> RemindResult:
    """Send the pending deliveries, oldest first, and note what became of each.

    A target that failed is left alone for the rest of the pass. One process at a time does this.

    Args:
        secret: what `outbox.local_secret` gave; Message-IDs are made from it.
        person: only this person's deliveries; everyone's without it.
        paused: tells of a delivery whether it must wait (quiet hours, `pause`).
        jitter: from 0 to 1, for each failure.
        between: called with the name of each step that is over: read, claimed, sent, marked.

    Raises:
        StoreError: the store cannot be used.
    """
    by_name = {notifier.name: notifier for notifier in notifiers}
    with store.transaction() as tx:
        pending = tx.pending_deliveries(now())
        resting = {name for name in by_name if why_disabled(tx, name)}
    between("read")
    sent: list[str] = []
    given_up: list[str] = []
    problems: list[str] = []
    postponed = held = 0
    # The least tried first, so that one that brings the program down cannot hold up the rest.
    for delivery in sorted(pending, key=lambda d: d.attempts):
        if person not in (None, delivery.person):
            continue
        notifier = by_name.get(delivery.target)
        if notifier is None or delivery.target in resting or paused(delivery):
            held += 1
            continue
        claimed = _claim(store, delivery, at=now(), secret=secret)
        if claimed is None:
            continue
        between("claimed")
        try:
            notifier.send(claimed)
        except NotifierError as error:
            resting.add(delivery.target)
            problems.append(str(error))
            over = _settle(
                store,
                claimed,
                error,
                in_doubt=not surely_not_arrived(delivery),
                at=now(),
                backoff=backoff,
                jitter=jitter(),
            )
            given_up += [delivery.id] if over else []
            postponed += not over
        else:
            between("sent")
            with store.transaction() as tx:
                tx.update_delivery(
                    replace(claimed, state=DeliveryState.SENT, sent_at=now(), not_before=None)
                )
            sent.append(delivery.id)
        between("marked")
    return RemindResult(
        sent=tuple(sent),
        postponed=postponed,
        given_up=tuple(given_up),
        held=held,
        problems=tuple(dict.fromkeys(problems)),
    )


def _claim(store: Store, delivery: Delivery, *, at: datetime, secret: bytes) -> Delivery | None:
    """Count the attempt before it is made; None when it is no longer to be sent.

    This commit waits for the disk, and with it all that led to the delivery: a power cut must not
    take back what has gone out, or it would be filed and sent again under another id.
    The Message-ID is remembered here and not after sending: an answer to a mail that went out just
    before the program was killed must be known as an answer to ours.
    """
    with store.transaction() as tx:
        current = {d.id: d for d in tx.pending_deliveries(at)}.get(delivery.id)
        if current is None:
            return None
        claimed = replace(current, attempts=current.attempts + 1, problem="")
        tx.update_delivery(claimed)
        if claimed.type == DIGEST:
            tx.remember_sent_id(claimed.person, reminder_message_id(secret, claimed.id))
    return claimed


def _settle(
    store: Store,
    claimed: Delivery,
    error: NotifierError,
    *,
    in_doubt: bool,
    at: datetime,
    backoff: Backoff,
    jitter: float,
) -> bool:
    """Note a failure; True when the delivery is given up.

    Args:
        in_doubt: whether an earlier attempt may have arrived; a passing failure later does not
            take that back, or its reminders would go into another digest and come twice. A
            refusal for good does: whoever refuses it now most likely did so before, and a reminder
            that comes twice, with today's facts, is better than one that never comes.
    """
    noted = failed(
        claimed,
        str(error),
        may_have_arrived=error.may_have_arrived or (in_doubt and not error.permanent),
    )
    over = error.permanent or backoff.is_over(noted, at)
    if over:
        noted = replace(noted, state=DeliveryState.FAILED)
    else:
        wait = backoff.wait(noted.attempts, jitter=jitter, asked_seconds=error.retry_after_seconds)
        noted = replace(noted, not_before=at + wait)
    with store.transaction() as tx:
        tx.update_delivery(noted)
        if error.disables_target:
            disable_target(tx, claimed.target, problem=str(error), remedy=error.remedy)
    return over
