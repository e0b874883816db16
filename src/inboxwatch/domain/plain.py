"""Make hostile text harmless to show in one line. Pure."""

from __future__ import annotations

import re
import unicodedata

# What tells a terminal to colour, move or rename (ECMA-48), whole: of `ESC [31m` no `[31m` stays.
# A string that is never closed keeps its words. Not the 8-bit forms: mail in Windows' character set
# under a wrong name has letters there.
_ESCAPE_SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # control sequences
    r"|\x1b[PX\]^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # strings
)
# Joiners are needed by emoji and some scripts; every other format character can deceive: it shows
# a line in another order than it was written in, or is not seen at all.
_KEPT_FORMAT = frozenset("\u200c\u200d")
_SPACES = ("Cc", "Zl", "Zp", "Zs")
_BROKEN = ("Cs", "Co")
_MARKS = ("Mn", "Me")
_MARKS_IN_A_ROW = 3  # more of them only smear the lines around
_LOOKED_AT = 20  # times the limit: longer texts are cut before they cost time


def one_line(text: str, limit: int | None = None) -> str:
    """Return text as one harmless line, at most `limit` characters long.

    White space, line breaks and controls become single spaces. Escape sequences of terminals,
    direction marks, tags and other invisible signs are dropped, heaps of combining marks cut,
    broken and private characters shown as U+FFFD. Longer than `limit` characters, it ends in an
    ellipsis.
    """
    if limit is not None:
        text = text[: max(limit, 0) * _LOOKED_AT]
    if not (text.isascii() and text.isprintable()):
        text = _harmless(text)
    folded = " ".join(text.split())
    if limit is not None and len(folded) > limit:
        return folded[: max(limit - 1, 0)].rstrip() + "…"
    return folded


def _harmless(text: str) -> str:
    text = _ESCAPE_SEQUENCES.sub("", text)
    # Composed only when the invisible is gone, so that doing it twice changes nothing.
    shown = unicodedata.normalize("NFC", "".join(map(_shown, text)))
    kept: list[str] = []
    marks = 0
    for char in shown:
        marks = marks + 1 if unicodedata.category(char) in _MARKS else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category in _SPACES:
        return " "
    if category in _BROKEN or _is_no_character(char):
        return "\ufffd"
    return "" if category == "Cf" and char not in _KEPT_FORMAT else char


def _is_no_character(char: str) -> bool:
    """Tell a noncharacter, which no text may hold; others without a meaning yet may get one."""
    return "\ufdd0" <= char <= "\ufdef" or ord(char) & 0xFFFE == 0xFFFE


def many_lines(text: str) -> str:
    """Return text that keeps its lines but is harmless otherwise."""
    return "\n".join(one_line(line) for line in text.splitlines())
