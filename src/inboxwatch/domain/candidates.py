"""The talks that a message may belong to, and how to choose among them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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

    def latest(self, entry: Entry, body: str) -> Entry | None:
        """Return our latest message in any talk with this subject, not too long ago."""
        base = base_subject(entry.message.subject)
        if not base:
            return None
        until = entry.at + SKEW
        found = self.shelf.latest_with(subject_key(body, base), body, until, entry.message_id)
        return found if found is not None and entry.at - found.at <= SUBJECT_WITHIN else None

    def recent(self, entry: Entry, body: str) -> Iterator[str]:
        """Yield the talks with this subject and a message of ours not too long ago."""
        base = base_subject(entry.message.subject)
        if not base:
            return
        for name in self.shelf.talks([subject_key(body, base)]):
            latest = self._latest(self.shelf[name].ours(self.watch, body), entry)
            if latest is not None and entry.at - latest.at <= SUBJECT_WITHIN:
                yield name

    def _latest(self, ours: list[Entry], entry: Entry) -> Entry | None:
        """Return the last of some messages of ours that was written before another one."""
        latest = None
        for one in reversed(ours):
            if one.at <= entry.at + SKEW and one.message_id != entry.message_id:
                if latest is None or (one.at, one.message_id) > (latest.at, latest.message_id):
                    latest = one
                if self.moment[one.message_id] == one.at:
                    break  # they stand in order of their moments, which are never before their time
        return latest
