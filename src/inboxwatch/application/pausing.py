"""Pause all reminders, or those of one case, and resume them: a wish, kept in the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from inboxwatch.application.ports import Store, Transaction
from inboxwatch.domain.verdict import Verdict

_PAUSED = "reminders-paused-until"
PAUSED_CASES = "reminders-paused-cases"
_FOR_EVER = "9999-12-31"


def pause(store: Store, *, until: date | None, case: str | None = None) -> None:
    """Send nothing before `until`, or until `resume`; of one case alone where it is named."""
    day = until.isoformat() if until else _FOR_EVER
    with store.transaction() as tx:
        if case is None:
            tx.set_setting(_PAUSED, day)
        else:
            tx.set_setting(PAUSED_CASES, json.dumps({**_cases(tx), case: day}))


def resume(store: Store, *, case: str | None = None) -> bool:
    """Send again; False when nothing was paused."""
    with store.transaction() as tx:
        if case is None:
            was_paused = bool(tx.setting(_PAUSED))
            tx.set_setting(_PAUSED, "")
            return was_paused
        cases = _cases(tx)
        was_paused = cases.pop(case, None) is not None
        tx.set_setting(PAUSED_CASES, json.dumps(cases))
        return was_paused


def is_paused(tx: Transaction, today: date) -> bool:
    """Tell whether reminders are paused on a local day."""
    until = tx.setting(_PAUSED)
    return bool(until) and today < date.fromisoformat(until or _FOR_EVER)


def paused_cases(tx: Transaction, today: date) -> dict[str, date]:
    """Return the cases that are silent on a local day, with the first day of reminders again."""
    until = {case: date.fromisoformat(day) for case, day in _cases(tx).items()}
    return {case: day for case, day in until.items() if today < day}


def silenced(verdicts: Iterable[Verdict], cases: Mapping[str, date]) -> tuple[Verdict, ...]:
    """Return the verdicts with those of silent cases snoozed; no fact changes."""
    return tuple(
        replace(v, snoozed_until=max(v.snoozed_until or cases[v.case], cases[v.case]))
        if v.case is not None and v.case in cases
        else v
        for v in verdicts
    )


def _cases(tx: Transaction) -> dict[str, str]:
    return dict(json.loads(tx.setting(PAUSED_CASES) or "{}"))
