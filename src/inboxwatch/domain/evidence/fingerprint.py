"""A short name for a text that ignores digits, dates, names and greetings. Pure."""

from __future__ import annotations

import hashlib
import re

from inboxwatch.domain.evidence.folding import fold
from inboxwatch.domain.message import Address, Message

_MAX_TEXT = 4000  # characters; what stands after them hardly tells two texts apart
# A greeting ends with its line or at its comma.
_GREETING = re.compile(
    r"^\s*(?:dear|hello|hi|hiya|good (?:morning|afternoon|evening)|annwyl|helo)\b"
    r"(?:[^,.!:\n]{0,60}[,.!:]|[^\n]{0,60}(?:\n|$))",
    re.I,
)
_DAYS = "mon tue tues wed wednes thu thur thus thurs fri sat satur sun"
_MONTHS = (
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
)
_WHEN = frozenset([*_DAYS.split(), *(f"{day}day" for day in _DAYS.split()), *_MONTHS.split()])
_CODE_OR_PLACE = re.compile(r"[\d@]|://|^www\.")
_SIGNS_OF_CODES = (*"0123456789@", "://", "www.")
_WORD = re.compile(r"[^\W\d_]+")
_NO_LETTER = {code: " " for code in range(128) if not chr(code).isalpha()}
_NAME = re.compile(r"[^\W\d_]{2,}")


def fingerprint(message: Message) -> str:
    """Return 16 hex digits, equal for texts that differ only in digits, dates, names, greeting.

    An empty text gives an empty string: nothing can be learned from it.
    """
    text = fold(_GREETING.sub("", message.own_text, count=1), _MAX_TEXT) or fold(message.subject)
    names = _names_of(message.sender, *message.to, *message.cc)
    left_out = names | _WHEN
    words = _words(_without_codes(text))
    if not left_out.isdisjoint(words):
        words = [word for word in words if word not in left_out]
    if not words:
        return ""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def _without_codes(text: str) -> str:
    """Return a folded text without the words that hold a digit or are a place."""
    if text.isascii() and not any(sign in text for sign in _SIGNS_OF_CODES):
        return text
    return " ".join(
        [word for word in text.split() if word.isalpha() or not _CODE_OR_PLACE.search(word)]
    )


def _words(text: str) -> list[str]:
    """Return the runs of letters in a text; most is ASCII, where splitting is faster by far."""
    return text.translate(_NO_LETTER).split() if text.isascii() else _WORD.findall(text)


def _names_of(*addresses: Address | None) -> frozenset[str]:
    names: set[str] = set()
    for address in addresses:
        if address is not None:
            names.update(_NAME.findall(fold(address.name)))
            names.update(_NAME.findall(address.address.partition("@")[0]))
    return frozenset(names)
