"""Ways to begin a quotation that email-reply-extractor does not know, put into those it does.

Welsh Outlook and Gmail, GroupWise and Notes introduce it in words of their own; Yahoo and others do
not mark the lines that follow. What stands above keeps its place and its letters.
"""

from __future__ import annotations

import re

_ADDRESS = r"[^\n]{0,200}@[^\n]{0,200}"
# GroupWise gives the name, the address and the time in one line.
_GROUPWISE = re.compile(rf"^>>>[ \t]{_ADDRESS}>>>[ \t]*$", re.MULTILINE)
_NOTES = re.compile(r"^(\S[^\n]{0,300}) wrote on (\d[^\n]{5,60}:\d\d):[ \t]*$", re.MULTILINE)
# Older Notes: the writer, the time, and a table of To, cc and Subject.
_NOTES_TABLE = re.compile(
    r"^\S[^\n]{0,200}\n[ \t]{0,20}\d{1,2}[/.]\d{1,2}[/.]\d{2,4}[ ,]{1,3}\d{1,2}:\d\d[^\n]{0,20}\n"
    r"(?:[ \t]{0,20}\n){0,3}[ \t]{0,20}To\b",
    re.MULTILINE,
)
_WELSH_HEADER = re.compile(r"^(Oddi wrth|Anfonwyd|Dyddiad|At|Cc|Pwnc):", re.MULTILINE)
_ENGLISH = {
    "Oddi wrth": "From", "Anfonwyd": "Sent", "Dyddiad": "Date", "At": "To", "Cc": "Cc",
    "Pwnc": "Subject",
}  # fmt: skip
_WELSH_INTRODUCTION = re.compile(
    r"^Ar ([^\n]{0,300}(?:\n[^\n]{0,100})?)ysgrifennodd:", re.MULTILINE
)
_LONGEST_INTRODUCTION = 400
_INTRODUCTIONS = 20  # that are looked at, so that a hostile text costs no more


def as_usual(text: str) -> str:
    """Return a text with its quotation begun as the extractor knows it, or cut off."""
    if "Oddi wrth:" in text:
        text = _WELSH_HEADER.sub(lambda found: f"{_ENGLISH[found[1]]}:", text)
    if "ysgrifennodd:" in text:
        text = _WELSH_INTRODUCTION.sub(r"On \1wrote:", text)
    if " wrote on " in text:
        text = _NOTES.sub(r"On \2, \1 wrote:", text)
    if ">>> " in text and (groupwise := _GROUPWISE.search(text)) is not None:
        text = text[: groupwise.start()]
    if "\nTo" in text and (table := _NOTES_TABLE.search(text)) is not None:
        above = text[: table.start()]
        text = above if above.strip() else text
    if "wrote:" in text and (unmarked := _unmarked(text)) is not None:
        text = text[:unmarked]
    return text


def _unmarked(text: str) -> int | None:
    """Return where a quotation begins whose lines are not marked, with an answer above it."""
    at = text.find("wrote:")
    for _ in range(_INTRODUCTIONS):
        if at < 0:
            break
        start = text.rfind("\n", 0, at) + 1
        if not text.startswith("On ", start):  # it may be wrapped
            start = text.rfind("\n", 0, max(start - 1, 0)) + 1
        introduction = text[start:at]
        below = text[at + len("wrote:") :].lstrip(" \t")
        if (
            below.startswith("\n")
            and below.strip()
            and below.lstrip()[0] not in ">|"
            and len(introduction) <= _LONGEST_INTRODUCTION
            and introduction.startswith("On ")
            and "@" in introduction
            and any(char.isdigit() for char in introduction)
            and text[:start].strip()
        ):
            return start
        at = text.find("wrote:", at + 1)
    return None
