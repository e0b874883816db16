"""What a person's decisions teach beyond the one message they were made about. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from inboxwatch.domain.bodies import PUBLIC_MAIL_DOMAINS, Watch
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Decisions, Override, Verb
from inboxwatch.domain.sides import is_ours, sender_address
from inboxwatch.domain.threads import Entry

Lesson = tuple[str, str, Kind]  # sender, fingerprint of the text, what it is


def taught(overrides: Iterable[Override], entries: Iterable[Entry]) -> tuple[Lesson, ...]:
    """Return what the same words of the same sender are, from what a person said of one.

    A text without a fingerprint (too short, or none) teaches nothing: too much would be like it.
    """
    said = Decisions.of(overrides).kinds
    lessons = {}
    for entry in entries:
        kind = said.get(entry.message_id)
        text = entry.classification.fingerprint
        if kind is not None and text and not is_ours(entry):
            lessons[(sender_address(entry.message), text)] = kind
    return tuple((sender, text, kind) for (sender, text), kind in sorted(lessons.items(), key=str))


def learned_addresses(
    overrides: Iterable[Override], entries: Iterable[Entry], watch: Watch
) -> tuple[tuple[str, str], ...]:
    """Return which addresses or domains elsewhere belong to which body, by a person's word.

    Putting a stranger's message into a thread confirms its domain for that thread's body; at a
    public mail provider, where anyone may have an address, only the address.
    """
    decisions = Decisions.of(overrides)
    known = {entry.message_id: entry for entry in entries}
    found: dict[str, str] = {}
    for override in decisions.overrides:
        if override.verb is Verb.CONFIRM_BODY and watch.body(override.value) is not None:
            found[override.target.lower()] = override.value
        elif override.verb is Verb.LINK and override.target in decisions.links:
            entry = known.get(override.target)
            box = watch.council_mailbox(override.council_mailbox or "")
            if entry is None or box is None or is_ours(entry):
                continue
            address = sender_address(entry.message)
            if not address or watch.is_own(address) or watch.body_of(address) is not None:
                continue
            domain = address.rpartition("@")[2]
            found[address if domain in PUBLIC_MAIL_DOMAINS else domain] = box.body
    return tuple(sorted(found.items()))
