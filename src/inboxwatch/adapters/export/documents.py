"""The documents of one picture that belong together: the chronology and the list as data."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from inboxwatch.adapters.export.chronology import ALL_LISTED, chronology, thread_numbers
from inboxwatch.adapters.export.csvfile import csv_bytes
from inboxwatch.adapters.export.pdf import chronology_pdf, let_go
from inboxwatch.adapters.export.volumes import volumes
from inboxwatch.adapters.export.xlsx import xlsx_bytes
from inboxwatch.application.listing import CSV_COLUMNS, csv_rows, picture_json
from inboxwatch.application.picture import Picture, chosen
from inboxwatch.application.statistics import statistics
from inboxwatch.application.wording import DISCLAIMER, no_reply_found
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.verdict import Status

CHRONOLOGY = "chronology.pdf"


def pdf_bytes(
    picture: Picture,
    calendar: Calendar,
    *,
    statuses: Collection[Status] = ALL_LISTED,
    about: Iterable[str] = (),
) -> bytes:
    """Return the chronology of a picture; the same picture gives the same bytes.

    Args:
        picture: with threads of every status, so that what stands apart is seen.
        calendar: counts the working days of the figures.
        statuses: which threads are listed; those in review always stand apart.
        about: more lines on how the list was made.

    Raises:
        ChronologyNotSet: the typesetter is not installed.
    """
    content = chronology(
        picture, statistics(picture, calendar), statuses=statuses, about=tuple(about)
    )
    return chronology_pdf(content, as_of=picture.as_of)


def documents(
    picture: Picture,
    calendar: Calendar,
    *,
    statuses: Collection[Status] = ALL_LISTED,
    about: Iterable[str] = (),
) -> dict[str, bytes]:
    """Return the documents of an evidence bundle by name; see `pdf_bytes`.

    A chronology of many hundred messages comes in parts, so that memory stays bounded.
    """
    about = tuple(about)
    listed = chosen(picture, statuses=frozenset((*statuses, Status.REVIEW)))
    rows = csv_rows(listed.verdicts)
    content = chronology(picture, statistics(picture, calendar), statuses=statuses, about=about)
    made: dict[str, bytes] = {}
    places: dict[str, str] = {}
    for number, part in enumerate(volumes(content), start=1):
        if number > 1:
            let_go()
        name = CHRONOLOGY if number == 1 else f"chronology-part-{number}.pdf"
        made[name] = chronology_pdf(part, as_of=picture.as_of)
        for thread in (*(t for s in part["sections"] for t in s["threads"]), *part["review"]):
            places[thread["id"]] = name
    links = {
        thread: (f"thread {number}", f"{places[thread]}#thread-{thread}")
        for thread, number in thread_numbers(picture, statuses).items()
    }
    return {
        **made,
        "list.csv": csv_bytes(CSV_COLUMNS, rows),
        "list.json": json_bytes(listed),
        "list.xlsx": xlsx_bytes(
            CSV_COLUMNS,
            rows,
            as_of=picture.as_of,
            about=(no_reply_found(picture.as_of) + ".", *about, DISCLAIMER),
            links=links,
        ),
    }


def chronology_links(
    picture: Picture, file: str, *, statuses: Collection[Status] = ALL_LISTED
) -> dict[str, tuple[str, str]]:
    """Return words and target of the link to each thread's place in a chronology, by its id."""
    return {
        thread: (f"thread {number}", f"{file}#thread-{thread}")
        for thread, number in thread_numbers(picture, statuses).items()
    }


def json_bytes(picture: Picture) -> bytes:
    """Return the JSON of a picture; broken mail's lone surrogates become question marks."""
    text = json.dumps(picture_json(picture), ensure_ascii=False, indent=2)
    return (text + "\n").encode("utf-8", "replace")
