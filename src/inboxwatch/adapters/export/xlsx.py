"""Write rows as a spreadsheet with real dates and numbers, a filter row and a sheet per body."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import xlsxwriter

from inboxwatch.adapters.export.cells import harmless

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_WIDTHS = {"subject": 44, "reason": 48, "message_id": 40, "council_mailbox": 30}
_BODY = "body"
_THREAD = "thread_id"
_CHRONOLOGY = "chronology"


def xlsx_bytes(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    as_of: datetime,
    sheet: str = "All",
    about: Sequence[str] = (),
    links: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """Return the file's bytes; the same rows and `as_of` give the same bytes.

    Args:
        as_of: stands as the file's creation date, so that the bytes do not depend on the clock.
        about: lines for a last sheet that says what the list is and is not.
        links: words and target by `thread_id`, for a last column that leads to the chronology.
    """
    linked = links or {}
    kept = [tuple(row) for row in rows]
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties({"created": as_of.replace(tzinfo=None), "title": "Emails to councils"})
    formats = {
        "header": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "day": workbook.add_format({"num_format": "d mmm yyyy", "align": "left"}),
        "text": workbook.add_format({"text_wrap": False}),
    }
    _sheet(workbook, sheet, columns, kept, formats, linked)
    if _BODY in columns:
        at = columns.index(_BODY)
        names = _sheet_names({str(row[at]) for row in kept}, {sheet.casefold(), "about"})
        for body, name in names.items():
            part = [r for r in kept if str(r[at]) == body]
            _sheet(workbook, name, columns, part, formats, linked)
    if about:
        page = workbook.add_worksheet("About")
        page.set_column(0, 0, 100, workbook.add_format({"text_wrap": True}))
        for line, text in enumerate(about):
            page.write_string(line, 0, harmless(text))
    workbook.close()
    return buffer.getvalue()


def _sheet_names(bodies: set[str], taken: set[str]) -> dict[str, str]:
    """Give each body a sheet name that Excel accepts: at most 31 characters, none twice."""
    names = {}
    for body in sorted(bodies):
        base = _FORBIDDEN.sub("-", harmless(body)).strip("'")[:31] or "Body"
        name, count = base, 2
        while name.casefold() in taken:
            name = f"{base[:28]} {count}"
            count += 1
        taken.add(name.casefold())
        names[body] = name
    return names


def _sheet(
    workbook: xlsxwriter.Workbook,
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    formats: dict[str, object],
    links: Mapping[str, tuple[str, str]],
) -> None:
    page = workbook.add_worksheet(name)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    if links:
        page.set_column(len(columns), len(columns), 14)
        page.write_string(0, len(columns), _CHRONOLOGY, formats["header"])
    for at, title in enumerate(columns):
        page.set_column(at, at, _WIDTHS.get(title, 14))
        page.write_string(0, at, title, formats["header"])
    for line, row in enumerate(rows, start=1):
        link = links.get(str(row[columns.index(_THREAD)])) if links else None
        if link is not None:
            words, target = link
            page.write_url(line, len(columns), f"external:{target}", string=words)
        for at, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, date):
                page.write_datetime(line, at, value, formats["day"])
            elif isinstance(value, int):
                page.write_number(line, at, value)
            else:
                page.write_string(line, at, harmless(str(value)), formats["text"])
