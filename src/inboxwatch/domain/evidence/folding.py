"""Fold a text so that words can be compared: case, quotes, dashes and white space. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

_TYPOGRAPHY = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u02bc": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00a0": " ", "\u202f": " ",
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\u00ad": None,
    }
)  # fmt: skip
_SENTENCE_END = re.compile(r"([.!?])[\"')\]]*\s+")
_REPLY_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|odp|vs|ynt|fw|fwd|wg|tr|rv|enc)\s*(?:\[\d+\]|\(\d+\))?\s*:\s*)+", re.I
)
_WORD = re.compile(r"\w+")
_NO_WORD = {ord(sign): " " for sign in map(chr, range(128)) if not _WORD.match(sign)}
_ENDS = (".", "!", "?", ":")
SHORT_LINE = 45  # characters; a line that ends so early was not broken by wrapping


def fold(text: str, limit: int | None = None) -> str:
    """Return at most `limit` characters of a text, lower case, in plain signs, on one line."""
    if limit is not None:
        return fold(text[: limit * 2])[:limit]
    return _remembered(text) if len(text) > SHORT_LINE else _folded(text)


def _folded(text: str) -> str:
    return " ".join(plain_signs(text).lower().split())


# One after the other looks at the same letter.
_remembered = lru_cache(maxsize=4)(_folded)


def plain_signs(text: str) -> str:
    """Return a text with its lines and case, but with plain quotes, dashes and spaces."""
    if text.isascii():  # most mail; of these signs one is ASCII
        return text.replace("`", "'")
    return text.translate(_TYPOGRAPHY)


def words_in(text: str) -> list[str]:
    """Return the runs of letters, digits and low lines in a text, in order."""
    if text.isascii():  # most mail; splitting is several times faster than a pattern
        return text.translate(_NO_WORD).split()
    return _WORD.findall(text)


def is_reply_subject(subject: str) -> bool:
    """Tell whether a subject begins with Re: or the like."""
    return _REPLY_PREFIX.match(subject) is not None


def answered_subject(subject: str) -> str:
    """Return what follows a Re: in a subject, or an empty string where there is none."""
    mark = _REPLY_PREFIX.match(subject)
    return subject[mark.end() :] if mark is not None else ""


def _width(lines: list[str]) -> int:
    """Return the width at which lines were wrapped, at least; an address alone has none."""
    return max((len(line) for line in lines if " " in line), default=0)


def sentences(text: str) -> tuple[str, ...]:
    """Split a text into sentences, case kept; a wrapped line goes on, a short one ends.

    A line that had room for the next word, which has a capital, was not wrapped either.
    """
    joined: list[str] = []
    lines = [one.removesuffix("\r").strip(" \t") for one in plain_signs(text).strip().split("\n")]
    width = _width(lines)
    length = 0  # of the line before, which may go on one before it
    for line in lines:
        if not line:
            joined.append("")
        elif (
            joined
            and len(joined[-1]) >= SHORT_LINE
            and not joined[-1].endswith(_ENDS)
            and not (line[0].isupper() and length + 1 + len(line.split(maxsplit=1)[0]) <= width)
        ):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
        length = len(line)
    found: list[str] = []
    for block in joined:
        begun = 0
        for end in _SENTENCE_END.finditer(block):
            found.append(block[begun : end.end(1)].strip())
            begun = end.end()
        found.append(block[begun:].strip())
    return tuple(part for part in found if part)
