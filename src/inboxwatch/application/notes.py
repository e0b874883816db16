"""Notes to the user, kept until a digest that holds them has gone out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from inboxwatch.application.digest import DIGEST
from inboxwatch.application.payload import read_digest
from inboxwatch.application.ports import Transaction
from inboxwatch.application.records import DeliveryState

_NAME = "notes:"


def notes_name(person: str) -> str:
    """Return the name of the setting in which a person's notes are kept."""
    return _NAME + person


def add_notes(tx: Transaction, person: str, notes: Iterable[str], *, at: datetime) -> None:
    """Remember notes for a person's next digest."""
    new = [[at.isoformat(), note] for note in notes]
    if new:
        _write(tx, person, [*_read(tx, person), *new])


def notes_to_tell(tx: Transaction, person: str) -> tuple[str, ...]:
    """Return the notes no digest has told yet, oldest first; those that were told are dropped."""
    known = _read(tx, person)
    if not known:
        return ()
    oldest = min(datetime.fromisoformat(at) for at, _ in known)
    told = [
        (delivery.created_at, frozenset(read_digest(delivery.payload).situation.notes))
        for delivery in tx.deliveries(person)
        if delivery.type == DIGEST
        and delivery.state is DeliveryState.SENT
        and delivery.payload
        and delivery.created_at >= oldest
    ]
    left = [
        [at, note]
        for at, note in known
        if not any(when >= datetime.fromisoformat(at) and note in notes for when, notes in told)
    ]
    if left != known:
        _write(tx, person, left)
    return tuple(dict.fromkeys(note for _, note in left))


def _read(tx: Transaction, person: str) -> list[list[str]]:
    return [list(pair) for pair in json.loads(tx.setting(notes_name(person)) or "[]")]


def _write(tx: Transaction, person: str, notes: list[list[str]]) -> None:
    tx.set_setting(notes_name(person), json.dumps(notes))
