"""Find what a further message of ours goes on with when its headers do not say. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from inboxwatch.domain.candidates import Candidates, Found
from inboxwatch.domain.keys import (
    case_key,
    case_references,
    is_bare,
    line_key,
    quoted_lines,
    server_key,
)
from inboxwatch.domain.sides import SPEAKING_KINDS, asked, homes, is_ours, sender_address
from inboxwatch.domain.subject import is_forward, is_reply
from inboxwatch.domain.threads import Entry, Link, LinkKind


def is_follow_up(entry: Entry) -> bool:
    """Tell whether a message of ours, if it names none that is there, looks like a further one."""
    subject = entry.message.subject
    if is_reply(subject) or is_forward(subject):
        return True
    quotes = bool(entry.message.quoted_text.strip())
    return is_bare(entry) and (quotes or bool(_subject_references(entry)))


def _subject_references(entry: Entry) -> tuple[str, ...]:
    references = case_references(entry)
    if not references:
        return ()
    subject = "".join(c for c in entry.message.subject.casefold() if c.isalnum())
    return tuple(
        ref for ref in references if "".join(c for c in ref.casefold() if c.isalnum()) in subject
    )


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Looks for the talk of one message of ours."""

    choice: Candidates

    def find(self, entry: Entry) -> Found | None:
        """Find the talk that a message of ours without any link goes on with."""
        boxes = asked(entry.message, self.choice.watch)
        mine = {box.address for box in boxes}
        subject = entry.message.subject

        def goes_on(name: str) -> bool:
            return any(
                self.choice.moment[e.message_id] <= entry.at and self._shares(e, mine)
                for e in self.choice.shelf[name].entries
            )

        for body in dict.fromkeys(box.body for box in boxes):
            server = [server_key(key) for key in entry.message.thread_keys]
            name = self.choice.only(n for n in self.choice.shelf.talks(server) if goes_on(n))
            if name is not None and (is_reply(subject) or is_forward(subject)):
                return self.choice.first(name), Link(
                    kind=LinkKind.SERVER_THREAD,
                    evidence="the mail server keeps both in one conversation",
                    confidence=0.97,
                )
            lines = [
                line_key(b.address, line)
                for b in boxes
                if b.body == body and is_bare(entry)
                for line in quoted_lines(entry)
            ]
            quoted = self.choice.opened(self.choice.shelf.talks(lines), body, entry.at)
            name = self.choice.only(n for n in quoted if goes_on(n))
            if name is not None:
                return self.choice.first(name), Link(
                    kind=LinkKind.QUOTATION,
                    evidence="it quotes your own message to the same address",
                    confidence=0.9,
                )
            references = [case_key(body, ref) for ref in _subject_references(entry)]
            issued = {
                self.choice.shelf.talk_of(e)
                for key in references
                for e in self.choice.shelf.at(key)
                if e.at <= entry.at
            }
            name = self.choice.only(
                n for n in self.choice.opened(sorted(issued), body, entry.at) if goes_on(n)
            )
            if name is not None and len(issued) == 1:
                return self.choice.first(name), Link(
                    kind=LinkKind.CASE_REFERENCE,
                    evidence="your message quotes the case reference they gave here",
                    confidence=0.95,
                )
            if is_reply(subject) or is_forward(subject):
                talks = [name for name in self.choice.recent(entry, body) if goes_on(name)]
                opened = self.choice.opened(talks, body, entry.at)
                name = self.choice.only(opened)
                if name is None and not opened and is_reply(subject):
                    name = self.choice.only(talks)
                if name is not None:
                    return self.choice.first(name), Link(
                        kind=LinkKind.SUBJECT,
                        evidence="you answered under the same subject",
                        confidence=0.85,
                    )
        return None

    def _shares(self, entry: Entry, mine: set[str]) -> bool:
        """Tell whether a message went to one of these addresses, or a person wrote it there."""
        if is_ours(entry):
            return not mine.isdisjoint(b.address for b in homes(entry.message, self.choice.watch))
        is_speech = entry.classification.kind in SPEAKING_KINDS
        return is_speech and sender_address(entry.message) in mine
