"""Checks now and then that a SEARCH which is trusted still finds what is there.

A random part of the folder is read by its headers and compared with what SEARCH finds there. New
mail never depends on SEARCH; what it missed in a first scan would else stay unknown for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from inboxwatch.adapters.imap import answers, search
from inboxwatch.adapters.imap.calibration import Calibration
from inboxwatch.adapters.imap.interest import Interest
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.pools import items_of
from inboxwatch.adapters.imap.reading import FolderReading
from inboxwatch.adapters.imap.session import Session
from inboxwatch.adapters.imap.tokens import Garbled
from inboxwatch.adapters.imap.wire import CommandRefused
from inboxwatch.application.records import FolderState

Choose = Callable[[int], int]  # a random number below another


def is_due(state: FolderState, *, messages: int, now: datetime, limits: Limits) -> bool:
    """Tell whether a folder's SEARCH is to be checked with this poll."""
    if state.search_trusted is not True or state.scan_cursor is not None:
        return False
    if messages <= limits.calibration:
        return False  # too small to be searched
    every = timedelta(days=limits.audit_days)
    return state.audited_at is None or now - state.audited_at >= every


def audited(
    state: FolderState, messages: int, reading: FolderReading, *, now: datetime, choose: Choose
) -> FolderState:
    """Check the open folder's SEARCH when that is due; where it lies, all is to be read anew."""
    session = reading.session
    if not is_due(state, messages=messages, now=now, limits=session.limits):
        return state
    try:
        if holds(session, reading.interest, messages, choose):
            return replace(state, audited_at=now)
    except CommandRefused:
        return state  # it is tried again with the next poll
    return replace(
        state,
        search_trusted=False,
        search_lied_at=now,
        audited_at=now,
        scan_cursor=state.uidnext,
    )


def holds(session: Session, interest: Interest, exists: int, choose: Choose) -> bool:
    """Tell whether SEARCH finds all that is ours in a random part of the open folder.

    Raises:
        CommandRefused: the server does not let us look.
    """
    window = min(session.limits.calibration, exists)
    first = choose(exists - window + 1) + 1
    (reply,) = session.run([b"FETCH %d:%d (UID)" % (first, first + window - 1)])
    blocks, _refused = session.headers(items_of(reply.check())[0])
    if not blocks:
        return True  # they went while we looked
    within = b"UID %d:%d " % (min(blocks), max(blocks))
    limit = session.limits.command_bytes - 100
    programs = search.wanted(interest, max_bytes=limit)
    try:
        found = [
            answers.found(each.check().untagged)
            for each in session.run(session.search(within + program for program in programs))
        ]
    except (CommandRefused, Garbled) as error:
        if isinstance(error, CommandRefused) and error.is_passing:
            raise
        return False  # it did answer once, or it would not be trusted
    return Calibration(session, interest, exists).agrees(blocks, frozenset().union(*found))
