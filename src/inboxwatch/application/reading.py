"""Read messages in their surroundings: who wrote to whom, what came before. Gives entries."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from inboxwatch.application.ports import NOTHING
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.classify import Context, classify
from inboxwatch.domain.evidence.fingerprint import fingerprint
from inboxwatch.domain.evidence.timing import AT_ONCE
from inboxwatch.domain.evidence.wording import Wording
from inboxwatch.domain.kinds import Evidence, Kind
from inboxwatch.domain.links import named
from inboxwatch.domain.message import FolderRole, Message
from inboxwatch.domain.overrides import NONE, Decisions
from inboxwatch.domain.reweighing import classify_again
from inboxwatch.domain.sides import body_of_sender, homes, sender_address
from inboxwatch.domain.subject import base_subject
from inboxwatch.domain.threads import Direction, Entry

Taught = tuple[tuple[str, str, Kind], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What must be known to judge any message of a person's mail."""

    watch: Watch
    wording: Wording
    calendar: Calendar
    decisions: Decisions = NONE
    taught: Taught = ()

    def add_working_days(self, day: date, number: int) -> date:
        """Return the day so many working days on."""
        return self.calendar.working_day_after(day, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What stands around one message.

    `own_at` is the time of our newest message that it answers (`answers_ours`), else of our newest
    to that body before it; `seen` counts earlier messages with the same text from its sender.
    """

    own_at: datetime | None = None
    answers_ours: bool = False
    seen: int = 0


ALONE = Place()


def direction_of(message: Message, watch: Watch) -> Direction:
    """Tell who wrote a message: from its From address, never from the folder alone."""
    return Direction.SENT if watch.is_own(sender_address(message)) else Direction.RECEIVED


def own_aliases(messages: Iterable[Message], watch: Watch) -> frozenset[str]:
    """Return addresses that the user sends from, learned from what lies in Sent alone.

    An address of a watched body is never learned: a rule can file council mail there.
    """
    return frozenset(sender_address(message) for message in messages if shows_alias(message, watch))


def shows_alias(message: Message, watch: Watch) -> bool:
    """Tell whether a message shows that its sender's address is the user's."""
    address = sender_address(message)
    return (
        bool(address)
        and not watch.is_own(address)
        and watch.body_of(address) is None
        and bool(message.locations)
        and all(place.role is FolderRole.SENT for place in message.locations)
    )


def first_opinion(message: Message, around: Surroundings) -> Entry:
    """Judge a message on its own, before anything else of the mailbox is known."""
    return judged_among(message, around, ALONE)


def read_all(
    messages: Iterable[Message], around: Surroundings, before: Mapping[str, Entry] = NOTHING
) -> tuple[Entry, ...]:
    """Judge every message in its surroundings, in order of time.

    The order in which they are given does not matter.

    Args:
        before: what messages were judged to be with the same wording by the same program, by id;
            only what their surroundings changed is judged anew. The result is the same without.
    """
    ordered = sorted(messages, key=lambda m: (m.at, m.message_id))
    directions = [direction_of(message, around.watch) for message in ordered]
    ours: dict[str, datetime] = {}
    asked: dict[str, list[Message]] = {}
    for message, direction in zip(ordered, directions, strict=True):
        if direction is Direction.SENT:
            ours[message.message_id] = message.at
            for body in {box.body for box in homes(message, around.watch)}:
                asked.setdefault(body, []).append(message)
    seen: Counter[tuple[str, str]] = Counter()
    entries = []
    for message, direction in zip(ordered, directions, strict=True):
        known = before.get(message.message_id)
        if direction is Direction.SENT:
            entries.append(judged_among(message, around, ALONE, known))
            continue
        answered = [ours[i] for i in named(message) if i in ours]
        mark = text_mark(message, known)
        speaker = body_of_sender(message, around.watch)
        before_it = _before(message, asked.get(speaker.name, ()) if speaker else ())
        place = place_of(message, answered, before_it, seen=seen[mark] if mark[1] else 0)
        entries.append(judged_among(message, around, place, known))
        seen[mark] += 1
    return tuple(entries)


def text_mark(message: Message, known: Entry | None = None) -> tuple[str, str]:
    """Return what messages share that say the same: the sender's address and the fingerprint."""
    text = known.classification.fingerprint if known is not None else fingerprint(message)
    return sender_address(message), text


def _before(message: Message, ours: Sequence[Message]) -> Sequence[Message]:
    """Return those of our messages, in order of time, that may have caused one: the last ones."""
    end = bisect_left(ours, message.at, key=lambda one: one.at)
    begin = bisect_left(ours, message.at - AT_ONCE, key=lambda one: one.at, hi=end)
    return ours[begin:end]


def place_of(
    message: Message, answered: Sequence[datetime], just_before: Iterable[Message], *, seen: int
) -> Place:
    """Return what stands around a message.

    Args:
        answered: when our messages that it names were written.
        just_before: our messages to its body in the time `AT_ONCE` before it.
    """
    if answered:
        return Place(own_at=max(answered), answers_ours=True, seen=seen)
    subject = base_subject(message.subject)
    near = [(bool(subject) and base_subject(one.subject) == subject, one.at) for one in just_before]
    echoes, own_at = max(near, default=(False, None))
    return Place(own_at=own_at, answers_ours=echoes, seen=seen)


def judged_among(
    message: Message, around: Surroundings, place: Place, known: Entry | None = None
) -> Entry:
    """Judge one message, given what stands around it.

    Args:
        known: what it was judged to be with the same wording by the same program, if it was.
    """
    direction = direction_of(message, around.watch)
    context = Context(
        wording=around.wording,
        body=body_of_sender(message, around.watch),
        own_addresses=around.watch.own_addresses,
        direction=direction,
        own_message_at=place.own_at,
        answers_ours=place.answers_ours,
        seen_before=place.seen,
        taught=around.taught,
        add_working_days=around.add_working_days,
    )
    if known is None:
        classification = classify(message, context)
    else:
        classification = classify_again(message, known.classification, known.direction, context)
    said = around.decisions.kinds.get(message.message_id)
    if said is not None:
        why = Evidence(
            text=f"you said that it is {said.value}", towards=said, weight=99.0, source="by-hand"
        )
        classification = replace(
            classification,
            kind=said,
            evidence=(why, *classification.evidence),
            confidence=1.0,
            holding=classification.holding if said is classification.kind else False,
            may_hold=False,
            by_hand=True,
        )
    return Entry(message=message, classification=classification, direction=direction)
