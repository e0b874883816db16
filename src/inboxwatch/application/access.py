"""What someone may see who is limited to some cases. A picture in, a smaller one out. Pure."""

from __future__ import annotations

from dataclasses import replace

from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.records import NotScanned
from inboxwatch.application.wording import plural
from inboxwatch.domain.threads import Assembly


def limited_to(picture: Picture, cases: frozenset[str]) -> Picture:
    """Return the picture with the threads of some cases and nothing of any other.

    Mail that belongs to no thread, unreadable mail and the names of folders are somebody else's
    until they stand in a case; that something was not read is said without its name.
    """
    verdicts = tuple(v for v in picture.verdicts if v.case in cases)
    left_out = len(picture.scanned.not_scanned)
    return replace(
        picture,
        verdicts=verdicts,
        assembly=Assembly(threads=tuple(v.thread for v in verdicts)),
        unreadable=(),
        scanned=Scanned(
            messages=sum(len(v.thread.placed) for v in verdicts),
            not_scanned=(NotScanned(place=plural(left_out, "folder")),) if left_out else (),
        ),
    )
