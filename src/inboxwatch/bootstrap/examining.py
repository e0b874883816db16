"""Examine the whole set-up for `doctor`: each part is tried for real."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from inboxwatch.adapters.notify.smtp import SmtpNotifier
from inboxwatch.application.doctor import (
    Finding,
    Level,
    about_folders,
    about_mail,
    good,
    hint,
    problem,
)
from inboxwatch.application.outbox import why_disabled
from inboxwatch.application.wording import plural
from inboxwatch.bootstrap.app import App
from inboxwatch.bootstrap.sources import look_at
from inboxwatch.domain.errors import InboxwatchError

_LOW_DISK = 200 * 1024 * 1024  # bytes


def examine(app: App) -> Iterator[Finding]:
    """Yield what is found, part by part; a part that fails does not stop the next."""
    if app.config is None:
        yield hint("configuration", "there is no file", "Make one with: inboxwatch init")
    else:
        yield good("configuration", f"{app.config} has no mistakes")
    yield from _store(app)
    if not app.settings.accounts:
        yield hint("accounts", "there are none", "Make one with: inboxwatch init")
    for account in app.settings.accounts:
        yield from _account(app, account)
    for person in app.people(None) if app.settings.accounts else ():
        try:
            yield from about_mail(person, app.picture(person))
        except InboxwatchError as error:
            yield hint(f"mail of {person}", error.problem, error.remedy)
    yield from _targets(app)


def _store(app: App) -> Iterator[Finding]:
    try:
        with app.store.transaction(read_only=True) as tx:
            counts = tx.counts()
        yield good(
            "store", f"its tables are current; it holds {plural(counts.messages, 'message')}"
        )
    except InboxwatchError as error:
        yield problem("store", error)
    free = shutil.disk_usage(app.data_folder).free
    if free < _LOW_DISK:
        yield hint("disk", f"only {free // 1024**2} MB are left", "Make room, or move data_folder.")


def _account(app: App, account: str) -> Iterator[Finding]:
    chosen = app.settings.accounts[account]
    try:
        seen = look_at(app.source(account))
    except InboxwatchError as error:
        yield problem(f"account {account}", error)
        return
    yield good(f"account {account}", f"logged in as {chosen.username or chosen.address}")
    if seen.sent:
        yield good(f"account {account}", f"Sent mail is in {', '.join(seen.sent)}")
    else:
        yield Finding(
            about=f"account {account}",
            level=Level.PROBLEM,
            text="no Sent folder was found, so what you wrote is not known",
            remedy=f"Name it with sent_folders under [accounts.{account}]."
            f" Folders there: {', '.join(seen.folders[:12])}",
        )
    if not seen.junk:
        yield hint(f"account {account}", "no Junk folder was found", "Name it with junk_folders.")
    mine = ", ".join(sorted(app.watch(chosen.person).own_addresses))
    yield good(f"account {account}", f"your addresses: {mine}")
    try:
        with app.store.transaction(read_only=True) as tx:
            states = tx.folder_states(account)
    except InboxwatchError:
        return  # the store has said so already
    yield from about_folders(account, states.values())


def _targets(app: App) -> Iterator[Finding]:
    try:
        targets = app.notifiers
    except InboxwatchError as error:
        yield problem("reminders", error)
        return
    if not targets:
        yield hint(
            "reminders",
            "none will be sent: there is neither email nor webhook",
            "Set [email] or [webhooks.NAME] in the configuration.",
        )
    for target in targets:
        with app.store.transaction(read_only=True) as tx:
            disabled = why_disabled(tx, target.name)
        if disabled is not None:
            told = InboxwatchError(disabled.what, remedy=disabled.remedy)
            yield problem(f"reminders by {target.name}", told)
            continue
        if isinstance(target, SmtpNotifier):
            try:
                target.check()
            except InboxwatchError as error:
                yield problem(f"reminders by {target.name}", error)
                continue
            yield good(f"reminders by {target.name}", "the server let us in")
        else:
            yield good(
                f"reminders by {target.name}", "set up; tried when there is something to say"
            )
