"""The messages that one review has in hand: each read once, in the newest judgement of it."""

from __future__ import annotations

from collections.abc import Iterable

from inboxwatch.application.ports import Transaction
from inboxwatch.domain.threads import Entry


class Shelf:
    """Reads a person's messages inside one transaction, by id and by key."""

    def __init__(self, tx: Transaction, person: str) -> None:
        self._tx = tx
        self._person = person
        self._known: dict[str, Entry] = {}
        self._absent: set[str] = set()

    def get(self, message_ids: Iterable[str]) -> dict[str, Entry]:
        """Return those of some messages that are stored, by id."""
        wanted = tuple(dict.fromkeys(message_ids))
        missing = [one for one in wanted if one not in self._known and one not in self._absent]
        if missing:
            for entry in self._tx.entries(self._person, missing):
                self._known[entry.message_id] = entry
            self._absent.update(one for one in missing if one not in self._known)
        return {one: self._known[one] for one in wanted if one in self._known}

    def sharing(self, keys: frozenset[str]) -> tuple[Entry, ...]:
        """Return the messages that have any of some keys."""
        if not keys:
            return ()
        found = self._tx.entries_sharing(self._person, keys, self._known)
        self._known.update((entry.message_id, entry) for entry in found)
        return found

    def put(self, entry: Entry) -> None:
        """Take a newer judgement of a message."""
        self._known[entry.message_id] = entry
