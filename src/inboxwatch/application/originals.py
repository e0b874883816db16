"""Keep the originals of council threads: fetched after the news is safe, each once."""

from __future__ import annotations

from inboxwatch.application.ports import MailSource, Store

# Asked for again only by a new process: a server that refuses one today refuses it tomorrow.
Refused = set[str]


def keep_originals(
    store: Store, source: MailSource, *, person: str, account: str, refused: Refused
) -> int:
    """Fetch and keep the originals of messages in threads that have none yet; count them.

    Args:
        refused: ids whose original could not be had; added to here.

    Raises:
        MailSourceError: the account could not be read.
    """
    with store.transaction(read_only=True) as tx:
        placed = {placement.message_id for placement in tx.placements(person)}
        missing = {
            next(at for at in entry.message.locations if at.account == account): entry.message_id
            for entry in tx.without_original(person, account)
            if entry.message_id in placed - refused
        }
    if not missing:
        return 0
    kept = 0
    for location, raw in source.originals(tuple(missing)):
        message_id = missing[location]
        if raw is None:
            refused.add(message_id)
            continue
        with store.transaction() as tx:
            tx.set_original(person, message_id, tx.save_original(raw))
        kept += 1
    return kept
