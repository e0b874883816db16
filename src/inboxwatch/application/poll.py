"""Poll one account: read what is new and store it, batch by batch. Decides nothing about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from inboxwatch.application.ours import Ours
from inboxwatch.application.ports import MailSource, Now, Progress, Store
from inboxwatch.application.recording import Recorder
from inboxwatch.application.records import FolderBatch, FolderState, PollRecord, Wanted
from inboxwatch.application.starting import Start
from inboxwatch.application.storing import Judge, Keys, Storing
from inboxwatch.domain.errors import MailSourceError, StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll did. `new` counts messages not stored before.

    `version` is the store's when a poll without news began; empty after any other.
    """

    record: PollRecord
    new: int = 0
    new_ids: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    version: str = ""


def poll(
    store: Store,
    source: MailSource,
    *,
    account: str,
    person: str,
    start: Start,
    judge: Judge,
    keys: Keys,
    now: Now,
    judged_by: str = "",
    since: datetime | None = None,
    excluded: frozenset[str] = frozenset(),
    progress: Progress | None = None,
    record: Recorder | None = None,
) -> Polled:
    """Read an account's news into the store; a batch commits with the cursor behind it.

    Running it again, or dying between two batches, loses and repeats nothing.

    Args:
        start: whose mail is ours to read, and how far each folder was read.
        judge: gives a message its first classification; `review` decides with its surroundings.
        judged_by: names by what `judge` judges (`Yardstick.judged_by`), so that a first review can
            go on from there.
        excluded: folders that the user excluded; they do not hold up a complete poll.
        record: keeps the record of a poll that stored nothing; None keeps it at once.

    Raises:
        MailSourceError: the account as a whole could not be read; it is recorded first.
        StoreError: the store could not be written.
    """
    started = now()
    states = start.states
    ours = Ours(store, person)
    storing = Storing(
        store=store,
        person=person,
        watch=start.watch,
        judge=judge,
        keys=keys,
        judged_by=judged_by,
        ours=ours,
        recorder=record or Recorder(store),
    )

    def known_uids(account: str, folder: str, uidvalidity: int) -> frozenset[int]:
        storing.settle()
        with store.transaction(read_only=True) as tx:
            return tx.known_uids(account, folder, uidvalidity)

    wanted = Wanted(
        watch=start.watch,
        is_ours=ours,
        expect=ours.expect,
        our_ids=ours.every,
        watch_digest=start.watch_digest,
        since=since,
        known_uids=known_uids,
    )
    problems: list[str] = []
    scanned = 0
    read_to_the_end: dict[str, bool] = {}
    stored = dict(states)

    def ended(*, complete: bool, problem: str) -> PollRecord:
        return PollRecord(
            account=account,
            person=person,
            started_at=started,
            ended_at=now(),
            complete=complete,
            scanned=scanned,
            problem=problem,
        )

    try:
        for batch in source.poll(states, wanted, progress=progress):
            scanned += batch.scanned
            folder = batch.state.folder
            if not batch.complete and batch.state.problem:
                problems.append(f"{folder}: {batch.state.problem}")
            left_out = batch.state.excluded or folder in excluded
            read_to_the_end[folder] = batch.complete or left_out
            if _says_nothing(batch, stored.get(folder)):
                continue
            storing.add(batch)
            stored[folder] = batch.state
    except MailSourceError as error:
        storing.finish(ended(complete=False, problem=error.problem))
        raise
    except StoreError:
        raise
    except Exception:
        storing.settle()  # a fault of ours in one folder does not cost what was read before it
        raise
    is_whole = all(read_to_the_end.values())
    saved = storing.finish(ended(complete=is_whole, problem="; ".join(problems)))
    return Polled(
        record=saved,
        new=saved.found,
        new_ids=tuple(storing.new),
        problems=tuple(problems),
        version="" if storing.has_written else start.version,
    )


def _says_nothing(batch: FolderBatch, before: FolderState | None) -> bool:
    """Tell whether a batch changes nothing worth a write: gentle on disks too."""
    if batch.arrivals or batch.unreadable or batch.gone or batch.reset or before is None:
        return False
    if batch.state is before:  # as it is for every folder of a quiet poll
        return True
    return replace(batch.state, polled_at=None) == replace(before, polled_at=None)
