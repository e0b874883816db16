"""Rules: which clock runs for which thread. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inboxwatch.domain.threads import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A clock for the threads it matches; every condition given must hold.

    `clock` is the id of a preset ("ordinary-email") or a plain allowance ("10wd"). `calendar`
    overrides the clock's own. `mailboxes` are addresses or local parts ("foi"), `bodies` names,
    `subject_words` case-insensitive words or phrases of the root's subject, any of them.
    """

    name: str
    clock: str
    calendar: str | None = None
    mailboxes: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    subject_words: tuple[str, ...] = ()

    def matches(self, thread: Thread) -> bool:
        """Tell whether this rule speaks about a thread."""
        address = thread.council_mailbox.address
        if self.mailboxes and not {address, address.partition("@")[0]} & set(self.mailboxes):
            return False
        if self.bodies and thread.council_mailbox.body not in self.bodies:
            return False
        subject = thread.subject.casefold()
        return not self.subject_words or any(w.casefold() in subject for w in self.subject_words)


DEFAULT_RULE = Rule(name="default", clock="ordinary-email")


def first_match(rules: Sequence[Rule], thread: Thread) -> Rule:
    """Return the first rule that matches; the default rule when none does."""
    return next((rule for rule in rules if rule.matches(thread)), DEFAULT_RULE)
