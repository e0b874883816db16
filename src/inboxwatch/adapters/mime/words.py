"""Decode header words and body bytes whatever charset they claim. Never fails, bounded."""

from __future__ import annotations

import contextlib
import re
from email.header import decode_header
from functools import lru_cache

from inboxwatch.adapters.mime.guards import GUARDED, MAX_VALUE

# Python has codecs that are no charsets of mail, and some (punycode, idna) take quadratic time.
_CHARSET = re.compile(
    r"(?:us-?)?ascii|ansi_x3\.4-19(?:68|86)|utf[-_]?(?:7|8|16|32)(?:[-_]?[bl]e)?|unicode-1-1-utf-7"
    r"|(?:iso|iec)[-_]?8859[-_]?\d{1,2}(?:[-_][ei])?|latin[-_]?\d{1,2}|l\d"
    r"|(?:windows|cp|ibm|x-cp)[-_]?\d{3,5}|ms[-_]?(?:ansi|kanji|932|936|949|950)"
    r"|koi8[-_][rtu]|kz1048|mac[-_]?(?:roman|cyrillic|greek|latin2|iceland|turkish|intosh)"
    r"|macintosh|gb(?:2312|k|18030)(?:[-_]80)?|hz(?:-gb-2312)?|big5(?:[-_]?hkscs)?|euc[-_]?(?:jp|kr|cn)"
    r"|ks_c_5601[-_]?(?:1987|1989)?|shift[-_]?jis|sjis|s?jis|iso-2022-(?:jp(?:-\d|-ext)?|kr|cn)"
    r"|johab|tis[-_]?620|viscii|hp-roman8",
    re.IGNORECASE,
)
_C1 = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_HAS_C1 = re.compile(r"[\x80-\x9f]")
_CONTROLS = bytes(code for code in range(128) if _UNWANTED.match(chr(code)))
_SPACE = re.compile(r"\s+")
_SHORT = 200  # characters of a value that is worth remembering
_ENCODED_WORD = "=?"


def clean(text: str) -> str:
    """Return text without NULs, control characters and half surrogates, lines ended by \\n.

    No database and no JSON reader takes those, and they carry no words.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():  # most mail; bytes are stripped many times faster
        return text.encode("ascii").translate(None, _CONTROLS).decode("ascii")
    return _UNWANTED.sub("", text)


def as_typed(text: str) -> str:
    """Return text with the Windows-1252 characters that were declared as ISO 8859-1."""
    return text if text.isascii() or not _HAS_C1.search(text) else text.translate(_C1)


@lru_cache(maxsize=256)
def known_charset(name: str) -> str | None:
    """Return a claimed charset that Python can and may decode, else None."""
    name = name.strip().strip("\"'").lower()
    if not _CHARSET.fullmatch(name):
        return None
    try:
        b"".decode(name)
    except GUARDED:
        return None
    return name


def decode_bytes(raw: bytes, charset: str = "") -> tuple[str, bool]:
    """Decode a body as claimed, else as UTF-8, else as Windows-1252.

    Returns:
        the text, and whether the claim held.
    """
    claimed = known_charset(charset) if charset else "utf-8"
    for candidate in dict.fromkeys((claimed, "utf-8")):
        if candidate is None:
            continue
        try:
            return as_typed(raw.decode(candidate)), candidate == claimed
        except GUARDED:
            continue
    return raw.decode("cp1252", "replace"), False


def from_wire(value: object) -> str:
    """Return a raw header value as text: the 8-bit bytes the parser kept are decoded."""
    text = str(value) if not isinstance(value, str) else value
    if text.isascii():
        return text
    try:
        raw = text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return text
    return decode_bytes(raw)[0]


def decode_words(value: object, limit: int = MAX_VALUE) -> str:
    """Return a header value unfolded, with RFC 2047 words decoded, bounded and clean."""
    text = from_wire(value)[: limit * 4]
    return _decoded(text, limit) if len(text) > _SHORT else _remembered(text, limit)


def _decoded(text: str, limit: int) -> str:
    if _ENCODED_WORD in text:
        # What cannot be decoded stays as it was written: readable enough, and nothing is lost.
        with contextlib.suppress(*GUARDED):
            text = _joined(text)
    return " ".join(clean(text).split())[:limit]


# The same mail programs, lists and types come again and again.
_remembered = lru_cache(maxsize=8192)(_decoded)


def _joined(text: str) -> str:
    """Put together what `decode_header` took apart."""
    pieces: list[str] = []
    for piece, charset in decode_header(_SPACE.sub(" ", text)):
        if isinstance(piece, bytes):
            if charset is None:  # plain words between encoded ones: raw-unicode-escape bytes
                pieces.append(piece.decode("raw-unicode-escape", "replace"))
            else:
                # An RFC 2231 language may follow the charset: "utf-8*en".
                pieces.append(decode_bytes(piece, charset.partition("*")[0])[0])
        else:
            pieces.append(piece)
    return "".join(pieces)
