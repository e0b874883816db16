"""Take quotation out of a plain text with email-reply-extractor, which is asked only where needed.

It looks at every line of a text many times. Where nothing can be quotation, or all of it stands
below the header that Outlook puts there, what it would return is known without.
"""

from __future__ import annotations

import re

from email_reply_extractor import STATUS_FAILED, extract_new_text

from inboxwatch.adapters.mime.dialects import as_usual
from inboxwatch.adapters.mime.guards import GUARDED

INTRODUCTION = re.compile(
    r"^[^\w\n]*(?:original|forwarded) message[^\w\n]*$"
    r"|^[^\w\n]*(?:from|sent|to|cc|date|subject):|^.{0,300}wrote:$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"^\s*[>|]")
# Where Outlook begins to quote; what follows a header field was pasted.
_HEADER_BLOCK = re.compile(r"From:[ \t]*\S[^\n]*\n(?:Sent|Date|To):[ \t][^\n]*\n")
_FIELD = re.compile(r"[A-Za-z][A-Za-z-]{0,40}:")
_QUOTED_LINES = 20  # of a quotation at the end that the extractor gets to see

# Without any of these the extractor finds no introduction, in none of its languages.
_INTRODUCES = (
    "wrote:", "schrieb", "écrit", "escribió:", "のメール:", "From:", "发件人",
)  # fmt: skip
_IT_DROPS = ("\ufeff", "\u200b", "\u200c", "\u200d", "\u2060")
_MARKED = re.compile(r"\n[ \t]*(?:\.{2,}[ \t]*)?>")
_DIVIDER = re.compile(r"--[ \t]*(?:original|forwarded|邮件原件|原始邮件)", re.IGNORECASE)
_RULE = re.compile(r"(?<=[^\n])(?=\n ?[_-]{7})")
# What it drops along with such a header when that stands right below.
_ABOVE_HEADER = re.compile(
    r"[ \t]*(?:-{6,}|-{2,}[ \t]*original[ \t]+message[ \t]*-{2,})[ \t]*", re.IGNORECASE | re.ASCII
)


def without_quotation(text: str) -> str:
    """Return the lines of a text that its author wrote. Bounded by what the text is bounded by."""
    text = as_usual(text)
    block = _header_block(text)
    own = _as_it_stands(text) if block is None else _above(text[: block.start()])
    if own is None:
        own = _extracted(_without_tail(text) if block is None else text[: block.end()])
    if own or not any(map(_QUOTED.match, text.split("\n"))):
        return own
    # Answers between quoted lines below an "Original Message" are words of the author too.
    return "\n".join(
        line
        for line in text.split("\n")
        if not _QUOTED.match(line) and not INTRODUCTION.match(line)
    ).strip()


def _extracted(text: str) -> str:
    try:
        result = extract_new_text(text)
    except GUARDED:
        return ""
    return "" if result.status == STATUS_FAILED else str(result.text).strip()


def _as_it_stands(text: str) -> str | None:
    """Return what the extractor makes of a text that quotes nothing; None where it may quote."""
    if any(mark in text for mark in _INTRODUCES):
        return None
    if "\r" in text or (not text.isascii() and any(sign in text for sign in _IT_DROPS)):
        return None
    if ">" in text and _MARKED.search(f"\n{text}"):
        return None
    if "--" in text and _DIVIDER.search(text):
        return None
    if any(sign in text for sign in ("\n_", "\n-", "\n ")):
        text = _RULE.sub("\n", text)  # a ruled line is set apart from what stands above
    return "\n".join([line.rstrip() for line in text.split("\n")]).strip()


def _header_block(text: str) -> re.Match[str] | None:
    """Return the header under which Outlook quotes: the extractor drops it and all that follows."""
    at = text.find("\nFrom:")
    while at >= 0:
        block = _HEADER_BLOCK.match(text, at + 1)
        if block is not None and not _FIELD.match(text, text.rfind("\n", 0, at) + 1):
            return block
        at = text.find("\nFrom:", at + 1)
    return None


def _above(text: str) -> str | None:
    """Return what the extractor makes of the text above such a header; None where it may quote."""
    beside = text[text.rfind("\n", 0, -1) + 1 :]
    if ":" in beside or "\uff1a" in beside:  # the header may have been pasted with others
        return None
    text = text.rstrip(" \t\n")
    last = text[text.rfind("\n") + 1 :]
    if not last.isascii():
        return None
    return _as_it_stands(text[: -len(last)] if _ABOVE_HEADER.fullmatch(last) else text)


def _without_tail(text: str) -> str:
    """Return a text without the greater part of a marked quotation at its end."""
    lines = text.rstrip().split("\n")
    first = len(lines)
    while first and (lines[first - 1][:1] == ">" or not lines[first - 1].strip()):
        first -= 1
    return "\n".join(lines[: first + _QUOTED_LINES]) if first + _QUOTED_LINES < len(lines) else text
