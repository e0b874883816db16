"""What stands in the outbox: what surely did not arrive, which targets rest. Never sends."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inboxwatch.application.digest import Trouble
from inboxwatch.application.ports import Notifier, Transaction
from inboxwatch.application.records import Delivery, DeliveryState

# Reasons why a delivery was given up although nothing went wrong.
TAKEN_OVER = "its reminders are in a later digest"
SETTLED = "settled before it was sent"
_NO_FAULT = frozenset({TAKEN_OVER, SETTLED})

_MAY_HAVE_ARRIVED = "may have arrived: "
_DISABLED = "target-disabled:"
USE_AGAIN = "When that is put right, run: inboxwatch resume"
_LOCAL_SECRET = "local-secret"  # noqa: S105 (a setting's name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long to wait between attempts, and when to give up.

    The wait doubles from `first` up to `longest`. Giving up takes both `give_up_after` since the
    delivery was filed and `least_attempts`, so that one held back for weeks is not given up at the
    first fault.
    """

    first: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(hours=6)
    give_up_after: timedelta = timedelta(days=7)
    least_attempts: int = 20

    def wait(self, attempts: int, *, jitter: float, asked_seconds: float | None) -> timedelta:
        """Return the wait after a number of failed attempts (at least 1).

        Args:
            jitter: from 0 to 1; spreads the wait over its upper half.
            asked_seconds: what the server asked for; never less than that, at most a day.
        """
        doubled = self.first * (1 << min(attempts - 1, 20))
        spread = min(doubled, self.longest) * (0.5 + 0.5 * jitter)
        asked = timedelta(seconds=min(max(asked_seconds or 0.0, 0.0), 86_400.0))
        return max(spread, asked)

    def is_over(self, delivery: Delivery, at: datetime) -> bool:
        """Tell whether a delivery that failed again should be given up."""
        return (
            delivery.attempts >= self.least_attempts
            and at - delivery.created_at >= self.give_up_after
        )


def failed(delivery: Delivery, problem: str, *, may_have_arrived: bool) -> Delivery:
    """Return the delivery with what went wrong, still pending."""
    prefix = _MAY_HAVE_ARRIVED if may_have_arrived else ""
    return replace(delivery, problem=(prefix + problem)[:500])


def surely_not_arrived(delivery: Delivery) -> bool:
    """Tell whether nobody can have received it, so that its reminders may go into another.

    An attempt that ended without a word (the program was killed) may have arrived.
    """
    if delivery.state is DeliveryState.SENT:
        return False
    known = bool(delivery.problem) and not delivery.problem.startswith(_MAY_HAVE_ARRIVED)
    return delivery.attempts == 0 or known


def is_unsent(delivery: Delivery) -> bool:
    """Tell whether a delivery still has something to say that was never said."""
    if delivery.state is DeliveryState.FAILED and delivery.problem in _NO_FAULT:
        return False
    return surely_not_arrived(delivery)


def unsent(tx: Transaction, person: str) -> tuple[Delivery, ...]:
    """Return a person's deliveries that still have something to say, oldest first."""
    states = (DeliveryState.PENDING, DeliveryState.FAILED)
    found = tx.deliveries(person, states=states, besides=_NO_FAULT)
    return tuple(delivery for delivery in found if is_unsent(delivery))


def local_secret(
    tx: Transaction, fresh: Callable[[], str] = lambda: secrets.token_hex(32)
) -> bytes:
    """Return the store's own secret, made at the first call. It never leaves the machine."""
    known = tx.setting(_LOCAL_SECRET)
    if not known:
        known = fresh()
        tx.set_setting(_LOCAL_SECRET, known)
    return known.encode()


def disable_target(tx: Transaction, name: str, *, problem: str, remedy: str) -> None:
    """Stop sending to a target until `enable_target`; its deliveries stay in the outbox."""
    tx.set_setting(_DISABLED + name, json.dumps({"problem": problem, "remedy": remedy}))


def why_disabled(tx: Transaction, name: str) -> Trouble | None:
    """Return why a target is disabled, or None when it is not."""
    text = tx.setting(_DISABLED + name)
    if not text:
        return None
    known = json.loads(text)
    remedy = f"{known['remedy']}\n{USE_AGAIN}"  # nothing else makes it be used again
    return Trouble(what=str(known["problem"]), remedy=remedy)


def enable_target(tx: Transaction, name: str, *, people: tuple[str, ...]) -> int:
    """Let a target be used again and put back what it refused; return how many deliveries."""
    tx.set_setting(_DISABLED + name, "")
    revived = 0
    for person in people:
        for delivery in tx.deliveries(person):
            refused = delivery.state is DeliveryState.FAILED and is_unsent(delivery)
            if delivery.target == name and refused:
                tx.update_delivery(replace(delivery, state=DeliveryState.PENDING, not_before=None))
                revived += 1
    return revived


def delivery_troubles(
    tx: Transaction, notifiers: tuple[Notifier, ...], *, person: str, since: datetime
) -> tuple[Trouble, ...]:
    """Return what the user should know about reminders that do not reach them.

    That is disabled targets, and what was given up since a moment at targets that still work.
    """
    troubles = []
    for notifier in notifiers:
        disabled = why_disabled(tx, notifier.name)
        if disabled is not None:
            troubles.append(disabled)
            continue
        given_up = [
            d
            for d in tx.deliveries(person, states=(DeliveryState.FAILED,), besides=_NO_FAULT)
            if d.target == notifier.name and d.created_at >= since
        ]
        if given_up:
            troubles.append(
                Trouble(
                    what=f"{notifier.name}: {len(given_up)} could not be sent "
                    f"({given_up[-1].problem})",
                    remedy="The reminders are in `inboxwatch list`. "
                    "Run `inboxwatch doctor` to test the target.",
                )
            )
    return tuple(troubles)
