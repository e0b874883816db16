"""Which ids are of our talk with bodies, as a poll has to know it. Only reads the store."""

from __future__ import annotations

from collections.abc import Iterable

from inboxwatch.application.ports import Store

_MANY = 200  # ids asked for at once from which on it is cheaper to know them all


class Ours:
    """Tells whether an id is of our talk with bodies; learns the ids of this poll as they come.

    Mail of theirs counts too: a case system often answers to the acknowledgement alone.
    """

    def __init__(self, store: Store, person: str) -> None:
        self._store = store
        self._person = person
        self._every: frozenset[str] | None = None
        self._asked: dict[str, bool] = {}
        self._learned: set[str] = set()

    def learn(self, message_id: str) -> None:
        """Note an id that came with this poll."""
        self._learned.add(message_id)

    def expect(self, message_ids: Iterable[str]) -> None:
        """Look up some ids that will be asked about, in one question to the store."""
        unknown = set(message_ids) - self._asked.keys()
        if self._every is not None or not unknown:
            return
        if len(unknown) > _MANY:
            self._load()
            return
        with self._store.transaction(read_only=True) as tx:
            found = tx.message_ids(self._person, unknown)
        self._asked.update((message_id, message_id in found) for message_id in unknown)

    def every(self) -> frozenset[str]:
        """Return every id of ours known so far."""
        return self._load() | self._learned

    def __call__(self, message_id: str) -> bool:
        """Tell whether an id is ours; loads all of them when it was not expected."""
        if message_id in self._learned:
            return True
        if self._every is None and message_id in self._asked:
            return self._asked[message_id]
        return message_id in self._load()

    def _load(self) -> frozenset[str]:
        if self._every is None:
            with self._store.transaction(read_only=True) as tx:
                self._every = tx.message_ids(self._person)
        return self._every
