"""What a poll goes out from: whose mail is ours to read, and how far each folder was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from inboxwatch.application.learning import with_learned
from inboxwatch.application.ports import Store
from inboxwatch.application.records import FolderState
from inboxwatch.domain.bodies import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What was stored when the store had this version. `watch` holds what corrections added."""

    version: str
    watch: Watch
    watch_digest: str
    states: Mapping[str, FolderState]


def start_of(
    store: Store, account: str, person: str, watch: Watch, *, before: Start | None = None
) -> Start:
    """Return what a poll of an account goes out from.

    Args:
        watch: whom the person's mail is watched for, as the settings say.
        before: what the last poll went out from; it holds as long as nothing was written.

    Raises:
        StoreError: the store could not be read.
    """
    version = store.version()
    if before is not None and before.version == version:
        return before
    with store.transaction(read_only=True) as tx:
        whole = with_learned(tx, person, watch)
        states = tx.folder_states(account)
    same = before is not None and before.watch == whole
    digest = before.watch_digest if before is not None and same else watch_digest(whole)
    return Start(version=version, watch=whole, watch_digest=digest, states=states)


def watch_digest(watch: Watch) -> str:
    """Return a short text that changes when what is ours to read changes."""
    parts = sorted(
        "|".join((body.name, *sorted(body.domains), *sorted(body.addresses)))
        for body in watch.bodies
    )
    parts += sorted(f"{place}={body}" for place, body in watch.learned)
    parts += sorted(f"system:{domain}" for domain in watch.systems)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
