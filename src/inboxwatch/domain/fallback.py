"""Find the talk of a message that names none: by server, case reference, subject or time. Pure.

One message is attached to one talk, with what answers it; two talks are never merged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxwatch.domain.candidates import SKEW, Candidates, Found
from inboxwatch.domain.keys import (
    REPORT_WITHIN_DAYS,
    case_key,
    case_references,
    is_near,
    near_key,
    quoted_lines,
    sent_key,
    server_key,
)
from inboxwatch.domain.sides import (
    MACHINE_KINDS,
    REPORT_KINDS,
    SPEAKING_KINDS,
    body_of_sender,
    homes,
    is_ours,
    reported_addresses,
    sender_address,
)
from inboxwatch.domain.subject import base_subject
from inboxwatch.domain.threads import Entry, Link, LinkKind

_TIMED_KINDS = MACHINE_KINDS - REPORT_KINDS


@dataclass(frozen=True, slots=True)
class Fallback:
    """Looks for the talk of one message."""

    choice: Candidates

    def find(self, entry: Entry) -> Found | None:
        """Return a message of the talk that an entry belongs to, and why; None when unsure."""
        kind = entry.classification.kind
        body = body_of_sender(entry.message, self.choice.watch)
        if kind in REPORT_KINDS:
            found = self._by_server(entry, body.name if body else None) or self._report(entry)
            if found is not None or body is None:
                return found
        if not (kind in SPEAKING_KINDS or kind in MACHINE_KINDS):
            return None
        if body is None:
            return self._of_a_system(entry)
        found = self._by_server(entry, body.name) or self._by_case(entry, body.name)
        if found is not None:
            return found
        if kind in MACHINE_KINDS:
            return self._machine_subject(entry, body.name) or self._by_time(entry, body.name)
        return self._by_subject(entry, body.name)

    def _by_server(self, entry: Entry, body: str | None) -> Found | None:
        keys = [server_key(key) for key in entry.message.thread_keys]
        until = datetime.max.replace(tzinfo=entry.at.tzinfo)
        talks = [n for n in self.choice.shelf.talks(keys) if self.choice.asks(n, body, until)]
        name = self.choice.only(talks)
        if name is None and body is not None:
            name = self.choice.only(self.choice.opened(talks, body, entry.at))
        if name is None:
            return None
        evidence = "the mail server keeps both in one conversation"
        if any(key.startswith("thread-index:") for key in entry.message.thread_keys):
            evidence = "its Thread-Index begins as that of a message here"
        return self.choice.first(name), Link(
            kind=LinkKind.SERVER_THREAD, evidence=evidence, confidence=0.97
        )

    def _by_case(self, entry: Entry, body: str) -> Found | None:
        for reference in case_references(entry):
            talks = self.choice.shelf.talks([case_key(body, reference)])
            name = self.choice.only(talks)
            if name is not None and self.choice.asks(name, body, entry.at + SKEW):
                return self.choice.first(name), Link(
                    kind=LinkKind.CASE_REFERENCE,
                    evidence=f"it carries the case reference {reference} seen here",
                    confidence=0.95,
                )
        return None

    def _of_a_system(self, entry: Entry) -> Found | None:
        """Find what a case system that names no body writes about, by its reference alone."""
        watch = self.choice.watch
        if watch.system_of(sender_address(entry.message)) is None:
            return None
        found = [self._by_case(entry, body.name) for body in watch.bodies]
        placed = [one for one in found if one is not None]
        return placed[0] if len(placed) == 1 else None

    def _by_subject(self, entry: Entry, body: str) -> Found | None:
        lines = quoted_lines(entry)
        talks: list[str] = []
        opened: list[str] = []
        for one in self.choice.recent(entry, body):
            talks.append(one)
            opened += self.choice.opened([one], body, entry.at + SKEW)
            if len(opened) > 1 and not lines:
                return None  # any of them, and nothing to tell which
        name = self.choice.only(opened)
        evidence = "the same subject, and the only open question with it"
        if name is None and not opened:
            name, evidence = (
                self.choice.only(talks),
                "the same subject, and the only thread with it",
            )
        elif name is None:
            name = self.choice.only(self.choice.shelf.quoted(lines).intersection(opened))
            evidence = "the same subject, and it quotes your message"
        if name is None:
            return None
        return self.choice.first(name), Link(
            kind=LinkKind.SUBJECT, evidence=evidence, confidence=0.85
        )

    def _machine_subject(self, entry: Entry, body: str) -> Found | None:
        latest = self.choice.latest(entry, body)
        if latest is None:
            return None
        return latest.message_id, Link(
            kind=LinkKind.SUBJECT,
            evidence="automatic, with the subject of your message before it",
            confidence=0.85,
        )

    def _by_time(self, entry: Entry, body: str) -> Found | None:
        if entry.classification.kind not in _TIMED_KINDS:
            return None
        keys = [near_key(body, entry.at, back) for back in (-1, 0, 1)]
        near = [
            e
            for key in keys
            for e in self.choice.shelf.at(key)
            if is_near(e.at, entry.at) and is_ours(e)
        ]
        sender = sender_address(entry.message)
        to_sender = [
            e for e in near if sender in {b.address for b in homes(e.message, self.choice.watch)}
        ]
        near = to_sender or near
        if not near:
            return None
        latest = max(near, key=lambda e: (e.at, e.message_id))
        seconds = max(int((entry.at - latest.at).total_seconds()), 0)
        how_long = f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes"
        return latest.message_id, Link(
            kind=LinkKind.TIMING, evidence=f"automatic, {how_long} after yours", confidence=0.8
        )

    def _report(self, entry: Entry) -> Found | None:
        """Find the message that a delivery or reading report without its id speaks of."""
        report = entry.message.report
        keys = [
            sent_key(address, entry.at, back)
            for address in reported_addresses(entry.message)
            for back in range(-1, REPORT_WITHIN_DAYS + 1)
        ]
        within = timedelta(days=REPORT_WITHIN_DAYS)
        about = {
            e.message_id: e
            for key in keys
            for e in self.choice.shelf.at(key)
            if -SKEW <= entry.at - e.at <= within
        }
        original = report.original_subject if report is not None else None
        base = base_subject(original or entry.message.subject)
        same = [e for e in about.values() if base_subject(e.message.subject) == base]
        candidates = same or ([] if original else list(about.values()))
        if not candidates:
            return None
        latest = max(candidates, key=lambda e: (e.at, e.message_id))
        return latest.message_id, Link(
            kind=LinkKind.REPORT,
            evidence="the report names the address that your message went to",
            confidence=0.9,
        )
