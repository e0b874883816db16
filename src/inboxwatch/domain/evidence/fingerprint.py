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
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"[^\W\d_]{2,}")


def fingerprint(message: Message) -> str:
    """Return 16 hex digits, equal for texts that differ only in digits, dates, names, greeting.

    An empty text gives an empty string: nothing can be learned from it.
    """
    text = fold(_GREETING.sub("", message.own_text, count=1), _MAX_TEXT) or fold(message.subject)
    names = _names_of(message.sender, *message.to, *message.cc)
    words: list[str] = []
    for word in text.split():
        if word.isalpha():
            words.append(word)
        elif not _CODE_OR_PLACE.search(word):
            words += _WORD.findall(word)
    words = [word for word in words if word not in names and word not in _WHEN]
    if not words:
        return ""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def _names_of(*addresses: Address | None) -> frozenset[str]:
    names: set[str] = set()
    for address in addresses:
        if address is not None:
            names.update(_NAME.findall(fold(address.name)))
            names.update(_NAME.findall(address.address.partition("@")[0]))
    return frozenset(names)
