"""Use channels again that were switched off because they refused for good."""

from __future__ import annotations

from inboxwatch.application.outbox import enable_target, why_disabled
from inboxwatch.bootstrap.known import Known


def use_again(known: Known, *names: str) -> dict[str, int]:
    """Use targets again; return how much waits for each of those that were switched off.

    Args:
        names: which; none for all.
    """
    found = {}
    people = known.people(None)
    with known.store.transaction() as tx:
        for target in known.notifiers:
            if (not names or target.name in names) and why_disabled(tx, target.name):
                found[target.name] = enable_target(tx, target.name, people=people)
    return found
