"""Draw the picture of a person's mail: read, assemble, judge. Pure facts in, a value out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from inboxwatch.application.basis import mark, said_by
from inboxwatch.application.picture import Picture, Scanned, in_order
from inboxwatch.application.ports import NOTHING
from inboxwatch.application.reading import Surroundings, Taught, own_aliases, read_all
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.clocks import Clock, find_clock
from inboxwatch.domain.deadlines import own_deadlines
from inboxwatch.domain.evidence.weights import WEIGHTS
from inboxwatch.domain.evidence.wording import Wording
from inboxwatch.domain.judging import judge_all
from inboxwatch.domain.message import Message, Unreadable
from inboxwatch.domain.overrides import Decisions, Override
from inboxwatch.domain.reckoning import reckoning
from inboxwatch.domain.rules import Rule
from inboxwatch.domain.teaching import learned_places, taught
from inboxwatch.domain.threading import assemble
from inboxwatch.domain.threads import Assembly, Entry
from inboxwatch.domain.verdict import Verdict


@dataclass(frozen=True, kw_only=True)  # without slots, for what is made once
class Yardstick:
    """By what everything is judged: wording, rules, clocks and calendars. The last rule is the
    default one.
    """

    wording: Wording
    rules: Sequence[Rule]
    clocks: Mapping[str, Clock]
    calendars: Mapping[str, Calendar]
    calendar: str  # name, for plain allowances
    program: str = ""  # changes with the code that judges

    @property
    def default(self) -> Rule:
        """The rule where no other matches."""
        return self.rules[-1]

    @cached_property
    def judged_by(self) -> str:
        """A short text that changes with what messages are judged by."""
        phrases = [(p.text, p.says, p.where, p.strength) for p in self.wording.phrases]
        wording = self.wording
        words = [sorted(each) for each in (wording.common, wording.routine, wording.dealing)]
        calendar = self.calendars[self.calendar]
        return mark(
            self.program, said_by(phrases), said_by(words), said_by(WEIGHTS), said_by(calendar)
        )

    @cached_property
    def measured_by(self) -> str:
        """A short text that changes with anything that is judged by."""
        times = (self.rules, self.clocks, self.calendars, self.calendar)
        return mark(self.judged_by, said_by(times))

    @property
    def threshold(self) -> str:
        """The default allowance in words."""
        return find_clock(self.default.clock, self.clocks).allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Messages judged in their surroundings, with the watch that includes what was learned."""

    watch: Watch
    decisions: Decisions
    entries: tuple[Entry, ...]
    aliases: frozenset[str] = frozenset()
    places: tuple[tuple[str, str], ...] = ()
    lessons: Taught = ()


def read_mail(
    messages: Iterable[Message],
    watch: Watch,
    yardstick: Yardstick,
    overrides: Iterable[Override] = (),
    *,
    before: Mapping[str, Entry] = NOTHING,
) -> Read:
    """Judge what every message is, with what a person taught and what Sent shows.

    Args:
        watch: what the settings say; aliases and confirmed addresses are added.
        before: what messages were judged to be by the same program and wording: see `read_all`.
    """
    known = tuple(messages)
    every = tuple(overrides)
    decisions = Decisions.of(every)
    aliases = own_aliases(known, watch)
    watch = replace(watch, own_addresses=watch.own_addresses | aliases)
    around = Surroundings(
        watch=watch,
        wording=yardstick.wording,
        calendar=yardstick.calendars[yardstick.calendar],
        decisions=decisions,
    )
    entries = read_all(known, around, before)
    lessons = taught(every, entries)
    places = learned_places(every, entries, watch)
    if lessons or places:
        watch = with_places(watch, places)
        first = {entry.message_id: entry for entry in entries}
        entries = read_all(known, replace(around, watch=watch, taught=lessons), first)
    return Read(
        watch=watch,
        decisions=decisions,
        entries=entries,
        aliases=aliases,
        places=places,
        lessons=lessons,
    )


def with_places(watch: Watch, places: Iterable[tuple[str, str]]) -> Watch:
    """Return a watch list with places that corrections taught."""
    return replace(watch, learned=tuple(dict.fromkeys((*watch.learned, *places))))


def judged(
    assembly: Assembly, yardstick: Yardstick, watch: Watch, decisions: Decisions, *, as_of: datetime
) -> tuple[Verdict, ...]:
    """Judge threads that are assembled, with the user's own last days that they bring."""
    verdicts = judge_all(
        assembly,
        yardstick.rules,
        as_of=as_of,
        reckoning=reckoning(yardstick.clocks, yardstick.calendars, watch.bodies),
        decisions=decisions,
    )
    return tuple(
        replace(
            verdict,
            own_deadlines=own_deadlines(
                verdict, decisions, clocks=yardstick.clocks, calendars=yardstick.calendars
            ),
        )
        for verdict in verdicts
    )


def draw(
    read: Read,
    yardstick: Yardstick,
    *,
    as_of: datetime,
    unreadable: tuple[Unreadable, ...] = (),
    scanned: Scanned | None = None,
    notices: tuple[str, ...] = (),
) -> Picture:
    """Assemble and judge what was read, by the mail known up to `as_of`."""
    # Later mail is ignored altogether: an export as of a day must not depend on what came after.
    entries = tuple(entry for entry in read.entries if entry.at <= as_of)
    assembly = assemble(entries, read.watch, read.decisions)
    verdicts = judged(assembly, yardstick, read.watch, read.decisions, as_of=as_of)
    return Picture(
        as_of=as_of,
        threshold=yardstick.threshold,
        calendar=yardstick.default.calendar or yardstick.calendar,
        verdicts=in_order(verdicts),
        assembly=assembly,
        unreadable=unreadable,
        scanned=scanned or Scanned(),
        notices=notices,
    )
