"""Set the chronology as a PDF: archival (PDF/A-2a), tagged, the same bytes for the same picture."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from inboxwatch.domain.errors import ConfigError

STANDARD = "a-2a"
_MANY_THREADS = 120  # more would make the table of contents longer than a reader wants
_MISSING = re.compile(r"the text `?\"((?:[^\"\\]|\\.)*)\"`? could not be displayed")
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\(.)")
_TRIES = 4
_FORGETS_AFTER = 12
_BREAK_EVERY = 30
_LONG_WORD = re.compile(r"\S{61,}")
_LAST_ASCII = 0x7E
_LAST_LATIN = 0xFF
_PUNCTUATION = frozenset("\u2013\u2014\u2018\u2019\u201c\u201d\u2026")
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")
_NEVER_SET = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_PROBE = b"""#set document(title: "probe")
#set text(font: ("Libertinus Serif", "DejaVu Sans Mono", "New Computer Modern"), lang: "en")
#for sign in json(bytes(sys.inputs.content)) { par(sign) }
"""


class ChronologyNotSet(ConfigError):
    """The PDF could not be made."""


def chronology_pdf(content: dict[str, Any], *, as_of: datetime) -> bytes:
    """Return the PDF's bytes.

    Signs that none of the embedded fonts has are written by their Unicode number, as [U+65E5]:
    PDF/A allows no missing glyph, and the fonts of the machine would change the bytes.

    Args:
        content: what `chronology` gave.
        as_of: stands as the file's date, so that the bytes do not depend on the clock.

    Raises:
        ChronologyNotSet: the `report` extra is not installed, or it refused the document.
    """
    threads = sum(len(section["threads"]) for section in content["sections"])
    shown = {**content, "depth": 1 if threads > _MANY_THREADS else 2}
    template = (files("inboxwatch.adapters.export") / "templates" / "chronology.typ").read_bytes()
    signs = {sign for text in _texts(shown) for sign in text if ord(sign) > _LAST_ASCII}
    try:
        return _compiled(template, _without(shown, _missing(signs)), as_of)
    except _Refused:
        # Signs that are fine alone may have no glyph together: then only what is sure stays.
        unsure = {sign for sign in signs if ord(sign) > _LAST_LATIN and sign not in _PUNCTUATION}
        try:
            return _compiled(template, _without(shown, unsure), as_of)
        except _Refused as error:
            raise ChronologyNotSet(
                f"the chronology could not be typeset: {str(error).splitlines()[0][:200]}",
                remedy="Use --format csv or json meanwhile, and report this with the version.",
            ) from error


def let_go() -> None:
    """Make the typesetter forget what it set before, so that the next part needs no more memory.

    It keeps what it made until it was not used in ten further compilations.
    """
    for number in range(_FORGETS_AFTER):
        _compiled(_PROBE, [str(number)], _EPOCH)


def _missing(signs: set[str]) -> set[str]:
    """Return which signs the fonts do not have, found by setting each on a line of its own."""
    missing = {sign for sign in signs if unicodedata.category(sign) in _NEVER_SET}
    for _ in range(_TRIES):
        try:
            _compiled(_PROBE, sorted(signs - missing), _EPOCH)
        except _Refused as error:
            found = {s for m in _MISSING.finditer(str(error)) for s in _unescaped(m[1])} & signs
            if not found - missing:
                break
            missing |= found
        else:
            return missing
    return missing | {sign for sign in signs if ord(sign) > _LAST_LATIN}


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield unicodedata.normalize("NFC", value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _without(value: Any, missing: set[str]) -> Any:
    """Return the same values with signs written by their number; joiners are dropped."""
    table = {ord(sign): "" if sign in _JOINERS else f"[U+{ord(sign):04X}]" for sign in missing}

    def written(one: Any) -> Any:
        if isinstance(one, str):
            text = unicodedata.normalize("NFC", one).translate(table)
            return _LONG_WORD.sub(_with_breaks, text)
        if isinstance(one, dict):
            return {key: written(each) for key, each in one.items()}
        if isinstance(one, list | tuple):
            return [written(each) for each in one]
        return one

    return written(value)


def _with_breaks(match: re.Match[str]) -> str:
    """Let a word that is wider than the page end its line anywhere."""
    word = match[0]
    return "\u200b".join(word[at : at + _BREAK_EVERY] for at in range(0, len(word), _BREAK_EVERY))


def _compiled(template: bytes, content: Any, as_of: datetime) -> bytes:
    with _told() as typst:
        return bytes(
            typst.compile(
                template,
                format="pdf",
                ignore_system_fonts=True,
                sys_inputs={"content": json.dumps(content, sort_keys=True)},
                pdf_standards=[STANDARD],
                timestamp=int(as_of.timestamp()),
            )
        )


class _Refused(Exception):
    """The typesetter's own error, whose words name the signs that it cannot set."""


@contextmanager
def _told() -> Iterator[Any]:
    """Give the typesetter, loaded only here; map its errors."""
    try:
        import typst
    except ImportError as error:
        raise ChronologyNotSet(
            "the PDF needs the typesetter, which is not installed",
            remedy="Install it with: pip install 'inboxwatch[report]'",
        ) from error
    try:
        yield typst
    except typst.TypstError as error:
        raise _Refused(f"{error.message}\n{error.diagnostic}") from error
