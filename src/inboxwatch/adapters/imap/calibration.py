"""Tells whether a server's SEARCH finds what is there, by a sample of headers. Reads no text."""

from __future__ import annotations

from collections.abc import Iterable

from inboxwatch.adapters.imap import answers, search
from inboxwatch.adapters.imap.addresses import addresses, fields
from inboxwatch.adapters.imap.interest import Interest, Why
from inboxwatch.adapters.imap.session import HEADERS, Session
from inboxwatch.adapters.imap.tokens import Garbled
from inboxwatch.adapters.imap.uidset import compress
from inboxwatch.adapters.imap.wire import CommandRefused, Reply

_BLOCKS = 5  # of older messages: what is not indexed yet is new, what is lost is old
_BLOCK = 50
_MIN_EVIDENCE = 3  # messages of ours that SEARCH found, before it is believed without a probe


class Calibration:
    """A sample of the open folder: its newest messages, and a few blocks of older ones."""

    def __init__(self, session: Session, interest: Interest, exists: int) -> None:
        self._session = session
        self._interest = interest
        self._exists = exists
        self.ours: frozenset[int] = frozenset()  # the UIDs of the sample that are ours

    def commands(self, programs: Iterable[bytes]) -> list[bytes]:
        """Return the command that fetches the sample, and those that search it."""
        newest = max(self._session.limits.calibration - _BLOCKS * _BLOCK, 1)
        start = max(self._exists - newest + 1, 1)
        sets = [f"{start}:{self._exists}"]
        if start > _BLOCKS * _BLOCK:
            stride = (start - 1) // _BLOCKS
            sets += [f"{i * stride + 1}:{i * stride + _BLOCK}" for i in range(_BLOCKS)]
        sample = ",".join(sets).encode()
        searches = self._session.search(sample + b" " + program for program in programs)
        return [b"FETCH " + sample + b" " + HEADERS, *searches]

    def holds(self, reply: Reply, hits: frozenset[int]) -> bool:
        """Tell whether SEARCH found all of the sample that is ours.

        Where the sample holds too little of ours, it is asked for senders that the sample has.
        """
        blocks: dict[int, bytes] = {}
        if reply.is_ok:
            blocks.update(answers.headers(reply.untagged))
        return bool(blocks) and self.agrees(blocks, hits)

    def agrees(self, blocks: dict[int, bytes], hits: frozenset[int]) -> bool:
        """Tell whether SEARCH found all that is ours among headers by UID."""
        self.ours = frozenset(
            uid
            for uid, block in blocks.items()
            if self._interest.why(block, by_reference=False) is Why.ADDRESS
        )
        if not self.ours <= hits:
            return False
        return len(self.ours) >= _MIN_EVIDENCE or self._probes_hold(blocks)

    def _probes_hold(self, blocks: dict[int, bytes]) -> bool:
        senders = {
            uid: {a.rpartition("@")[2] for value in found for a in addresses(value)}
            for uid, block in blocks.items()
            if (found := fields(block).get(b"from"))
        }
        domains = [domain for found in senders.values() for domain in found]
        probes = search.probes(domains)
        within = b"UID " + compress(blocks).encode() + b" "
        programs = [within + b"FROM " + search.quoted(domain) for domain in probes]
        for domain, reply in zip(
            probes, self._session.run(self._session.search(programs)), strict=True
        ):
            try:
                hits = answers.found(reply.check().untagged)
            except (CommandRefused, Garbled):
                return False
            if not {uid for uid, found in senders.items() if domain in found} <= hits:
                return False
        return True
