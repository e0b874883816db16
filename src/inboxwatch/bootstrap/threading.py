"""Thread whole mail files, every correspondent watched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inboxwatch.adapters.clock import utc_now
from inboxwatch.adapters.mailfile import MailFiles
from inboxwatch.adapters.mime import MimeReader
from inboxwatch.application.ports import Progress
from inboxwatch.domain.everyone import assemble_all
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.threads import Direction, Entry, Thread

_NO_OPINION = Classification(kind=Kind.UNSURE)


def threads_of(paths: Sequence[Path], *, progress: Progress | None = None) -> tuple[Thread, ...]:
    """Return the threads of all mail in some files.

    Raises:
        ConfigError: a path is missing or holds no mail.
    """
    scan = MailFiles(paths, reader=MimeReader(now=utc_now), now=utc_now).scan(
        None, progress=progress
    )
    return assemble_all(
        Entry(message=message, classification=_NO_OPINION, direction=Direction.RECEIVED)
        for message in scan.messages
    )
