"""A few new messages, told of in one answer. What is not ours is looked at by its header alone."""

from __future__ import annotations

from collections.abc import Iterable

from inboxwatch.adapters.imap import answers
from inboxwatch.adapters.imap.answers import Items
from inboxwatch.adapters.imap.reading import FolderReading, Found
from inboxwatch.adapters.imap.tokens import Garbled, Response
from inboxwatch.adapters.imap.wire import Reply


class Few:
    """The messages from a UID on, whose headers and structure were asked for at once.

    `uids` has those that were told of, in order.
    """

    def __init__(self, reply: Reply, first: int) -> None:
        self._reply = reply
        self._usual: dict[int, tuple[bytes, Response]] = {}  # by UID: header, the whole answer
        others: list[Response] = []
        for response in reply.untagged:
            told = answers.header_of(response)
            if told is None or told[0] in self._usual:
                others.append(response)
            else:
                self._usual[told[0]] = (told[1], response)
        self._items, self._garbled = answers.fetched_all(others)
        told_of = self._usual.keys() | self._items.keys() | self._garbled
        # `n:*` names the last message even where it is older than n.
        self.uids = tuple(sorted(uid for uid in told_of if uid >= first))

    def read(self, reading: FolderReading) -> Found:
        """Return what of them is ours to read."""
        found = Found(uids=self.uids, looked=len(self.uids))
        learned = len(reading.interest.learned)
        ours = self._read(self.uids, reading, found)
        if len(reading.interest.learned) > learned:
            # A message of ours came among them: who names it?
            self._read([uid for uid in self.uids if uid not in ours], reading, found)
        return found

    def _read(self, uids: Iterable[int], reading: FolderReading, into: Found) -> set[int]:
        """Read those of some messages that are ours; return their UIDs."""
        headers = {uid: self._usual[uid][0] for uid in uids if uid in self._usual}
        reading.interest.expect(headers.values())
        wanted = [u for u in uids if u not in headers or reading.why(headers[u]) is not None]
        for uid in headers.keys() & set(wanted):
            try:
                self._items[uid] = self._merged(uid)
            except Garbled:
                self._garbled.add(uid)
        part = Found(uids=tuple(wanted))
        heads = reading.heads_of([self._reply], (self._items, self._garbled), part)
        reading.finish(heads, part)
        into.arrivals += part.arrivals
        into.unreadable += part.unreadable
        return {head.uid for head in heads}

    def _merged(self, uid: int) -> Items:
        return {**self._items.get(uid, {}), **answers.fetched(self._usual[uid][1])}
