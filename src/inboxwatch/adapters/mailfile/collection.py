"""Gather the messages found: each once, with every place, and whose ids count as ours."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.message import FolderRole, Message, Unreadable
from inboxwatch.domain.systems import may_concern

_REPORTERS = ("mailer-daemon@", "postmaster@", "microsoftexchange")
_TOLERANCE = timedelta(days=2)
_JUST_AFTER = timedelta(microseconds=1)


class Collection:
    """What a scan has found so far."""

    def __init__(self, watch: Watch | None) -> None:
        self._watch = watch
        self._messages: dict[str, Message] = {}
        # Ids of mail to and from a watched body: who names one of them belongs to the talk. A case
        # system often answers to the acknowledgement alone.
        self.ours: set[str] = set()
        self._writers: Counter[str] = Counter()
        self.unreadable: list[Unreadable] = []
        self._undated: list[tuple[Message, Unreadable]] = []

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every message, in order of time."""
        return tuple(sorted(self._messages.values(), key=lambda m: (m.at, m.message_id)))

    @property
    def writers(self) -> tuple[tuple[str, int], ...]:
        """Who wrote to a watched body and how often, most frequent first."""
        return tuple(sorted(self._writers.items(), key=lambda pair: (-pair[1], pair[0])))

    def add(self, found: Message | Unreadable) -> None:
        """Take in a message where its parsed addresses say that it is ours to read."""
        if isinstance(found, Unreadable):
            self.unreadable.append(found)
        elif self._is_candidate(found):
            self._keep(found)

    def add_undated(self, message: Message, found: Unreadable) -> None:
        """Put a message that no date is known of aside, with what is said if it stays unread."""
        self._undated.append((message, found))

    def settle_undated(self) -> None:
        """Take in what others wrote without a date where it names a message that has one.

        It came after that one, and may be the answer. What names none has no place in time.
        """
        for message, found in self._undated:
            named = {*message.references, *message.in_reply_to, *message.related_ids}
            known = [self._messages[one].at for one in named if one in self._messages]
            if known and self._is_from_others(message):
                self._keep(replace(message, at=max(known) + _JUST_AFTER))
            else:
                self.unreadable.append(found)
        self._undated.clear()

    def _is_from_others(self, message: Message) -> bool:
        if self._watch is None or message.sender is None:
            return False
        return message.sender.address not in self._watch.own_addresses

    def add_answer(self, found: Message | Unreadable) -> None:
        """Take in a message where it names one of ours."""
        if isinstance(found, Unreadable):
            self.unreadable.append(found)
            return
        named = {*found.references, *found.in_reply_to, *found.related_ids}
        if named & self.ours:
            self._keep(found)

    def _is_candidate(self, message: Message) -> bool:
        if self._watch is None:
            return True
        body_of = self._watch.body_of
        sender = message.sender.address if message.sender else ""
        to_body = any(body_of(address.address) for address in message.recipients)
        from_body = body_of(sender) is not None or may_concern(message, self._watch)
        if from_body or (to_body and sender):
            self.ours.add(message.message_id)
        is_new = message.message_id not in self._messages
        if is_new and to_body and not from_body and sender:
            self._writers[sender] += 1
        replies_to = any(body_of(address.address) for address in message.reply_to)
        is_report = message.report is not None or sender.startswith(_REPORTERS)
        return to_body or from_body or replies_to or is_report

    def _keep(self, message: Message) -> None:
        known = self._messages.get(message.message_id)
        if known is None:
            self._messages[message.message_id] = message
            return
        first, second = sorted((known, message), key=_weight)
        locations = dict.fromkeys((*known.locations, *message.locations))
        self._messages[message.message_id] = replace(
            first,
            locations=tuple(locations),
            thread_keys=tuple(dict.fromkeys((*first.thread_keys, *second.thread_keys))),
            related_ids=tuple(dict.fromkeys((*first.related_ids, *second.related_ids))),
        )


def _weight(message: Message) -> tuple[bool, datetime, int]:
    """Order copies: the sent one knows when it was written, then the one that came first."""
    in_sent = any(place.role is FolderRole.SENT for place in message.locations)
    return (not in_sent, message.at, -len(message.own_text))


class Newest:
    """The newest plausible time of any message, for the moment up to which silence is known.

    Args:
        now: the wall clock: later mail is not believed.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._believed: datetime | None = None
        self._any: datetime | None = None

    @property
    def at(self) -> datetime | None:
        """The newest time; where no file is as new as its mail, the files' times are no help."""
        return self._believed or self._any

    def see(self, at: datetime | None, written_at: datetime) -> None:
        """Take in the time of a message in a file that was last written at `written_at`."""
        if at is None or at > self._now:
            return
        if self._any is None or at > self._any:
            self._any = at
        if (self._believed is None or at > self._believed) and at <= written_at + _TOLERANCE:
            self._believed = at
