"""What may leave the outbox now: pauses, quiet hours, one digest a day. Sends nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inboxwatch.application.digest import DIGEST, HEALTH
from inboxwatch.application.ports import Now, Store, Transaction
from inboxwatch.application.records import Delivery
from inboxwatch.application.slots import Slots
from inboxwatch.domain.london import local_day


def last_digest_on(tx: Transaction, person: str, target: str) -> date | None:
    """Return the local day on which a person's last digest went to a target."""
    sent_at = tx.last_sent_at(person, target, DIGEST)
    return local_day(sent_at) if sent_at is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Tells of a delivery whether it must wait, whatever it was filed for.

    A digest filed for Monday morning must not come at three in the night because the machine was
    off until then. `at_once`: targets for machines, whose events and alerts know no night.
    """

    store: Store
    slots: Slots
    now: Now
    paused: bool = False
    at_once: frozenset[str] = frozenset()

    def __call__(self, delivery: Delivery) -> bool:
        """Tell whether a delivery must wait."""
        now = self.now()
        if delivery.type == DIGEST:
            return self.paused or not self.slots.is_open(now) or self._had_one(delivery)
        if delivery.type == HEALTH:
            return delivery.target not in self.at_once and self.slots.is_quiet(now)
        return self.paused

    def _had_one(self, delivery: Delivery) -> bool:
        with self.store.transaction(read_only=True) as tx:
            last = last_digest_on(tx, delivery.person, delivery.target)
        return last == local_day(self.now())
