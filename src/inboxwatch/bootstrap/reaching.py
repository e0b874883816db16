"""Try the ways to reach the user, and use those again that refused for good."""

from __future__ import annotations

from pathlib import Path

from inboxwatch.adapters.notify.smtp import SmtpNotifier
from inboxwatch.application.digest import Trouble
from inboxwatch.application.outbox import enable_target, why_disabled
from inboxwatch.bootstrap.known import Known
from inboxwatch.bootstrap.notifiers import notifiers_of
from inboxwatch.bootstrap.places import tls
from inboxwatch.settings.load import load


def check_sending(config: Path) -> None:
    """Log in at the SMTP server of a configuration; needs no store and sends nothing.

    Raises:
        NotifierError: it did not let us in.
        ConfigError: the configuration is wrong.
    """
    settings, _ = load(config)
    targets = notifiers_of(
        settings,
        context=tls(settings.email.ca_file),
        forbidden=lambda _address: False,  # nothing is sent
        local_secret=lambda: b"",
    )
    for target in targets:
        if isinstance(target, SmtpNotifier):
            target.check()


def switched_off(known: Known) -> tuple[Trouble, ...]:
    """Return the targets that are not used because they refused for good, and why."""
    with known.store.transaction(read_only=True) as tx:
        found = [why_disabled(tx, target.name) for target in known.notifiers]
    return tuple(one for one in found if one is not None)


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
