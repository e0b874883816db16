"""Read messages in their surroundings: who wrote to whom, what came before. Gives entries."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.classify import Context, classify
from inboxwatch.domain.evidence.fingerprint import fingerprint
from inboxwatch.domain.evidence.wording import Wording
from inboxwatch.domain.kinds import Evidence, Kind
from inboxwatch.domain.links import named
from inboxwatch.domain.message import FolderRole, Message
from inboxwatch.domain.overrides import NONE, Decisions
from inboxwatch.domain.sides import body_of_sender, homes, sender_address
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


def direction_of(message: Message, watch: Watch) -> Direction:
    """Tell who wrote a message: from its From address, never from the folder alone."""
    return Direction.SENT if watch.is_own(sender_address(message)) else Direction.RECEIVED


def own_aliases(messages: Iterable[Message], watch: Watch) -> frozenset[str]:
    """Return addresses that the user sends from, learned from what lies in Sent alone.

    An address of a watched body is never learned: a rule can file council mail there.
    """
    found = set()
    for message in messages:
        address = sender_address(message)
        if (
            address
            and not watch.is_own(address)
            and watch.body_of(address) is None
            and message.locations
            and all(place.role is FolderRole.SENT for place in message.locations)
        ):
            found.add(address)
    return frozenset(found)


def first_opinion(message: Message, around: Surroundings) -> Entry:
    """Judge a message on its own, before anything else of the mailbox is known."""
    return _judged(message, around, own_at=None, names_ours=False, seen=0)


def read_all(messages: Iterable[Message], around: Surroundings) -> tuple[Entry, ...]:
    """Judge every message in its surroundings, in order of time.

    The order in which they are given does not matter.
    """
    ordered = sorted(messages, key=lambda m: (m.at, m.message_id))
    ours: dict[str, datetime] = {}
    asked_at: dict[str, list[datetime]] = {}
    for message in ordered:
        if direction_of(message, around.watch) is Direction.SENT:
            ours[message.message_id] = message.at
            for body in {box.body for box in homes(message, around.watch)}:
                insort(asked_at.setdefault(body, []), message.at)
    seen: Counter[tuple[str, str]] = Counter()
    entries = []
    for message in ordered:
        if message.message_id in ours:
            entries.append(_judged(message, around, own_at=None, names_ours=False, seen=0))
            continue
        answered = [ours[i] for i in named(message) if i in ours]
        own_at = max(answered) if answered else _newest_before(message, asked_at, around.watch)
        mark = (sender_address(message), fingerprint(message))
        entries.append(
            _judged(
                message,
                around,
                own_at=own_at,
                names_ours=bool(answered),
                seen=seen[mark] if mark[1] else 0,
            )
        )
        seen[mark] += 1
    return tuple(entries)


def _newest_before(
    message: Message, asked_at: dict[str, list[datetime]], watch: Watch
) -> datetime | None:
    body = body_of_sender(message, watch)
    times = asked_at.get(body.name, []) if body else []
    at = bisect_left(times, message.at)
    return times[at - 1] if at else None


def _judged(
    message: Message,
    around: Surroundings,
    *,
    own_at: datetime | None,
    names_ours: bool,
    seen: int,
) -> Entry:
    direction = direction_of(message, around.watch)
    classification = classify(
        message,
        Context(
            wording=around.wording,
            body=body_of_sender(message, around.watch),
            own_addresses=around.watch.own_addresses,
            direction=direction,
            own_message_at=own_at,
            answers_ours=names_ours,
            seen_before=seen,
            taught=around.taught,
            add_working_days=around.add_working_days,
        ),
    )
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
            by_hand=True,
        )
    return Entry(message=message, classification=classification, direction=direction)
