"""A message between its header and its parts: what is known of it, what is still to be fetched."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inboxwatch.adapters.imap.answers import Items
from inboxwatch.adapters.imap.interest import Why
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.structure import Section
from inboxwatch.adapters.imap.tokens import as_text
from inboxwatch.adapters.imap.uidset import expand, split
from inboxwatch.application.records import FetchedPart

_DRAFT = "\\draft"
_SENT = "\\sent"


@dataclass(slots=True)
class Head:
    """A message that is ours to read, before its parts came."""

    uid: int
    why: Why
    items: Items
    header: bytes
    parts: tuple[FetchedPart, ...] | None  # None: the structure cannot be read
    sections: tuple[Section, ...] = ()


def part_commands(heads: list[Head], limits: Limits) -> list[tuple[frozenset[int], bytes]]:
    """Write the commands for the parts of messages, with the UIDs that each is about.

    Messages that want the same sections are asked for at once.
    """
    same: dict[bytes, list[int]] = {}
    for head in heads:
        wanted = b" ".join(
            f"BODY.PEEK[{section.name}]<0.{section.max_bytes}>".encode()
            for section in head.sections
        )
        if head.parts is None:
            wanted = b"BODY.PEEK[]<0.%d>" % limits.whole_bytes
        if wanted:
            same.setdefault(wanted, []).append(head.uid)
    return [
        (expand(uids), b"UID FETCH " + uids.encode() + b" (UID " + wanted + b")")
        for wanted, members in same.items()
        for uids in split(members, max_bytes=limits.command_bytes - len(wanted))
    ]


def is_whole(head: Head, fetched: Items) -> bool:
    """Tell whether an answer has all that was asked for of a message's parts."""
    if head.parts is None:
        return b"" in fetched
    return all(section.name.upper().encode() in fetched for section in head.sections)


def is_draft(items: Items) -> bool:
    """Tell whether Gmail labels a message as a draft: All Mail holds those too."""
    return _has_label(items, _DRAFT)


def is_sent(items: Items) -> bool:
    """Tell whether Gmail labels a message as sent: in All Mail only the label shows it."""
    return _has_label(items, _SENT)


def _has_label(items: Items, wanted: str) -> bool:
    labels = items.get(b"X-GM-LABELS")
    return isinstance(labels, list) and any(as_text(label).lower() == wanted for label in labels)


def with_bytes(head: Head, fetched: Items) -> tuple[FetchedPart, ...]:
    """Return the parts of a message with the bytes that were fetched of them."""
    wanted = {section.path: section for section in head.sections}
    parts = []
    for part in head.parts or ():
        section = wanted.get(part.path)
        raw = fetched.get(section.name.upper().encode()) if section is not None else None
        if section is None or not isinstance(raw, bytes):
            parts.append(part)
            continue
        if section.name != part.path:  # the header of an attached message: nothing encodes it
            parts.append(replace(part, raw=raw, truncated=True, encoding="7bit"))
        else:
            parts.append(replace(part, raw=raw, truncated=len(raw) >= section.max_bytes))
    return tuple(parts)
