"""Would a review find anything new? Told by cheap signs, so that a quiet account costs nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from inboxwatch.application.health import notices
from inboxwatch.application.outbox import why_disabled
from inboxwatch.application.pausing import paused_cases
from inboxwatch.bootstrap.known import Known
from inboxwatch.domain.london import LONDON, local_day

_SIGN = "reviewed:"


@dataclass(frozen=True, slots=True)
class _Quiet:
    """A review of a person would have found nothing new: on this day, of this version.

    Time alone brings nothing before `until`; None where that is not known.
    """

    version: str
    day: date
    until: datetime | None


@dataclass
class Fresh(Known):
    """What is known, and whether it changed since a person was last reviewed."""

    _quiet: dict[str, _Quiet] = field(default_factory=dict, init=False)

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
        """Return whose review may find something new.

        Looks at those alone of whom something was written or time may have brought something
        since the last look, in one transaction.
        """
        version, now = self.store.version(), self.now()
        today = local_day(now)

        def is_quiet(person: str) -> bool:
            known = self._quiet.get(person)
            return (
                known is not None
                and known.until is not None
                and (known.version, known.day) == (version, today)
                and now < known.until
            )

        people = [person for person in self.people(None) if not is_quiet(person)]
        return tuple(person for person, _sign, is_due in self._signs(people) if is_due)

    def is_as_it_was(self, person: str, version: str) -> bool:
        """Tell whether no review of a person was due, today, when the store had this version."""
        known = self._quiet.get(person)
        return known is not None and (known.version, known.day) == (
            version,
            local_day(self.now()),
        )

    def _signs(self, people: Collection[str]) -> Iterator[tuple[str, str, bool]]:
        """Yield of each person the name, the sign, and whether it is another than at the review."""
        if not people:
            return
        now = self.now()
        today = local_day(now)
        tonight = datetime.combine(today + timedelta(days=1), time(), LONDON).astimezone(UTC)
        names = [notifier.name for notifier in self.notifiers]
        accounts = [account for person in people for account in self.accounts_of(person)]
        self._first_run(now)  # which may write
        version = self.store.version()
        health_of = self._health_of(accounts, now)
        with self.store.transaction(read_only=True) as tx:
            tx.settings([_SIGN + person for person in people])  # all of them at once
            shared = (
                self._ways,
                today.isoformat(),
                json.dumps({c: d.isoformat() for c, d in sorted(paused_cases(tx, today).items())}),
                *(f"{name}: {why_disabled(tx, name)}" for name in names),
            )
            for person in people:
                health = tuple(health_of[account] for account in self.accounts_of(person))
                ends = [one.last_complete_at for one in health if one.last_complete_at is not None]
                as_of = min(ends) if ends and len(ends) == len(health) else None
                own = (
                    local_day(as_of).isoformat() if as_of is not None else "",
                    tx.revision(person, as_of or now),
                    *notices(health),
                )
                sign = hashlib.sha256("\n".join((*shared, *own)).encode()).hexdigest()
                is_due = tx.setting(_SIGN + person) != sign
                if not is_due:
                    # Further polls of today change nothing of it, unless they make an account
                    # well again or mail is dated later.
                    is_steady = (
                        as_of is not None
                        and local_day(as_of) == today
                        and all(one.is_well for one in health)
                        and tx.revision(person, tonight) == own[1]
                    )
                    changes = [one.changes_at for one in health if one.changes_at is not None]
                    until = min(changes, default=tonight) if is_steady else None
                    self._quiet[person] = _Quiet(version, today, until)
                yield person, sign, is_due

    def remember_sign(self, person: str, sign: str) -> None:
        """Remember what a person looked like before the review that is now over."""
        with self.store.transaction(durable=False) as tx:
            tx.set_setting(_SIGN + person, sign)
