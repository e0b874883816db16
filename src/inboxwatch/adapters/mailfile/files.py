"""Scan mail files for what is ours to read: the source of `audit`. Never writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from inboxwatch.adapters.mailfile.archive import members
from inboxwatch.adapters.mailfile.scan import Scan
from inboxwatch.adapters.mailfile.sources import Form, Source, find
from inboxwatch.application.ports import MailReader, Progress
from inboxwatch.application.records import FileScan, NotScanned
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.message import FolderRole

_REMEDY = "Give an mbox file, a Maildir, a folder of .eml files or a Google Takeout .zip."


class MailFiles:
    """Mail files at one or several paths.

    Args:
        reader: parses what the sieve lets through.
        now: the wall clock; no mail is newer.
    """

    def __init__(
        self, paths: Sequence[Path], *, reader: MailReader, now: Callable[[], datetime]
    ) -> None:
        self._paths = tuple(paths)
        self._reader = reader
        self._now = now

    def scan(
        self,
        watch: Watch | None,
        *,
        ours: Iterable[str] = (),
        progress: Progress | None = None,
    ) -> FileScan:
        """Find the mail of watched bodies, what names it, and reports.

        All mail is looked at once, in constant memory but for what is found. Mail that only
        names a message of ours is read in a second pass, so it may lie before what it names.

        Args:
            watch: whom to look for; None gives every message.
            ours: further ids that are ours, such as those of reminders.

        Raises:
            ConfigError: a path is missing, or no mail could be read at any.
        """
        sources, not_scanned = self._sources()
        scan = Scan(self._reader, watch, sources, self._now(), progress)
        scan.not_scanned += not_scanned
        for number, source in enumerate(sources):
            scan.read(number, source)
        scan.read_answers(ours)
        if not scan.scanned:
            raise self._nothing(scan.not_scanned)
        return scan.result()

    def _sources(self) -> tuple[tuple[Source, ...], list[NotScanned]]:
        missing = tuple(str(path) for path in self._paths if not path.exists())
        if missing or not self._paths:
            raise ConfigError(
                f"no such file or directory: {', '.join(missing)}" if missing else "no path given",
                remedy=_REMEDY,
                faults=missing,
            )
        sources: list[Source] = []
        not_scanned: list[NotScanned] = []
        for path in dict.fromkeys(self._paths):
            found = find(path)
            not_scanned += found.not_scanned
            for source in found.sources:
                inner = members(source) if source.form is Form.ARCHIVE else None
                sources += inner.sources if inner else (source,)
                not_scanned += inner.not_scanned if inner else ()
        return tuple(s for s in sources if s.role is not FolderRole.DRAFTS), not_scanned

    def _nothing(self, not_scanned: Sequence[NotScanned]) -> ConfigError:
        faults = tuple(f"{each.place}: {each.reason}" for each in not_scanned)
        places = ", ".join(str(path) for path in self._paths)
        return ConfigError(
            f"no mail was found in {places}" + (f" ({faults[0]})" if faults else ""),
            remedy=_REMEDY,
            faults=faults,
        )
