"""Evidence from the store: figures, chronologies and bundles of one person's picture."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import IO, Any

from inboxwatch.adapters.export.bundle import Evidence, Written, write_bundle
from inboxwatch.adapters.export.chronology import ALL_LISTED
from inboxwatch.adapters.export.documents import documents
from inboxwatch.application.picture import Picture, chosen
from inboxwatch.application.redaction import ABOUT_REDACTION
from inboxwatch.bootstrap.known import Known
from inboxwatch.domain.calendar import ENGLAND_AND_WALES, Calendar
from inboxwatch.domain.verdict import Status


def working_days(known: Known, picture: Picture) -> Calendar:
    """Return the calendar that counts a picture's working days."""
    calendar = known.yardstick.calendars.get(picture.calendar)
    if calendar is None or not calendar.has_weekends:
        return known.yardstick.calendars[ENGLAND_AND_WALES]
    return calendar


def narrowed(picture: Picture, *, body: str | None = None, case: str | None = None) -> Picture:
    """Return a picture of one body or case alone, with what stands apart for that body."""
    found = chosen(picture, body=body, case=case)
    if body is None:
        return found
    assembly = replace(
        picture.assembly, unplaced=tuple(u for u in picture.unplaced if u.body == body)
    )
    return replace(found, assembly=assembly)


def write_evidence(
    known: Known,
    picture: Picture,
    out: IO[bytes],
    *,
    statuses: Collection[Status] = ALL_LISTED,
    redacted: bool = False,
    some_cases: bool = False,
) -> Written:
    """Write an evidence bundle of a picture.

    Args:
        out: a new file, open for writing and reading.
        redacted: the picture is; then no original goes in, and no setting that names anyone.
        some_cases: for somebody who may see only these; no setting goes in that names others.

    Raises:
        ChronologyNotSet: the typesetter is not installed.
    """
    about = (ABOUT_REDACTION,) if redacted else ()
    listed = chosen(picture, statuses=frozenset((*statuses, Status.REVIEW)))
    files = documents(picture, working_days(known, picture), statuses=statuses, about=about)
    with known.store.transaction(read_only=True) as tx:
        original: Callable[[str], bytes | None] | None = None if redacted else tx.original
        return write_bundle(
            out,
            Evidence(
                picture=picture,
                listed=listed.verdicts,
                documents=files,
                settings=_settings(known, redacted or some_cases),
                original=original,
            ),
        )


def _settings(known: Known, named_apart: bool) -> dict[str, Any]:
    """Return the settings that shaped the list: no login, no address of a server, no secret."""
    chosen_by_user = known.settings
    settings: dict[str, Any] = {
        "after": chosen_by_user.after,
        "calendar": chosen_by_user.calendar,
        "calendar_versions": {
            name: calendar.version
            for name, calendar in sorted(known.yardstick.calendars.items())
            if calendar.version
        },
    }
    if named_apart:
        return settings
    return {
        **settings,
        "watch": list(chosen_by_user.watch),
        "rules": [
            {"name": rule.name, "clock": rule.clock, "calendar": rule.calendar}
            for rule in known.yardstick.rules
        ],
        "excluded_folders": sorted(
            {f for a in chosen_by_user.accounts.values() for f in a.exclude_folders}
        ),
    }
