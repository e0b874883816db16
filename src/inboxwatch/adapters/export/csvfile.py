"""Write rows as CSV that Excel opens right: UTF-8 with a byte order mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from inboxwatch.adapters.export.cells import as_text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the file's bytes; the same rows give the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([as_text(value) for value in row])
    return "\ufeff".encode() + text.getvalue().encode("utf-8", "replace")
