"""Which folders are to be looked through once more: a message of ours was found after them.

People file what they sent. An answer from another domain is known only by the message it names,
and that may lie in a folder that is read later, or come there later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from inboxwatch.adapters.imap.interest import Interest
from inboxwatch.application.records import FolderBatch, FolderState
from inboxwatch.domain.message import FolderRole

_CLOCKS_DIFFER = timedelta(days=2)


class Again:
    """Follows a poll: what was read, and what of ours was not known at that time."""

    def __init__(self, interest: Interest) -> None:
        self._interest = interest
        self._read: dict[str, tuple[FolderState, int]] = {}
        self._said: set[str] = set()

    def note(self, batch: FolderBatch) -> None:
        """Note a batch; one that ends its folder counts."""
        if batch.complete:
            self._read[batch.state.folder] = (batch.state, len(self._interest.discovered))

    def marks(self) -> Iterator[FolderBatch]:
        """Yield the word to look through a folder, once each: a poll cut short leaves it behind."""
        for state in self.due():
            if state.folder not in self._said:
                self._said.add(state.folder)
                yield FolderBatch(state=state)

    def due(self) -> tuple[FolderState, ...]:
        """Return the folders to look through, in a state that says so."""
        return tuple(
            replace(state, scan_cursor=state.uidnext)
            for state, known in self._read.values()
            if known < len(self._interest.discovered)
            and state.messages
            and state.role is not FolderRole.SENT
        )

    def since(self, folder: str, horizon: datetime | None) -> datetime:
        """Return the moment before which nothing there can be an answer, or is to be read."""
        _state, known = self._read[folder]
        first = min(self._interest.discovered[known:]) - _CLOCKS_DIFFER
        return first if horizon is None else max(first, horizon)
