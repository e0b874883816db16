"""Which messages name which: connected groups over known and unknown ids. Pure graph work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inboxwatch.domain.message import Message
from inboxwatch.domain.overrides import Decisions
from inboxwatch.domain.threads import Entry


class Groups:
    """Disjoint sets of message ids. The order in which they are joined leaves no trace."""

    __slots__ = ("_parent",)

    def __init__(self, ids: Iterable[str]) -> None:
        self._parent = {one: one for one in ids}

    def find(self, one: str) -> str:
        """Return the name of the group that an id is in."""
        parent = self._parent
        top = one
        while parent[top] != top:
            top = parent[top]
        while parent[one] != top:
            parent[one], one = top, parent[one]
        return top

    def join(self, one: str, other: str) -> str:
        """Make one group of two; return its name, the smaller of the two."""
        a, b = sorted((self.find(one), self.find(other)))
        self._parent[b] = a
        return a

    def members(self) -> dict[str, list[str]]:
        """Return every group with its ids, sorted."""
        groups: dict[str, list[str]] = {}
        for one in sorted(self._parent):
            groups.setdefault(self.find(one), []).append(one)
        return groups


def named_as_written(message: Message) -> tuple[str, ...]:
    """Return every id a message names: what it answers, refers to, or reports on."""
    report = message.report.original_message_id if message.report else None
    if not (message.in_reply_to or message.references or message.related_ids or report):
        return ()  # as most mail of ours, and each message is asked often
    ids = (
        *message.in_reply_to,
        *reversed(message.references),
        *message.related_ids,
        *((report,) if report else ()),
    )
    return tuple(dict.fromkeys(one for one in ids if one and one != message.message_id))


def named(message: Message) -> tuple[str, ...]:
    """Return every id a message names, without addresses that only look like ids.

    Some programs write the other side's address into In-Reply-To, in brackets like an id, and it
    would tie together all mail with that person.
    """
    ids = named_as_written(message)
    if not ids:
        return ids
    people = {address.address for address in message.recipients}
    if message.sender is not None:
        people.add(message.sender.address)
    return tuple(one for one in ids if one.lower() not in people)


def _direct(message: Message) -> str | None:
    """Return the one id a message answers directly."""
    return next(iter(named(message)), None)


def edges(entries: Mapping[str, Entry], decisions: Decisions) -> dict[str, tuple[str, ...]]:
    """Return which ids each message is tied to, after a person's word.

    A message that was linked or unlinked by hand leaves all it named behind. What answers it
    directly goes with it; what only refers to it further back stays where it was.
    """
    moved = decisions.unlinked | decisions.links.keys()
    tied: dict[str, tuple[str, ...]] = {}
    for one, entry in entries.items():
        if one in decisions.links:
            tied[one] = (decisions.links[one],)
        elif one in decisions.unlinked:
            tied[one] = ()
        else:
            ids = named(entry.message)
            if moved and not moved.isdisjoint(ids):
                direct = _direct(entry.message)
                if direct in moved:
                    ids = (direct,) if direct is not None else ()
                else:
                    ids = tuple(i for i in ids if i not in moved)
            tied[one] = ids
    return tied


def connect(
    tied: Mapping[str, tuple[str, ...]], beginnings: frozenset[str] = frozenset()
) -> Groups:
    """Group messages by the ids they are tied to, through ids of mail that is not there too.

    A missing id that would make one group of two beginnings of ours (new mail that answers
    nothing) joins nothing: some systems write one constant id into everything.

    Source: the shape is notmuch's (ghost messages, later merges), without its use of order.
    """
    groups = Groups(tied)
    ghosts: dict[str, list[str]] = {}
    for one, ids in tied.items():
        for other in ids:
            if other in tied:
                groups.join(one, other)
            else:
                ghosts.setdefault(other, []).append(one)
    begun = {groups.find(one) for one in beginnings}
    for ghost in sorted(ghosts):
        around = sorted({groups.find(one) for one in ghosts[ghost]})
        mine = [one for one in around if one in begun]
        if len(around) < 2 or len(mine) > 1:
            continue
        for other in around[1:]:
            top = groups.join(around[0], other)
        if mine:
            begun.add(top)
    return groups
