"""Make a cell harmless: a spreadsheet must never run what a stranger wrote."""

from __future__ import annotations

from datetime import date

from inboxwatch.domain.plain import one_line

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    began_with_control = text.startswith(("\t", "\r"))
    clean = one_line(text)
    if began_with_control or clean.startswith(_DANGEROUS):
        return "'" + clean
    return clean


def as_text(value: object) -> str:
    """Write a cell for CSV: dates as ISO, nothing as an empty cell."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return harmless(str(value))
