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
_WHEN = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_CODE_OR_PLACE = re.compile(r"[\d@]|://|^www\.")
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"[^\W\d_]{2,}")


def fingerprint(message: Message) -> str:
    """Return 16 hex digits, equal for texts that differ only in digits, dates, names, greeting.

    An empty text gives an empty string: nothing can be learned from it.
    """
    text = fold(_GREETING.sub("", message.own_text, count=1), _MAX_TEXT) or fold(message.subject)
    names = _names_of(message.sender, *message.to, *message.cc)
    lasting = (word for word in text.split() if not _CODE_OR_PLACE.search(word))
    words = [
        word
        for word in _WORD.findall(" ".join(lasting))
        if word not in names and not _WHEN.fullmatch(word)
    ]
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
