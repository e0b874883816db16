"""Find the talk of a message that names none: by server, case reference, subject or time. Pure.

One message is attached to one talk, with what answers it; two talks are never merged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.keys import (
    NEAR,
    REPORT_WITHIN_DAYS,
    case_key,
    case_references,
    is_bare,
    line_key,
    near_key,
    own_lines,
    quoted_lines,
    sent_key,
    server_key,
    subject_key,
)
from inboxwatch.domain.sides import (
    MACHINE_KINDS,
    REPORT_KINDS,
    SPEAKING_KINDS,
    asked,
    body_of_sender,
    homes,
    is_ours,
    sender_address,
)
from inboxwatch.domain.subject import base_subject, is_forward, is_reply
from inboxwatch.domain.talks import Shelf
from inboxwatch.domain.threads import Entry, Link, LinkKind

SUBJECT_WITHIN = timedelta(days=90)
_SKEW = timedelta(minutes=5)  # two clocks may differ by that much
_NEAR_SKEW = timedelta(minutes=2)
_TIMED_KINDS = MACHINE_KINDS - REPORT_KINDS

Found = tuple[str, Link]  # a message of the talk, and why


def is_follow_up(entry: Entry) -> bool:
    """Tell whether a message of ours that names no other looks like a further one."""
    if not is_bare(entry):
        return False
    subject = entry.message.subject
    return (
        is_reply(subject)
        or is_forward(subject)
        or bool(entry.message.quoted_text.strip())
        or bool(_subject_references(entry))
    )


def _subject_references(entry: Entry) -> tuple[str, ...]:
    subject = "".join(c for c in entry.message.subject.casefold() if c.isalnum())
    return tuple(
        ref
        for ref in case_references(entry)
        if "".join(c for c in ref.casefold() if c.isalnum()) in subject
    )


@dataclass(frozen=True, slots=True)
class Fallback:
    """Looks for the talk of one message."""

    shelf: Shelf
    watch: Watch
    moment: Mapping[str, datetime]

    def find(self, entry: Entry) -> Found | None:
        """Return a message of the talk that an entry belongs to, and why; None when unsure."""
        if is_ours(entry):
            return self._follow_up(entry) if is_follow_up(entry) else None
        kind = entry.classification.kind
        body = body_of_sender(entry.message, self.watch)
        if kind in REPORT_KINDS:
            found = self._by_server(entry, body.name if body else None) or self._report(entry)
            if found is not None or body is None:
                return found
        if body is None or not (kind in SPEAKING_KINDS or kind in MACHINE_KINDS):
            return None
        found = self._by_server(entry, body.name) or self._by_case(entry, body.name)
        if found is not None:
            return found
        if kind in MACHINE_KINDS:
            return self._machine_subject(entry, body.name) or self._by_time(entry, body.name)
        return self._by_subject(entry, body.name)

    def _only(self, names: Iterable[str]) -> str | None:
        found = list(names)
        return found[0] if len(found) == 1 else None

    def _open(self, names: Iterable[str], body: str, at: datetime) -> list[str]:
        return [
            name for name in names if self.shelf[name].is_open(body, at, self.watch, self.moment)
        ]

    def _asks(self, name: str, body: str | None, until: datetime) -> bool:
        """Tell whether a talk has a message of ours to the body, written before."""
        return any(e.at <= until for e in self.shelf[name].ours(self.watch, body))

    def _first(self, name: str) -> str:
        return self.shelf[name].entries[0].message_id

    def _by_server(self, entry: Entry, body: str | None) -> Found | None:
        keys = [server_key(key) for key in entry.message.thread_keys]
        until = datetime.max.replace(tzinfo=entry.at.tzinfo)
        talks = [n for n in self.shelf.talks(keys) if self._asks(n, body, until)]
        name = self._only(talks)
        if name is None and body is not None:
            name = self._only(self._open(talks, body, entry.at))
        if name is None:
            return None
        evidence = "the mail server keeps both in one conversation"
        if any(key.startswith("thread-index:") for key in entry.message.thread_keys):
            evidence = "its Thread-Index begins as that of a message here"
        return self._first(name), Link(
            kind=LinkKind.SERVER_THREAD, evidence=evidence, confidence=0.97
        )

    def _by_case(self, entry: Entry, body: str) -> Found | None:
        for reference in case_references(entry):
            talks = self.shelf.talks([case_key(body, reference)])
            name = self._only(talks)
            if name is not None and self._asks(name, body, entry.at + _SKEW):
                return self._first(name), Link(
                    kind=LinkKind.CASE_REFERENCE,
                    evidence=f"it carries the case reference {reference} seen here",
                    confidence=0.95,
                )
        return None

    def _recent(self, entry: Entry, body: str) -> list[tuple[str, Entry]]:
        """Return the talks with this subject and our latest message in each, not too long ago."""
        base = base_subject(entry.message.subject)
        if not base:
            return []
        found = []
        for name in self.shelf.talks([subject_key(body, base)]):
            before = [
                e
                for e in self.shelf[name].ours(self.watch, body)
                if e.at <= entry.at + _SKEW and e.message_id != entry.message_id
            ]
            if before:
                latest = max(before, key=lambda e: (e.at, e.message_id))
                if entry.at - latest.at <= SUBJECT_WITHIN:
                    found.append((name, latest))
        return found

    def _by_subject(self, entry: Entry, body: str) -> Found | None:
        talks = [name for name, _ in self._recent(entry, body)]
        opened = self._open(talks, body, entry.at + _SKEW)
        name = self._only(opened)
        evidence = "the same subject, and the only open question with it"
        if name is None and not opened:
            name, evidence = self._only(talks), "the same subject, and the only thread with it"
        elif name is None:
            name = self._only(n for n in opened if self._is_quoted(n, entry))
            evidence = "the same subject, and it quotes your message"
        if name is None:
            return None
        return self._first(name), Link(kind=LinkKind.SUBJECT, evidence=evidence, confidence=0.85)

    def _is_quoted(self, name: str, entry: Entry) -> bool:
        quoted = set(quoted_lines(entry))
        ours = self.shelf[name].ours(self.watch)
        return any(not quoted.isdisjoint(own_lines(e)) for e in ours)

    def _machine_subject(self, entry: Entry, body: str) -> Found | None:
        recent = self._recent(entry, body)
        if not recent:
            return None
        _, latest = max(recent, key=lambda pair: (pair[1].at, pair[1].message_id))
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
            for e in self.shelf.at(key)
            if -_NEAR_SKEW <= entry.at - e.at <= NEAR and is_ours(e)
        ]
        sender = sender_address(entry.message)
        to_sender = [e for e in near if sender in {b.address for b in homes(e.message, self.watch)}]
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
        if report is None:
            return None
        keys = [
            sent_key(one.address, entry.at, back)
            for one in report.recipients
            for back in range(-1, REPORT_WITHIN_DAYS + 1)
        ]
        within = timedelta(days=REPORT_WITHIN_DAYS)
        about = {
            e.message_id: e
            for key in keys
            for e in self.shelf.at(key)
            if -_SKEW <= entry.at - e.at <= within
        }
        base = base_subject(report.original_subject or entry.message.subject)
        same = [e for e in about.values() if base_subject(e.message.subject) == base]
        candidates = same or ([] if report.original_subject else list(about.values()))
        if not candidates:
            return None
        latest = max(candidates, key=lambda e: (e.at, e.message_id))
        return latest.message_id, Link(
            kind=LinkKind.REPORT,
            evidence="the report names the address that your message went to",
            confidence=0.9,
        )

    def _follow_up(self, entry: Entry) -> Found | None:
        """Find the talk that a message of ours without any link goes on with."""
        boxes = asked(entry.message, self.watch)
        mine = {box.address for box in boxes}
        subject = entry.message.subject

        def goes_on(name: str) -> bool:
            talk = self.shelf[name]
            return any(
                e.at <= entry.at
                and (
                    mine & {b.address for b in homes(e.message, self.watch)}
                    if is_ours(e)
                    else sender_address(e.message) in mine
                )
                for e in talk.entries
            )

        for body in dict.fromkeys(box.body for box in boxes):
            server = [server_key(key) for key in entry.message.thread_keys]
            name = self._only(n for n in self.shelf.talks(server) if goes_on(n))
            if name is not None and (is_reply(subject) or is_forward(subject)):
                return self._first(name), Link(
                    kind=LinkKind.SERVER_THREAD,
                    evidence="the mail server keeps both in one conversation",
                    confidence=0.97,
                )
            lines = [
                line_key(b.address, line)
                for b in boxes
                if b.body == body
                for line in quoted_lines(entry)
            ]
            quoted = self._open(self.shelf.talks(lines), body, entry.at)
            name = self._only(n for n in quoted if goes_on(n))
            if name is not None:
                return self._first(name), Link(
                    kind=LinkKind.QUOTATION,
                    evidence="it quotes your own message to the same address",
                    confidence=0.9,
                )
            references = [case_key(body, ref) for ref in _subject_references(entry)]
            issued = {
                self.shelf.talk_of(e)
                for key in references
                for e in self.shelf.at(key)
                if e.at <= entry.at
            }
            name = self._only(n for n in self._open(sorted(issued), body, entry.at) if goes_on(n))
            if name is not None and len(issued) == 1:
                return self._first(name), Link(
                    kind=LinkKind.CASE_REFERENCE,
                    evidence="your message quotes the case reference they gave here",
                    confidence=0.95,
                )
            if is_reply(subject) or is_forward(subject):
                talks = [name for name, _ in self._recent(entry, body) if goes_on(name)]
                opened = self._open(talks, body, entry.at)
                name = self._only(opened)
                if name is None and not opened and is_reply(subject):
                    name = self._only(talks)
                if name is not None:
                    return self._first(name), Link(
                        kind=LinkKind.SUBJECT,
                        evidence="you answered under the same subject",
                        confidence=0.85,
                    )
        return None
