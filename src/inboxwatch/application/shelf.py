"""The messages that one review has in hand: each read once, in the newest judgement of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from inboxwatch.application.ports import Transaction
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import APART, facing, is_timed, keys, soon_key
from inboxwatch.domain.sides import bodies_of, is_ours
from inboxwatch.domain.threads import Entry


class Shelf:
    """Reads a person's messages inside one transaction, by id and by key; each key once.

    `watch` is the list that the stored keys were made for.
    """

    def __init__(self, tx: Transaction, person: str, watch: Watch) -> None:
        self._tx = tx
        self._person = person
        self._watch = watch
        self._known: dict[str, Entry] = {}
        self._keys: dict[str, tuple[Entry, frozenset[str]]] = {}  # by id, of that judgement
        self._absent: set[str] = set()
        self._asked: set[str] = set()
        self._by_key: dict[str, set[str]] = {}

    def get(self, message_ids: Iterable[str]) -> dict[str, Entry]:
        """Return those of some messages that are stored, by id."""
        wanted = tuple(dict.fromkeys(message_ids))
        missing = [one for one in wanted if one not in self._known and one not in self._absent]
        if missing:
            for entry in self._tx.entries(self._person, missing):
                self.put(entry)
            self._absent.update(one for one in missing if one not in self._known)
        return {one: self._known[one] for one in wanted if one in self._known}

    def sharing(self, wanted: Iterable[str]) -> tuple[Entry, ...]:
        """Return the messages that have any of some keys."""
        every = frozenset(wanted)
        missing = every - self._asked
        if missing:
            self._asked |= missing
            for entry in self._tx.entries_sharing(self._person, missing, self._known):
                self.keys_of(self._known.setdefault(entry.message_id, entry))
        found = {one for key in every for one in self._by_key.get(key, ())}
        return tuple(self._known[one] for one in sorted(found))

    def latest(self, wanted: Iterable[tuple[str, datetime]]) -> tuple[Entry, ...]:
        """Return the last message of ours before each moment that has the key given with it."""
        pairs = frozenset(wanted)
        sent = self._tx.sent_with(self._person, frozenset(key for key, _ in pairs))
        found = {
            max(before)[1]
            for key, moment in pairs
            if (before := [(at, one) for at, one in sent.get(key, ()) if at < moment])
        }
        return tuple(self.get(sorted(found)).values())

    def put(self, entry: Entry) -> None:
        """Take a newer judgement of a message."""
        self._known[entry.message_id] = entry
        if entry.message_id in self._keys:
            self.keys_of(entry)

    def keys_of(self, entry: Entry) -> frozenset[str]:
        """Return every key of a message; it is found by them from now on."""
        one = entry.message_id
        known = self._keys.get(one)
        if known is None or known[0] is not entry:
            self._keys[one] = known = (entry, keys(entry, self._watch))
            for key in known[1]:
                self._by_key.setdefault(key, set()).add(one)
        return known[1]

    def look_around(self, entries: Iterable[Entry]) -> None:
        """Read at once what may matter to some messages, to be asked for later."""
        wanted: set[str] = set()
        for entry in entries:
            own = self.keys_of(entry)
            wanted |= {facing(k) for k in own if not is_timed(k) and not k.startswith(APART)}
            backs = (0, -1) if is_ours(entry) else (0, 1)
            for body in bodies_of(entry, self._watch):
                wanted |= {soon_key(body, entry.at, back) for back in backs}
        self.sharing(wanted)
