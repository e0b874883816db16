"""Audit mail files: no configuration, no store, nothing kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from inboxwatch.adapters import holidays, presets
from inboxwatch.adapters.clock import utc_now
from inboxwatch.adapters.mailfile import MailFiles
from inboxwatch.adapters.mime import MimeReader
from inboxwatch.adapters.wording import load_wording
from inboxwatch.application.draw import Yardstick, draw, read_mail
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.ports import Progress
from inboxwatch.application.records import FileScan
from inboxwatch.application.wording import moment_words
from inboxwatch.bootstrap.pure import watched_bodies
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.clocks import find_clock
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.rules import Rule


def audit_files(
    paths: Sequence[Path],
    *,
    me: Sequence[str],
    watch: Sequence[str],
    after: str = "10wd",
    calendar: str = "england-and-wales",
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> Picture:
    """Scan mail files and judge every thread in them.

    Args:
        as_of: default: the newest plausible date in the files, which is said in the notices.

    Raises:
        ConfigError: a path, address, clock or calendar is wrong, or there is no mail.
    """
    known = presets.load()
    calendars = holidays.calendars()
    if calendar not in calendars:
        raise ConfigError(
            f"there is no calendar '{calendar}'", remedy=f"Use one of: {', '.join(calendars)}."
        )
    find_clock(after, known.clocks)
    chosen = Watch(
        bodies=watched_bodies(watch, known.bodies),
        own_addresses=frozenset(address.strip().lower() for address in me),
        systems=presets.systems(),
    )
    yardstick = Yardstick(
        wording=load_wording(),
        rules=(Rule(name="default", clock=after, calendar=_own_calendar(after, calendar, known)),),
        clocks=known.clocks,
        calendars=calendars,
        calendar=calendar,
    )
    scan = MailFiles(paths, reader=MimeReader(now=utc_now), now=utc_now).scan(
        chosen, progress=progress
    )
    notices = []
    if as_of is None:
        if scan.newest_at is None:
            raise ConfigError(
                "no message in these files has a believable date",
                remedy="Say up to when the mail is complete: --as-of 2026-06-01",
            )
        as_of = scan.newest_at
        notices.append(
            f"The newest mail in these files is of {moment_words(as_of)}: nothing is known"
            " after that. Use --as-of to say otherwise."
        )
    read = read_mail(scan.messages, chosen, yardstick)
    picture = draw(
        read,
        yardstick,
        as_of=as_of,
        unreadable=scan.unreadable,
        scanned=Scanned(
            messages=scan.scanned,
            folders=scan.folders,
            not_scanned=scan.not_scanned,
        ),
        notices=tuple(notices),
    )
    hints = (*_silent(scan, chosen), *(() if picture.verdicts else _hints(scan, read.watch)))
    return replace(picture, notices=(*picture.notices, *hints))


def _own_calendar(after: str, calendar: str, known: presets.Presets) -> str | None:
    """A plain allowance counts on the calendar asked for; a preset keeps its own."""
    return None if after in known.clocks else calendar


def _silent(scan: FileScan, watch: Watch) -> tuple[str, ...]:
    """Name what is watched and has no mail at all: a mistyped council looks as if all were well."""
    seen = {
        watch.body_of(address.address)
        for message in scan.messages
        for address in (message.sender, *message.recipients)
        if address is not None
    }
    successors = {body.successor for body in watch.bodies}  # watched without being asked for
    return tuple(
        f"No mail to or from {body.name} was found in these files. Check how it is written."
        for body in watch.bodies
        if body not in seen and body.name not in successors
    )


def _hints(scan: FileScan, watch: Watch) -> tuple[str, ...]:
    """Help who found nothing: an address of their own is missing, or their Sent folder."""
    none = "No mail from you to a watched address was found"
    strangers = [address for address, _ in scan.writers if not watch.is_own(address)]
    if strangers:
        return (
            f"{none}. These addresses wrote to them: {', '.join(strangers[:5])}."
            " If one is yours, add it with --me.",
        )
    return (f"{none}, so what you asked is not known. Give your Sent folder too.",)
