"""Pause all reminders and resume them: a wish, remembered in the store."""

from __future__ import annotations

from datetime import date

from inboxwatch.application.ports import Store, Transaction

_PAUSED = "reminders-paused-until"
_FOR_EVER = "9999-12-31"


def pause(store: Store, *, until: date | None) -> None:
    """Send nothing before `until`, or until `resume`."""
    with store.transaction() as tx:
        tx.set_setting(_PAUSED, until.isoformat() if until else _FOR_EVER)


def resume(store: Store) -> None:
    """Send again."""
    with store.transaction() as tx:
        tx.set_setting(_PAUSED, "")


def is_paused(tx: Transaction, today: date) -> bool:
    """Tell whether reminders are paused on a local day."""
    until = tx.setting(_PAUSED)
    return bool(until) and today < date.fromisoformat(until or _FOR_EVER)
