"""The two rules that today's tools use, to show what they get wrong on the same world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from inboxwatch.domain.links import named
from inboxwatch.domain.message import Message
from tests.world.mails import ALIAS, PARENT
from tests.world.simulator import World


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerScore:
    """What a simple rule gets wrong, of all the questions asked."""

    asked: int
    accused: int  # answered, yet said to be unanswered
    missed: int  # unanswered, yet said to be answered

    @property
    def wrong(self) -> float:
        return (self.accused + self.missed) / self.asked


def last_message_is_mine(world: World, messages: tuple[Message, ...]) -> PeerScore:
    """Unanswered is a conversation, by headers alone, whose last message is the user's."""
    names: dict[str, str] = {}

    def top(one: str) -> str:
        while names.get(one, one) != one:
            one = names[one]
        return one

    for message in messages:
        for other in (*named(message), message.message_id):
            names[top(other)] = top(message.message_id)
    newest: dict[str, Message] = {}
    for message in sorted(messages, key=lambda m: (m.at, m.message_id)):
        newest[top(message.message_id)] = message
    return _score(world, lambda id: not _is_mine(newest[top(id)]))


def any_later_mail_answers(world: World, messages: tuple[Message, ...]) -> PeerScore:
    """Answered is a message after which anything came from that address."""
    arrived: dict[str, list[datetime]] = {}
    sent = {m.message_id: m for m in messages if _is_mine(m)}
    for message in messages:
        if message.sender is not None and not _is_mine(message):
            arrived.setdefault(message.sender.address, []).append(message.at)

    def is_answered(message_id: str) -> bool:
        ours = sent[message_id]
        return any(at > ours.at for address in ours.to for at in arrived.get(address.address, ()))

    return _score(world, is_answered)


def _is_mine(message: Message) -> bool:
    return message.sender is not None and message.sender.address in (PARENT, ALIAS)


def _score(world: World, is_answered: Callable[[str], bool]) -> PeerScore:
    clear = [e for e in world.expected if "review" not in e.statuses]
    accused = missed = 0
    for expected in clear:
        truly = expected.statuses == {"answered"}
        said = is_answered(expected.message_id)
        accused += truly and not said
        missed += said and not truly
    return PeerScore(asked=len(clear), accused=accused, missed=missed)
