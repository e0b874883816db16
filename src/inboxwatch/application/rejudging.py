"""Judge changed messages in their surroundings, and those whose surroundings they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from inboxwatch.application.ports import Transaction
from inboxwatch.application.reading import (
    ALONE,
    Place,
    Surroundings,
    direction_of,
    judged_among,
    place_of,
    text_mark,
)
from inboxwatch.application.shelf import Shelf
from inboxwatch.domain.evidence.timing import AT_ONCE, OFTEN
from inboxwatch.domain.keys import soon_key
from inboxwatch.domain.links import named
from inboxwatch.domain.message import Message
from inboxwatch.domain.sides import bodies_of, body_of_sender
from inboxwatch.domain.threads import Direction, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudging:
    """Gives messages the judgement that `read_all` over all mail would.

    A judgement depends on the message, and on few others: our messages that it names, ours to
    that body within `AT_ONCE` before it (an older one that it does not name tells nothing), and
    whether its text came before from its sender, up to `OFTEN` times.
    """

    tx: Transaction
    person: str
    shelf: Shelf
    around: Surroundings
    _texts: dict[tuple[str, str, str], tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    def reach(self, changed: Iterable[Entry]) -> set[str]:
        """Return the ids of all messages whose judgement some changed ones can alter."""
        reached: set[str] = set()
        keys: set[str] = set()
        for entry in changed:
            reached.add(entry.message_id)
            if entry.direction is Direction.SENT:
                keys.add(f"id:{entry.message_id}")
                for body in bodies_of(entry, self.around.watch):
                    keys |= {soon_key(body, entry.at, back) for back in (0, -1)}
            else:
                _, later = self._same_texts(entry.message, entry)
                reached.update(later)
        reached.update(entry.message_id for entry in self.shelf.sharing(frozenset(keys)))
        return reached

    def judged(self, message_ids: Iterable[str]) -> list[tuple[Entry, frozenset[str]]]:
        """Judge messages anew; return those whose judgement is another than before, and the keys
        that they had not.
        """
        found = []
        for before in self.shelf.get(message_ids).values():
            after = judged_among(before.message, self.around, self._place(before), before)
            if after != before:
                had = self.shelf.keys_of(before)
                self.shelf.put(after)
                found.append((after, self.shelf.keys_of(after) - had))
        return found

    def _place(self, entry: Entry) -> Place:
        message = entry.message
        if self._is_ours(message):
            return ALONE
        others = self.shelf.get(named(message)).values()
        answered = [other.at for other in others if self._is_ours(other.message)]
        seen, _ = self._same_texts(message, entry)
        return place_of(
            message, answered, () if answered else self._just_before(message), seen=seen
        )

    def _is_ours(self, message: Message) -> bool:
        return direction_of(message, self.around.watch) is Direction.SENT

    def _just_before(self, message: Message) -> list[Message]:
        """Return our messages to a body that its machine may answer here."""
        body = body_of_sender(message, self.around.watch)
        if body is None:
            return []
        keys = frozenset(soon_key(body.name, message.at, back) for back in (0, 1))
        return [
            entry.message
            for entry in self.shelf.sharing(keys)
            if self._is_ours(entry.message)
            and message.at - AT_ONCE <= entry.at < message.at
            and body.name in bodies_of(entry, self.around.watch)
        ]

    def _same_texts(self, message: Message, known: Entry) -> tuple[int, tuple[str, ...]]:
        sender, text = text_mark(message, known)
        if not text:
            return 0, ()
        mark = (message.message_id, sender, text)
        if mark not in self._texts:
            self._texts[mark] = self.tx.texts_around(
                self.person, sender, text, message.at, message.message_id, at_most=OFTEN
            )
        return self._texts[mark]
