"""The talks that a message may belong to, and how to choose among them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import subject_key
from inboxwatch.domain.subject import base_subject
from inboxwatch.domain.talks import Shelf
from inboxwatch.domain.threads import Entry, Link

SUBJECT_WITHIN = timedelta(days=90)
SKEW = timedelta(minutes=5)  # two clocks may differ by that much

Found = tuple[str, Link]  # a message of the talk, and why


@dataclass(frozen=True, slots=True)
class Candidates:
    """Answers questions about the talks on a shelf."""

    shelf: Shelf
    watch: Watch
    moment: Mapping[str, datetime]

    def only(self, names: Iterable[str]) -> str | None:
        """Return the one name there is, None for none or several."""
        found = list(names)
        return found[0] if len(found) == 1 else None

    def opened(self, names: Iterable[str], body: str, at: datetime) -> list[str]:
        """Return the talks in which a question to the body stood open at a moment."""
        return [
            name for name in names if self.shelf[name].is_open(body, at, self.watch, self.moment)
        ]

    def asks(self, name: str, body: str | None, until: datetime) -> bool:
        """Tell whether a talk has a message of ours to the body, written before."""
        return any(e.at <= until for e in self.shelf[name].ours(self.watch, body))

    def first(self, name: str) -> str:
        """Return the id of a talk's first message."""
        return self.shelf[name].entries[0].message_id

    def recent(self, entry: Entry, body: str) -> list[tuple[str, Entry]]:
        """Return the talks with this subject and our latest message in each, not too long ago."""
        base = base_subject(entry.message.subject)
        if not base:
            return []
        found = []
        for name in self.shelf.talks([subject_key(body, base)]):
            before = [
                e
                for e in self.shelf[name].ours(self.watch, body)
                if e.at <= entry.at + SKEW and e.message_id != entry.message_id
            ]
            if before:
                latest = max(before, key=lambda e: (e.at, e.message_id))
                if entry.at - latest.at <= SUBJECT_WITHIN:
                    found.append((name, latest))
        return found
