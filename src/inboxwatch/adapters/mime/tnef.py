"""Read the message class and subject of a TNEF part (winmail.dat) and nothing else of it.

Layout after Microsoft's [MS-OXTNEF]: a signature and a key, then attributes of level, id, length,
value and checksum, all little-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from inboxwatch.adapters.mime.words import clean

_SIGNATURE = 0x223E9F78
_SUBJECT = 0x00018004
_MESSAGE_CLASS = 0x00078008
_MESSAGE_PROPERTIES = 0x00069003
_PROPERTY_CLASS = 0x001A
_MAX_ATTRIBUTES = 200
_MAX_TEXT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Tnef:
    """What a TNEF part says it is."""

    message_class: str = ""
    subject: str = ""


def read_tnef(raw: bytes) -> Tnef | None:
    """Return the class and subject, as far as they can be read; None when it is no TNEF."""
    if len(raw) < 6 or struct.unpack_from("<I", raw)[0] != _SIGNATURE:
        return None
    message_class = subject = ""
    position = 6
    for _ in range(_MAX_ATTRIBUTES):
        if position + 9 > len(raw):
            break
        _level, attribute, length = struct.unpack_from("<BII", raw, position)
        value = raw[position + 9 : position + 9 + length]
        if attribute == _MESSAGE_CLASS:
            message_class = _text(value) or message_class
        elif attribute == _SUBJECT:
            subject = _text(value) or subject
        elif attribute == _MESSAGE_PROPERTIES and not message_class:
            message_class = _class_of(value)
        position += 9 + length + 2
    return Tnef(message_class=message_class, subject=subject)


def _text(value: bytes) -> str:
    return clean(value[:_MAX_TEXT].split(b"\x00", 1)[0].decode("cp1252", "replace")).strip()


def _class_of(value: bytes) -> str:
    """Return PR_MESSAGE_CLASS where it is among the first properties.

    Properties are of many types and only text of a known length can be stepped over, so its tag
    is looked for: type (8-bit or UTF-16 text), id, count 1, length, characters.
    """
    for kind, codec in ((0x001E, "cp1252"), (0x001F, "utf-16-le")):
        tag = struct.pack("<HHI", kind, _PROPERTY_CLASS, 1)
        found = value.find(tag)
        if found >= 0 and found + 12 <= len(value):
            length = min(struct.unpack_from("<I", value, found + 8)[0], _MAX_TEXT)
            text = value[found + 12 : found + 12 + length].decode(codec, "replace")
            return clean(text.split("\x00", 1)[0]).strip()
    return ""
