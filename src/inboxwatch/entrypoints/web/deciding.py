"""A visitor's decisions, from a form or the API: only about what the visitor may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from inboxwatch.application.decide import Decider
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Override
from inboxwatch.domain.threads import Entry, Placed
from inboxwatch.domain.verdict import Verdict
from inboxwatch.entrypoints.web.faults import NotAllowed, NotThere
from inboxwatch.entrypoints.web.pictures import Seen
from inboxwatch.entrypoints.web.site import Site
from inboxwatch.entrypoints.web.threadview import is_doubtful_place, ref
from inboxwatch.entrypoints.web.visitor import Visitor

# What can be said of a possible reply.
YES, NO, AUTOMATIC, ELSEWHERE = "yes", "no", "automatic", "elsewhere"
ANSWERS = (YES, NO, AUTOMATIC, ELSEWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Decisions of one visitor about one person's mail."""

    site: Site
    visitor: Visitor
    seen: Seen

    @property
    def decider(self) -> Decider:
        """What records them."""
        return self.site.decider(self.visitor, self.seen)

    def case(self, thread: str, name: str) -> Override:
        """Put a thread under a case.

        Raises:
            NotAllowed: the visitor is limited to other cases.
        """
        cases = self.visitor.cases
        if cases is not None and name.strip() not in cases:
            raise NotAllowed(
                "you can only use the cases that are yours",
                remedy=f"Use one of: {', '.join(sorted(cases))}.",
            )
        return self.decider.case(thread, name)

    def clock(self, thread: str, name: str) -> Override:
        """Choose a thread's clock."""
        return self.decider.clock(thread, name.strip(), self.site.known.check_clock)

    def snooze(self, thread: str, until: str) -> Override:
        """Be silent until an ISO day."""
        try:
            day = date.fromisoformat(until)
        except ValueError as error:
            raise ConfigError("that is not a day", remedy="Write it like 2026-06-01.") from error
        return self.decider.snooze(thread, day)

    def classify(self, message: Entry, kind: str) -> Override:
        """Say what a message is."""
        return self.decider.classify(message.message_id, kind)

    def link(self, message: Entry, thread: str) -> Override:
        """Put a message into a thread."""
        return self.decider.link(message.message_id, thread)

    def unlink(self, message: Entry) -> Override:
        """Take a message out of its thread."""
        return self.decider.unlink(message.message_id)

    def answer(self, verdict: Verdict, message: Entry, said: str) -> tuple[Override, ...]:
        """Say whether a possible reply is one; what that means depends on what was unsure."""
        placed = _placed(verdict, message)
        thread = verdict.thread.id
        match said:
            case "yes":
                made = []
                if not placed.entry.classification.kind.stops_the_clock:
                    made.append(self.classify(message, Kind.HUMAN.value))
                if is_doubtful_place(placed):
                    made.append(self.link(message, thread))
                return tuple(made) or (self.classify(message, Kind.HUMAN.value),)
            case "no" if placed.entry.classification.may_hold:
                return (self.classify(message, Kind.ACKNOWLEDGEMENT.value),)
            case "no":
                return (self.decider.mark(thread, "watch", "not a reply"),)
            case "automatic":
                return (self.classify(message, Kind.ACKNOWLEDGEMENT.value),)
            case "elsewhere":
                return (self.unlink(message),)
        raise ConfigError(f"'{said}' is no answer", remedy=f"Use one of: {', '.join(ANSWERS)}.")

    # Which message

    def by_ref(self, given: str) -> Entry:
        """Return the message that a form calls so."""
        return self._find(lambda entry: ref(entry.message_id) == given)

    def by_id(self, given: str) -> Entry:
        """Return the message of an id, with or without angle brackets."""
        wanted = given.strip().strip("<>")
        return self._find(lambda entry: entry.message_id == wanted)

    def _find(self, fits: Callable[[Entry], bool]) -> Entry:
        for entry in self._entries():
            if fits(entry):
                return entry
        raise NotThere("there is no such message")

    def _entries(self) -> Iterator[Entry]:
        for verdict in self.seen.picture.verdicts:
            for placed in verdict.thread.placed:
                yield placed.entry
        for item in self.seen.picture.unplaced:
            yield item.entry


def _placed(verdict: Verdict, message: Entry) -> Placed:
    for placed in verdict.thread.placed:
        if placed.entry.message_id == message.message_id:
            return placed
    raise NotThere("that message is not in this thread")


def undo(site: Site, visitor: Visitor, number: int | None) -> Override:
    """Take back one decision, the last standing one without a number.

    Raises:
        NotThere: there is none such about what the visitor may see.
    """
    for seen, override in site.decisions(visitor):
        if override.undone_at is None and number in (None, override.id):
            return site.decider(visitor, seen).undo(override.id)
    raise NotThere(
        "there is no decision to take back"
        if number is None
        else f"there is no decision {number} to take back"
    )
