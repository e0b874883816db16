"""The body's own case references in a text, in one canonical form. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inboxwatch.domain.evidence.folding import plain_signs

MAX_REFERENCES = 8
_LEAST_DIGITS = 4
_MOST_SIGNS = 30
_MAX_TEXT = 4000  # characters

# Letters and digits in groups.
_GROUPS = r"[A-Z0-9]{1,14}(?:[-/:._][A-Z0-9]{1,14}){0,5}"
_LABELS = (
    r"ref(?:erence)?|case|ticket|enquiry|request|complaint|incident|report|application"
    r"|service request|call|claim|cyfeirnod|cyf|foi|sar|eir|sr|crm"
)
# What Salesforce puts into a subject or a footer: "[ref:_00D58JvQ1._5004J1xyz:ref]".
_SALESFORCE = re.compile(r"\bref:_?\w{5,20}\._?(\w{6,20}):ref\b")
# "Our reference: 1640333", "case number is 12345", "Ref no. KCC-1234567".
_LABELLED = re.compile(
    rf"\b(?:{_LABELS})\b(?:[ \t]*(?:number|no\b\.?|id\b|code|#|reference|ref\b\.?))*"
    rf"[ \t]*(?:\bis\b|\bare\b|\bof\b)?[ \t]*[:#=.-]*[ \t]*[\[(]?[ \t]*#?({_GROUPS})(?!\w)",
    re.I,
)
# "[Ref: 12345]", "[Ticket#89123]", "[council.example #33575]", "[#512345]", "##1640333##".
_BRACKETED = re.compile(
    rf"\[[^\]\[\n]{{0,40}}?[#: ]?[ ]?({_GROUPS})\]|##({_GROUPS})##|(?<!\w)#(\d{{4,12}})\b", re.I
)
# "KCC-1234567", "FS-Case-123456789", "ENF/26/0041", "CRM:0098", "FMS7654321", "26-00123-HAPP".
_PREFIXED = re.compile(
    r"(?<![\w@/.#=-])(?:"
    r"(?:[A-Z]{3,6} |[A-Z]{2,6}(?:-[A-Za-z]{2,8})?[-/:_]?)"
    r"(?:[A-Z]{1,4}[-/:])?(?:\d{2,4}[-/]){0,2}\d{4,12}"
    r"|[A-Z]{2,6}[-/]\d{2,6}(?:[-/][A-Z0-9]{2,8}){1,3}"
    r"|\d{2,4}[-/]\d{4,8}(?:[-/][A-Z]{2,6})"
    r")(?![\w@=]|[-/]\d)"
)
# Words in capitals before a number that is none of a case.
_NOT_PREFIXES = frozenset(
    {
        "TEL", "FAX", "MOB", "PHONE", "EXT", "ROOM", "ISO", "BS", "EN", "RFC", "UTF", "HTTP",
        "UPRN", "USRN", "COVID", "PO", "BOX", "GMT", "BST", "UTC", "JAN", "FEB", "MAR", "APR",
        "MAY", "JUN", "JUNE", "JUL", "JULY", "AUG", "SEP", "SEPT", "OCT", "NOV", "DEC", "MON",
        "TUE", "WED", "THU", "FRI", "SAT", "SUN", "ACT", "YEAR", "ISSN", "ISBN", "SINCE", "FROM",
        "UNTIL", "AND", "THE", "FOR", "VAT", "NHS", "ICO", "ZA", "CALL", "TEXT", "SMS", "TERM",
        "SPRING", "SUMMER", "AUTUMN", "GBP", "EUR", "USD", "SEN", "SEND", "EHC", "EHCP", "SENCO",
    }
)  # fmt: skip
_PHONE = re.compile(r"(?:\+44|\b0)[\d ()-]{9,14}\d|\b0[38]00 ?\d{3} ?\d{3,4}\b")
_DATE = re.compile(
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{2}-\d{2}(?:T[\d:]+)?|\d{1,2}:\d{2}(?::\d{2})?"
)
_YEAR = re.compile(r"(?:19|20)\d{2}(?:[-/](?:19|20)?\d{2})?")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
_URLS = re.compile(r"(?<!\S)\S{0,80}@\S+|https?://\S+|www\.\S+")
_DIGITS = re.compile(r"\d(?:[\d/:.-]{3}|\d[^\d\n]{0,3}\d{2}|\d-)")
_MARK = re.compile(r"(?:ref|reference|case|ticket)[^\n]{0,12}$", re.I)


def case_references(*texts: str) -> tuple[str, ...]:
    """Return the references in some texts, canonical, in order, without repeats.

    A reference has at least four digits and is marked as one: by a word ("our reference"), by
    brackets or by a prefix. Phone numbers, dates, years, postcodes and places on the web are none.
    """
    found: dict[str, None] = {}
    for text in texts:
        for token in _tokens(text[:_MAX_TEXT]):
            canonical = canonical_reference(token)
            if canonical:
                found[canonical] = None
    return tuple(found)[:MAX_REFERENCES]


def canonical_reference(token: str) -> str:
    """Return one reference in the form in which all spellings of it are equal, or "" for none.

    Upper case; anything between its groups is one hyphen, and one stands after a leading prefix:
    "kcc 1234567", "KCC-1234567" and "KCC1234567" are `KCC-1234567`.
    """
    token = plain_signs(token).strip(" \t[](){}.,;:#").upper()
    compact = re.sub(r"[^A-Z0-9]+", "", token)
    if sum(char.isdigit() for char in compact) < _LEAST_DIGITS or len(compact) > _MOST_SIGNS:
        return ""
    if _YEAR.fullmatch(token) or _DATE.fullmatch(token) or _POSTCODE.fullmatch(compact):
        return ""
    if re.fullmatch(r"0\d{9,10}|44\d{10}", compact):
        return ""
    prefix = re.match(r"[A-Z]+", token)
    if prefix and prefix.group(0) in _NOT_PREFIXES:
        return ""
    grouped = re.sub(r"[^A-Z0-9]+", "-", token).strip("-")
    return re.sub(r"^([A-Z]+)(?=\d)", r"\1-", grouped)


def _tokens(text: str) -> Iterator[str]:
    """Yield what may be a reference, in order; where readings overlap the longest counts."""
    if text.isascii() and not any(digit in text for digit in "0123456789"):
        return
    if not _DIGITS.search(text):  # most mail
        return
    lines = (line for line in text.splitlines() if _DIGITS.search(line))
    text = _URLS.sub(" ", plain_signs("\n".join(lines)))
    text = _PHONE.sub(lambda found: found.group(0) if _is_marked(found) else " ", text)
    readings = [
        (found.start(), found.end(), f"SF-{found.group(1)}") for found in _SALESFORCE.finditer(text)
    ]
    for pattern in (_LABELLED, _BRACKETED, _PREFIXED):
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            readings.append((found.start(group), found.end(group), found.group(group)))
    taken: list[tuple[int, int, str]] = []
    for reading in sorted(readings, key=lambda r: (r[0] - r[1], r[0])):
        if all(reading[1] <= other[0] or reading[0] >= other[1] for other in taken):
            taken.append(reading)
    for _, _, token in sorted(taken):
        yield token


def _is_marked(found: re.Match[str]) -> bool:
    """Tell whether digits that look like a phone number are called a reference."""
    before = found.string[max(0, found.start() - 30) : found.start()]
    return " " not in found.group(0) and _MARK.search(before) is not None
