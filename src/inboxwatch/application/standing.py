"""How far the polls of each account have come; read anew only where the store was written since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inboxwatch.application.ports import Store, Transaction
from inboxwatch.application.recording import Recorder
from inboxwatch.application.records import FolderState, PollRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An account's newest poll, its newest complete one, and what is remembered of its folders."""

    last: PollRecord | None
    complete: PollRecord | None
    folders: tuple[FolderState, ...]


def standing_of(tx: Transaction, account: str) -> Standing:
    """Read how an account stands."""
    last = tx.last_poll(account)
    complete = last if last is None or last.complete else tx.last_complete_poll(account)
    return Standing(last=last, complete=complete, folders=tuple(tx.folder_states(account).values()))


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read, of which version of the store; `note` was saved before that."""

    version: str
    note: PollRecord | None
    standing: Standing


class Standings:
    """The standings of accounts, kept as long as nothing is written. Threads share it.

    The notes of polls without news, which may leave the store's version as it was, are told by
    the recorder that saved them: the only one that notes in this store.
    """

    def __init__(self, store: Store, record: Recorder) -> None:
        self._store = store
        self._record = record
        self._kept: dict[str, _Kept] = {}  # by account

    def of(self, accounts: Iterable[str]) -> dict[str, Standing]:
        """Return how these accounts stand.

        Raises:
            StoreError: the store could not be read.
        """
        version = self._store.version()
        found = {account: self._known(account, version) for account in accounts}
        if unknown := [account for account, standing in found.items() if standing is None]:
            notes = dict(self._record.noted)
            with self._store.transaction(read_only=True) as tx:
                for account in unknown:
                    standing = standing_of(tx, account)
                    self._kept[account] = _Kept(version, notes.get(account), standing)
                    found[account] = standing
        return {account: standing for account, standing in found.items() if standing is not None}

    def _known(self, account: str, version: str) -> Standing | None:
        """Return what still holds of an account; None where it is to be read."""
        kept, note = self._kept.get(account), self._record.noted.get(account)
        if kept is None or kept.version != version:
            return None
        standing = kept.standing
        if note is None or note is kept.note:
            return standing
        if standing.last is not None and note.ended_at <= standing.last.ended_at:
            return None  # a clock was set back, or somebody else polled: the store decides
        return Standing(last=note, complete=note, folders=standing.folders)
