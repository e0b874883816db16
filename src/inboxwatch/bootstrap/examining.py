"""Examine the whole set-up for `doctor`: each part is tried for real."""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from inboxwatch.adapters.letters import TemplateLetters
from inboxwatch.adapters.notify.smtp import SmtpNotifier
from inboxwatch.application.digest import Trouble
from inboxwatch.application.doctor import (
    Finding,
    Level,
    about_folders,
    about_mail,
    good,
    hint,
    problem,
)
from inboxwatch.application.outbox import USE_AGAIN, why_disabled
from inboxwatch.application.ports import Notifier
from inboxwatch.application.wording import mail_of, moment_words, plural
from inboxwatch.bootstrap.app import App
from inboxwatch.bootstrap.pure import known_bodies
from inboxwatch.bootstrap.sources import look_at
from inboxwatch.domain.bodies import is_within
from inboxwatch.domain.errors import InboxwatchError

_LOW_DISK = 200 * 1024 * 1024  # bytes
_PAGE = 64 * 1024  # bytes that must be writable
_CLOCKS_DIFFER = timedelta(minutes=5)
_ALIKE = 0.85


def examine(app: App) -> Iterator[Finding]:
    """Yield what is found, part by part; a part that fails does not stop the next."""
    if app.config is None:
        yield hint("configuration", "there is no file", "Make one with: inboxwatch init")
    else:
        yield good("configuration", f"{app.config} has no mistakes")
    yield from _watched(app)
    yield from _store(app)
    if not app.settings.accounts:
        none = InboxwatchError(
            "there are none, so nothing is watched", remedy="Make one with: inboxwatch init"
        )
        yield problem("accounts", none)
    for account in app.settings.accounts:
        yield from _account(app, account)
    for person in app.people(None) if app.settings.accounts else ():
        try:
            yield from about_mail(person, app.picture(person))
        except InboxwatchError as error:
            yield hint(mail_of(person), error.problem, error.remedy)
    yield from _letters(app)
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
    yield from _writable(app)
    yield from _clock(app)


def _writable(app: App) -> Iterator[Finding]:
    try:
        with tempfile.TemporaryFile(dir=app.data_folder) as file:
            file.write(bytes(_PAGE))
    except OSError as error:
        told = InboxwatchError(
            f"nothing can be written to {app.data_folder}: {error.strerror}",
            remedy="Make room on that disk, or see that the folder belongs to this user.",
        )
        yield problem("disk", told)


def _clock(app: App) -> Iterator[Finding]:
    """Notice a clock that was set back; a poll cannot have ended in the future."""
    now = app.now()
    ahead = [
        health.last_poll_at
        for health in app.accounts_health()
        if health.last_poll_at is not None and health.last_poll_at > now + _CLOCKS_DIFFER
    ]
    if ahead:
        told = InboxwatchError(
            f"mail was read at {moment_words(max(ahead))}, but it is {moment_words(now)} now",
            remedy="Check date and time of this computer. The next poll puts it right.",
        )
        yield problem("clock", told)


def _account(app: App, account: str) -> Iterator[Finding]:
    chosen = app.settings.accounts[account]
    try:
        seen = look_at(app.source(account))
    except InboxwatchError as error:
        yield problem(f"account {account}", error, known=f"account '{account}'")
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


def _letters(app: App) -> Iterator[Finding]:
    """Look the user's own letters over, which nothing else reads before one is needed."""
    folder = app.settings.letters_folder
    if folder is None:
        return
    try:
        TemplateLetters(folder).check()
    except InboxwatchError as error:
        yield problem("letters", error)
    else:
        yield good("letters", f"those in {folder} can be used")


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
            yield _switched_off(target, disabled)
            continue
        yield _tried(target)


def _switched_off(target: Notifier, why: Trouble) -> Finding:
    """Say what is wrong with a target that refused for good, as it is now where that shows."""
    now = _tried(target)
    if now.level is Level.PROBLEM:
        return replace(now, remedy=f"{now.remedy}\n{USE_AGAIN}")
    told = InboxwatchError(f"switched off: {why.what}", remedy=why.remedy)
    if hasattr(target, "check"):
        told = InboxwatchError(
            f"switched off: {why.what}; tried just now, nothing was wrong",
            remedy="To use it again, run: inboxwatch resume",
        )
    return problem(f"reminders by {target.name}", told)


def _tried(target: Notifier) -> Finding:
    """Try a target as far as can be without telling it anything."""
    about = f"reminders by {target.name}"
    check = getattr(target, "check", None)
    if check is None:
        return good(about, "set up; tried when there is something to say")
    try:
        check()
    except InboxwatchError as error:
        return problem(about, error, known=target.name)
    if isinstance(target, SmtpNotifier):
        return good(about, "the server let us in")
    return good(about, "its server answers; an event is sent when there is something to say")


def _watched(app: App) -> Iterator[Finding]:
    """Notice a council that may be mistyped."""
    known = known_bodies()
    for word in app.settings.watch:
        domain = word.rpartition("@")[2].lower()
        if domain in known or any(is_within(domain, other) for other in known):
            continue
        near = difflib.get_close_matches(domain, known, n=1, cutoff=_ALIKE)
        if near and domain not in app.settings.bodies:
            yield hint(
                "watch",
                f"{word} is no council that inboxwatch knows; {near[0]} is ({known[near[0]]})",
                "Correct `watch` if you meant that; else ignore this.",
            )
