"""Goes on with a command that a server did for some of the messages only. Sends nothing itself.

Source: RFC 9738 (MESSAGELIMIT): the newest come first, and the code names the oldest that was done.
"""

from __future__ import annotations

import re

from inboxwatch.adapters.imap.wire import Reply

_CUT_SHORT = re.compile(r"\[MESSAGELIMIT \d+ (\d+)\]", re.IGNORECASE)
_SEARCH = re.compile(rb"(UID SEARCH (?:RETURN \([A-Z ]*\) )?)(?:UID 1:\d+ )?(.*)", re.DOTALL)


def rest(command: bytes, reply: Reply) -> bytes | None:
    """Return the command for the messages that were left out; None when none were."""
    cut = _CUT_SHORT.search(reply.text) if reply.is_ok else None
    if cut is None:
        return None
    last = int(cut[1]) - 1
    if command.startswith(b"UID FETCH "):
        uids, _, items = command.removeprefix(b"UID FETCH ").partition(b" ")
        left = _up_to(last, uids)
        more = b"UID FETCH " + left + b" " + items if left else None
    else:
        search = _SEARCH.fullmatch(command) if last else None
        more = None if search is None else search[1] + b"UID 1:%d " % last + search[2]
    return more if more != command else None


def _up_to(last: int, uids: bytes) -> bytes:
    """Return the part of a set of UIDs that lies at or below one."""
    kept = []
    for part in uids.split(b","):
        low, _, high = part.partition(b":")
        if int(low) <= last:
            end = last if high == b"*" else min(int(high or low), last)
            kept.append(low if end == int(low) else b"%d:%d" % (int(low), end))
    return b",".join(kept)
