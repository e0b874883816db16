"""Which stored mail may be deleted: by age or by case. Decides; the store deletes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxwatch.application.picture import Picture
from inboxwatch.application.ports import Transaction
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.verdict import Status, Verdict

FINISHED = frozenset({Status.ANSWERED, Status.CLOSED})
_LEAP = timedelta(days=31)  # longer between two looks, and the clock may have jumped
_STEADY = timedelta(hours=20)  # of going on plausibly
_STEADY_SINCE, _LOOKED_AT = "retention-steady-since", "retention-looked-at"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgePlan:
    """What would be deleted."""

    message_ids: tuple[str, ...]
    threads: int


def purge_age(picture: Picture, *, before: datetime) -> PurgePlan:
    """Plan to delete finished threads and unplaced mail whose newest message is older.

    Threads that still wait are evidence and stay, however old. A message that also stands in
    a thread that stays is kept.
    """
    old = [
        v
        for v in picture.verdicts
        if v.status in FINISHED and max(p.entry.at for p in v.thread.placed) < before
    ]
    loose = [u.entry.message_id for u in picture.unplaced if u.entry.at < before]
    return _plan(picture, old, loose)


def may_delete_by_clock(tx: Transaction, now: datetime) -> bool:
    """Tell whether the clock can be believed when it says that mail is old enough to delete.

    A clock set a year ahead by mistake would take a year of mail with it. So after a leap, or at
    the first look, nothing is deleted until the clock has gone on steadily for most of a day.

    Args:
        now: aware UTC; remembered as the last look.
    """
    looked, since = tx.setting(_LOOKED_AT), tx.setting(_STEADY_SINCE)
    tx.set_setting(_LOOKED_AT, now.isoformat())
    if looked and since and timedelta() <= now - datetime.fromisoformat(looked) <= _LEAP:
        return now - datetime.fromisoformat(since) >= _STEADY
    tx.set_setting(_STEADY_SINCE, now.isoformat())
    return False


def purge_case(picture: Picture, case: str) -> PurgePlan:
    """Plan to delete every thread of a case, finished or not.

    Raises:
        ConfigError: no thread is in that case.
    """
    found = [v for v in picture.verdicts if v.case == case]
    if not found:
        known = sorted({v.case for v in picture.verdicts if v.case})
        raise ConfigError(
            f"no thread is in case '{case}'",
            remedy=f"Known cases: {', '.join(known)}." if known else "There are no cases yet.",
        )
    return _plan(picture, found, [])


def _plan(picture: Picture, chosen: list[Verdict], loose: Iterable[str]) -> PurgePlan:
    ids = {v.thread.id for v in chosen}
    kept = {
        p.entry.message_id
        for v in picture.verdicts
        if v.thread.id not in ids
        for p in v.thread.placed
    }
    gone = {p.entry.message_id for v in chosen for p in v.thread.placed} | set(loose)
    return PurgePlan(message_ids=tuple(sorted(gone - kept)), threads=len(chosen))
