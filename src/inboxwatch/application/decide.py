"""A person's word: find what it is about, check it, and record it so that it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from inboxwatch.application.picture import Picture
from inboxwatch.application.ports import Now, Store
from inboxwatch.domain.deadlines import OWN_EVENTS
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.london import local_day
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.reckoning import NAMED_STARTS
from inboxwatch.domain.threads import Entry, Thread
from inboxwatch.domain.verdict import Verdict

MARKS = ("answered", "no-reply-needed", "stop-watching", "watch")
CHANNELS = ("phone", "post", "portal", "meeting", "other")
_LIST = "Run `inboxwatch list` to see the threads with their ids."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Records decisions about one person's mail, as seen in one picture."""

    store: Store
    person: str
    by: str
    now: Now
    picture: Picture

    def thread(self, given: str) -> Verdict:
        """Return the verdict on the thread an id, an old id or its beginning names.

        Raises:
            ConfigError: there is none such, or several.
        """
        found = self.picture.assembly.find(given.strip().lower())
        if not found:
            raise ConfigError(f"there is no thread '{given}'", remedy=_LIST)
        if len(found) > 1:
            names = ", ".join(sorted(thread.id for thread in found))
            raise ConfigError(
                f"'{given}' could be several threads: {names}", remedy="Give the whole id."
            )
        return self._verdict(found[0])

    def _verdict(self, thread: Thread) -> Verdict:
        return next(v for v in self.picture.verdicts if v.thread.id == thread.id)

    def has(self, given: str) -> bool:
        """Tell whether a message of that id is stored for this person."""
        with self.store.transaction(read_only=True) as tx:
            return tx.entry(self.person, given.strip().strip("<>")) is not None

    def message(self, given: str) -> Entry:
        """Return the stored message of an id, with or without angle brackets.

        Raises:
            ConfigError: there is none such.
        """
        wanted = given.strip().strip("<>")
        with self.store.transaction(read_only=True) as tx:
            entry = tx.entry(self.person, wanted)
        if entry is None:
            raise ConfigError(
                f"there is no message '{wanted}'",
                remedy="`inboxwatch show THREAD --text` shows each message with its id.",
            )
        return entry

    def threads_with(self, message: str) -> tuple[Verdict, ...]:
        """Return the verdict on each thread that a message stands in."""
        wanted = message.strip().strip("<>")
        return tuple(
            verdict
            for verdict in self.picture.verdicts
            if any(placed.entry.message_id == wanted for placed in verdict.thread.placed)
        )

    def said_about(self, verdict: Verdict) -> tuple[Override, ...]:
        """Return the standing decisions about a thread or any of its messages."""
        ids = {placed.entry.message_id for placed in verdict.thread.placed}
        with self.store.transaction(read_only=True) as tx:
            every = tx.overrides(self.person)
        address = verdict.thread.council_mailbox.address
        return tuple(
            o
            for o in every
            if o.undone_at is None and o.target in ids and o.council_mailbox in (None, address)
        )

    def _about(self, verdict: Verdict, verb: Verb, value: str, note: str = "") -> Override:
        """Record a word about a thread, tied to its unanswered message, else to its root."""
        target = verdict.wait.unanswered.message_id if verdict.wait else verdict.thread.root
        return self._record(
            verb, target, value, note, council_mailbox=verdict.thread.council_mailbox.address
        )

    def _record(
        self, verb: Verb, target: str, value: str, note: str = "", *, council_mailbox: str | None
    ) -> Override:
        override = Override(
            id=0,
            at=self.now(),
            by=self.by,
            verb=verb,
            target=target,
            council_mailbox=council_mailbox,
            value=value,
            note=note,
        )
        with self.store.transaction() as tx:
            return tx.add_override(self.person, override)

    def mark(self, thread: str, value: str, note: str = "") -> Override:
        """Close a thread (answered elsewhere, no reply needed, stop watching) or watch it again."""
        if value not in MARKS:
            raise ConfigError(
                f"a thread cannot be marked '{value}'", remedy=f"Use one of: {', '.join(MARKS)}."
            )
        return self._about(self.thread(thread), Verb.MARK, value, note)

    def log(self, thread: str, channel: str, note: str) -> Override:
        """Note what happened outside the mail: a call, a letter."""
        if channel not in CHANNELS:
            raise ConfigError(
                f"'{channel}' is not a way to be in touch",
                remedy=f"Use one of: {', '.join(CHANNELS)}.",
            )
        return self._about(self.thread(thread), Verb.LOG, channel, note)

    def snooze(self, thread: str, until: date) -> Override:
        """Be silent about a thread until a day; changes no fact."""
        if until <= local_day(self.now()):
            raise ConfigError(
                f"{until.isoformat()} is not in the future", remedy="Give a later day."
            )
        return self._about(self.thread(thread), Verb.SNOOZE, until.isoformat())

    def case(self, thread: str, name: str) -> Override:
        """Put a thread under a case (a child's name or initials)."""
        return self._about(self.thread(thread), Verb.CASE, name.strip())

    def clock(self, thread: str, clock: str, check: Callable[[str], None]) -> Override:
        """Choose the clock of a thread.

        Args:
            check: raises ConfigError for a clock that does not exist.
        """
        check(clock)
        return self._about(self.thread(thread), Verb.CLOCK, clock)

    def event(self, thread: str, given: str) -> Override:
        """Record what happened on a day that pauses, restarts or opens a clock: "id-asked=DATE".

        Raises:
            ConfigError: it is not NAME=DATE, or nothing that runs here knows such an event.
        """
        name, equals, on = (part.strip() for part in given.partition("="))
        try:
            day = date.fromisoformat(on) if equals and name else None
        except ValueError:
            day = None
        if day is None:
            raise ConfigError(
                f"'{given}' is not an event", remedy="Write a name and a day: id-asked=2026-06-30"
            )
        verdict = self.thread(thread)
        known = events_of(verdict)
        if name not in known:
            clock = verdict.due.clock.id if verdict.due else "(none)"
            raise ConfigError(
                f"the clock {clock} knows no event '{name}'",
                remedy=f"Known here: {', '.join(known)}. Another clock may fit:"
                f" inboxwatch clock {thread} PRESET.",
            )
        follows = verdict.wait is not None and name not in _beginnings(verdict)
        if follows and verdict.wait and day < local_day(verdict.wait.unanswered.at):
            raise ConfigError(
                f"{day.isoformat()} lies before your message", remedy="Check the day."
            )
        return self._about(verdict, Verb.EVENT, f"{name}={day.isoformat()}")

    def classify(self, message: str, kind: str) -> Override:
        """Say what a message is; remembered for its sender and wording."""
        if kind not in {k.value for k in Kind}:
            raise ConfigError(
                f"there is no kind '{kind}'",
                remedy="Use one of: " + ", ".join(k.value for k in Kind) + ".",
            )
        entry = self.message(message)
        return self._record(Verb.CLASSIFY, entry.message_id, kind, council_mailbox=None)

    def link(self, message: str, thread: str) -> Override:
        """Put a message into a thread, above every rule."""
        entry, verdict = self.message(message), self.thread(thread)
        return self._record(
            Verb.LINK,
            entry.message_id,
            verdict.thread.root,
            council_mailbox=verdict.thread.council_mailbox.address,
        )

    def unlink(self, message: str) -> Override:
        """Take a message out of its thread, above every rule."""
        return self._record(Verb.UNLINK, self.message(message).message_id, "", council_mailbox=None)

    def undo(self, override_id: int | None = None) -> Override:
        """Undo one decision, the last standing one by default.

        Raises:
            ConfigError: there is nothing to undo.
        """
        with self.store.transaction() as tx:
            standing = [o for o in tx.overrides(self.person) if o.undone_at is None]
            if override_id is None and standing:
                override_id = standing[-1].id
            undone = tx.undo_override(self.person, override_id, self.now()) if override_id else None
        if undone is None:
            which = "nothing" if override_id is None else f"no decision {override_id}"
            raise ConfigError(f"there is {which} to undo", remedy="See `inboxwatch undo --list`.")
        return undone


def events_of(verdict: Verdict) -> tuple[str, ...]:
    """Return the events that mean something to a thread: of its clock, and of the user's own."""
    of_clock = verdict.due.clock.events if verdict.due else ()
    return tuple(dict.fromkeys((*of_clock, *_beginnings(verdict), *sorted(OWN_EVENTS))))


def _beginnings(verdict: Verdict) -> tuple[str, ...]:
    """Return the event that begins the clock, where no message tells that day."""
    clock = verdict.due.clock if verdict.due else None
    return (clock.start.value,) if clock and clock.start in NAMED_STARTS else ()
