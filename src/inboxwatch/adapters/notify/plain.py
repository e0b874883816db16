"""Make foreign text safe to show: one line, no control or direction characters. Pure."""

from __future__ import annotations

import unicodedata

# Joiners are needed by emoji and some scripts; every other format character can deceive.
_KEPT_FORMAT = frozenset("\u200c\u200d")
_MARKS_IN_A_ROW = 3


def one_line(text: str, *, limit: int = 120) -> str:
    """Return text as one harmless line of at most `limit` characters.

    Line breaks and separators become spaces. Controls, direction overrides, invisible characters
    and tags are dropped, heaps of combining marks cut, broken characters shown as U+FFFD.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text[: limit * 20]):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char.isspace() or category in ("Zl", "Zp"):
            kept.append(" ")
        elif category in ("Cs", "Co", "Cn"):
            kept.append("\ufffd")
        elif (category in ("Cc", "Cf") and char not in _KEPT_FORMAT) or marks > _MARKS_IN_A_ROW:
            continue
        else:
            kept.append(char)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
