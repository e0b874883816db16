"""Would a review find anything new? Told by cheap signs, so that a quiet account costs nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cached_property

from inboxwatch.application.health import notices
from inboxwatch.application.outbox import why_disabled
from inboxwatch.application.pausing import paused_cases
from inboxwatch.bootstrap.known import Known
from inboxwatch.domain.london import local_day

_SIGN = "reviewed:"


class Fresh(Known):
    """What is known, and whether it changed since a person was last reviewed."""

    @cached_property
    def _ways(self) -> str:
        """The settings, and all by which is judged, in short; no secret can be read from it."""
        whole = f"{self.yardstick.measured_by}\n{self.settings.model_dump_json()}"
        return hashlib.sha256(whole.encode()).hexdigest()

    def sign_of(self, person: str) -> str:
        """Return a text that changes when a review of a person may find something new.

        That is: mail, decisions or the outbox changed, the local day of now or of the last
        complete poll is another, an account is in trouble, or the settings are others.
        """
        ((_person, sign, _is_due),) = self._signs((person,))
        return sign

    def review_is_due(self, person: str, sign: str | None = None) -> bool:
        """Tell whether a review of a person may find something new.

        Args:
            sign: what `sign_of` gave, when it is known already.
        """
        if sign is None:
            return self.due_sign(person) is not None
        with self.store.transaction(read_only=True) as tx:
            return tx.setting(_SIGN + person) != sign

    def due_sign(self, person: str) -> str | None:
        """Return `sign_of` a person where a review is due; None where it would find nothing new."""
        ((_person, sign, is_due),) = self._signs((person,))
        return sign if is_due else None

    def people_due(self) -> tuple[str, ...]:
        """Return whose review may find something new; looks at everyone in one transaction."""
        return tuple(person for person, _sign, is_due in self._signs(self.people(None)) if is_due)

    def _signs(self, people: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
        """Yield of each person the name, the sign, and whether it is another than at the review."""
        now = self.now()
        today = local_day(now)
        names = [notifier.name for notifier in self.notifiers]
        self._first_run(now)  # which may write
        with self.store.transaction(read_only=True) as tx:
            shared = (
                self._ways,
                today.isoformat(),
                json.dumps({c: d.isoformat() for c, d in sorted(paused_cases(tx, today).items())}),
                *(f"{name}: {why_disabled(tx, name)}" for name in names),
            )
            for person in people:
                health = self._health_in(tx, person, now)
                ends = [one.last_complete_at for one in health if one.last_complete_at is not None]
                as_of = min(ends) if ends and len(ends) == len(health) else None
                own = (
                    local_day(as_of).isoformat() if as_of is not None else "",
                    tx.revision(person, as_of or now),
                    *notices(health),
                )
                sign = hashlib.sha256("\n".join((*shared, *own)).encode()).hexdigest()
                yield person, sign, tx.setting(_SIGN + person) != sign

    def remember_sign(self, person: str, sign: str) -> None:
        """Remember what a person looked like before the review that is now over."""
        with self.store.transaction(durable=False) as tx:
            tx.set_setting(_SIGN + person, sign)
