"""Tells mail that a server no longer shows from mail that is gone.

Yahoo shows the newest 10,000 messages of a folder; Gmail as many as its owner chose. Each new
message then pushes the oldest out of sight, though nobody deleted it.
"""

from __future__ import annotations

from inboxwatch.adapters.imap.answers import Counts
from inboxwatch.adapters.imap.pools import items_of
from inboxwatch.adapters.imap.session import Session
from inboxwatch.application.records import FolderState


def is_limited(session: Session, before: FolderState, now: Counts) -> bool:
    """Tell whether a folder holds just as many messages as its server shows at most."""
    sizes = session.limits.view_sizes
    if before.view_limited and now.messages == before.messages:
        return True
    if session.connection.is_gmail:
        return now.messages in sizes
    return session.connection.can("UIDONLY") and now.messages == max(sizes)


def out_of_sight(
    session: Session, gone: frozenset[int], *, before: FolderState, now: Counts
) -> frozenset[int]:
    """Return those of `gone` that were only pushed out of sight by newer ones.

    Args:
        gone: UIDs that the open folder no longer lists.
        before: what was remembered of the folder.
        now: its counts.

    Raises:
        CommandRefused: the server does not say what it still lists.
    """
    messages, sizes = now.messages or 0, session.limits.view_sizes
    came = (now.uidnext or 1) - before.uidnext
    is_full = messages in sizes or (came > 0 and messages == before.messages >= min(sizes))
    if not gone or not is_full:
        return frozenset()
    (reply,) = session.run([b"FETCH 1 (UID)"])
    oldest = min(items_of(reply.check())[0], default=0)
    return frozenset(uid for uid in gone if uid < oldest)
