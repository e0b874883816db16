"""Make hostile text harmless to show in one line. Pure."""

from __future__ import annotations

import unicodedata

# Explicit direction marks can show a line in another order than it was written in.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff\ufff9\ufffa\ufffb")


def one_line(text: str, limit: int | None = None) -> str:
    """Return text without controls, escapes, direction marks, invisible signs or line breaks.

    White space is folded. Longer than `limit` characters, it ends in an ellipsis.
    """
    kept = []
    for char in text:
        if char in _DIRECTION or char in _INVISIBLE:
            continue
        kept.append(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") else char)
    folded = " ".join("".join(kept).split())
    if limit is not None and len(folded) > limit:
        return folded[: max(limit - 1, 0)].rstrip() + "…"
    return folded


def many_lines(text: str) -> str:
    """Return text that keeps its lines but is harmless otherwise."""
    return "\n".join(one_line(line) for line in text.splitlines())
