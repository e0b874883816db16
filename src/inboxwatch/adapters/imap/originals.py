"""Fetches whole messages, folder by folder, no larger than a limit. Reads nothing in them."""

from __future__ import annotations

from collections.abc import Iterator

from inboxwatch.adapters.imap.answers import Items
from inboxwatch.adapters.imap.folders import Folder, encoded
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.pools import items_of
from inboxwatch.adapters.imap.session import Session
from inboxwatch.adapters.imap.tokens import as_int
from inboxwatch.adapters.imap.uidset import split
from inboxwatch.adapters.imap.wire import CommandRefused
from inboxwatch.domain.message import Location

_TURN_BYTES = 8 * 1024 * 1024  # of messages held at a time


def originals(
    session: Session, locations: tuple[Location, ...], limits: Limits
) -> Iterator[tuple[Location, bytes | None]]:
    """Yield each message as the server holds it; None when it is gone or too large.

    Raises:
        CommandRefused: the server asks us to come back later.
        imaplib.IMAP4.abort, OSError: the connection ended.
    """
    by_folder: dict[tuple[str, int], list[Location]] = {}
    for location in locations:
        by_folder.setdefault((location.folder, location.uidvalidity), []).append(location)
    for (name, uidvalidity), places in by_folder.items():
        folder = Folder(name=name, raw=encoded(name), role=places[0].role)
        yield from _of_folder(session, folder, uidvalidity, places, limits)


def _of_folder(
    session: Session, folder: Folder, uidvalidity: int, places: list[Location], limits: Limits
) -> Iterator[tuple[Location, bytes | None]]:
    sets = split([place.uid for place in places], max_bytes=limits.command_bytes)
    commands = [b"UID FETCH " + uids.encode() + b" (UID RFC822.SIZE)" for uids in sets]
    try:
        counts = session.open(session.named(folder), commands)
    except CommandRefused as error:
        if error.is_passing:
            raise
        yield from ((place, None) for place in places)
        return
    sizes: dict[int, int] = {}
    if counts.uidvalidity in (None, uidvalidity):
        replies = session.run(commands)
        session.blame(replies, ())
        for uid, items in items_of(*replies)[0].items():
            sizes[uid] = as_int(items.get(b"RFC822.SIZE")) or 0
    by_uid = {place.uid: place for place in places}
    for place in places:
        if not 0 < sizes.get(place.uid, 0) <= limits.original_bytes:
            yield place, None
            del by_uid[place.uid]
    for portion in _portions(sorted(by_uid), sizes):
        fetched = _whole(session, portion, limits)
        for uid in portion:
            raw = fetched.get(uid, {}).get(b"")
            yield by_uid[uid], raw if isinstance(raw, bytes) and raw else None


def _whole(session: Session, uids: list[int], limits: Limits) -> dict[int, Items]:
    sets = split(uids, max_bytes=limits.command_bytes)
    replies = session.fetch((part, b"(UID BODY.PEEK[])") for part in sets)
    session.blame(replies, ())
    return items_of(*replies)[0]


def _portions(uids: list[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    portion: list[int] = []
    held = 0
    for uid in uids:
        if portion and held + sizes[uid] > _TURN_BYTES:
            yield portion
            portion, held = [], 0
        portion.append(uid)
        held += sizes[uid]
    if portion:
        yield portion
