"""What the commands of a turn were answered, put together: some of them share their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inboxwatch.adapters.imap import answers
from inboxwatch.adapters.imap.answers import Counts, Items
from inboxwatch.adapters.imap.folders import decoded
from inboxwatch.adapters.imap.tokens import Response
from inboxwatch.adapters.imap.wire import CommandRefused, Reply


def items_of(*replies: Reply) -> tuple[dict[int, Items], set[int]]:
    """Return the items by UID of FETCHes, and the UIDs whose answer cannot be read.

    Other FETCHes of the same turn are among them: take the UIDs that were asked for.
    """
    return answers.fetched_all(pooled(replies))


def take(replies: Sequence[Reply], uids: frozenset[int]) -> tuple[dict[int, Items], set[int]]:
    """Return the same of these UIDs only, and take them out of the list that FETCHes share."""
    lists = {id(reply.untagged): reply.untagged for reply in replies}
    items: dict[int, Items] = {}
    garbled: set[int] = set()
    for responses in lists.values():
        one, bad, rest = answers.taken(responses, uids)
        responses[:] = rest
        for uid, found in one.items():
            items.setdefault(uid, {}).update(found)
        garbled |= bad
    return items, garbled


def pooled(replies: Iterable[Reply]) -> list[Response]:
    """Return all untagged responses of replies, those of a shared list once."""
    lists = {id(reply.untagged): reply.untagged for reply in replies}
    return [response for untagged in lists.values() for response in untagged]


def counts_by_name(
    names: Sequence[str], replies: list[Reply]
) -> dict[str, Counts | CommandRefused]:
    """Return the counts by folder, and the refusals."""
    told = list(answers.statuses(pooled(replies)))
    by_name = {decoded(raw): counts for raw, counts in told}
    if not all(name in by_name for name in names) and len(told) == len(names):
        # A name written in another way than LIST writes it: go by the order.
        by_name = {name: counts for name, (_raw, counts) in zip(names, told, strict=True)}
    return {
        name: by_name.get(name, Counts())
        if reply.is_ok
        else CommandRefused(reply.status, reply.text)
        for name, reply in zip(names, replies, strict=True)
    }
