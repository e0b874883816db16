"""What becomes of folders that the server no longer lists. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from inboxwatch.application.records import FolderBatch, FolderState, Wanted
from inboxwatch.domain.message import Location

MISSING = "the folder is no longer listed; waiting for the next poll before believing it"


def missing(
    states: Mapping[str, FolderState], wanted: Wanted, *, there: Collection[str]
) -> Iterator[FolderBatch]:
    """Yield folders that are no longer there, believed at the second poll that misses them.

    Args:
        there: names of folders that are listed, and of those that are left out on purpose.
    """
    for name, state in states.items():
        if name in there:
            continue
        empty = FolderState(account=state.account, folder=name, role=state.role)
        if not state.uidvalidity:
            if state.problem:  # never read, and no longer there to fail
                yield FolderBatch(state=empty, complete=True)
        elif state.problem != MISSING:
            yield FolderBatch(state=replace(state, problem=MISSING), complete=True)
        else:
            gone = tuple(
                Location(
                    account=state.account,
                    folder=name,
                    role=state.role,
                    uidvalidity=state.uidvalidity,
                    uid=uid,
                )
                for uid in sorted(wanted.known_uids(state.account, name, state.uidvalidity))
            )
            yield FolderBatch(state=empty, gone=gone, complete=True)
