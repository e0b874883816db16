"""Subjects: what is left of one when prefixes, tags and case references are taken off. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

# Reply and forward marks of the mail programs met in Britain and around it (RFC 5256 has re, fw).
_REPLY = r"(?:re|aw|sv|antw|antwort|res|vs|odp|yn ateb|ateb)"
_FORWARD = r"(?:fw|fwd|wg|vb|rv|tr|ymlaen)"
_COUNTED = r"\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*:"
_MACHINE = (
    r"(?:automatic(?:\s+e-?mail)?\s+reply|automated\s+(?:reply|response)|auto(?:-|\s)?(?:reply|"
    r"response|matic response)?|out\s+of\s+(?:the\s+)?office(?:\s+(?:auto)?reply)?|ateb awtomatig|"
    r"read|not\s+read|delivered|relayed|undeliverable|undelivered|delivery\s+delayed|"
    r"message\s+received|recall|message\s+recall\s+(?:success|failure)|accepted|declined|tentative|cancell?ed|updated)"
)
_MARKING = (
    r"(?:caution|external|ext|official(?:[\s-]+sensitive)?(?:[\s-]+personal)?|not\s+protectively"
    r"\s+marked|internal|encrypt(?:ed)?|secure|unclassified)"
)
_REPLY_MARK = re.compile(rf"^{_REPLY}{_COUNTED}\s*", re.I)
_FORWARD_MARK = re.compile(rf"^{_FORWARD}{_COUNTED}\s*", re.I)
_MACHINE_MARK = re.compile(rf"^{_MACHINE}{_COUNTED}\s*", re.I)
_MARKING_MARK = re.compile(rf"^{_MARKING}\s*[:\-–]\s+", re.I)
_TAG = re.compile(r"^\[[^\[\]]{1,60}\]\s*")
_ANY_MARK = re.compile(
    rf"(?:{_REPLY}|{_FORWARD}|{_MACHINE}){_COUNTED}|{_MARKING}\s*[:\-–]\s|\[", re.I
)
_TRAILER = re.compile(
    rf"\s*(?:\(fwd?\)|\[(?:{_MARKING}|[^\[\]]*\d{{3,}}[^\[\]]*)\]|[-–|]\s*{_MARKING})\s*$", re.I
)
_LABEL = (
    r"(?:our\s+|your\s+)?(?:ref(?:erence)?|case|ticket|enquiry|request|service\s+request|crm|sr|id)"
)
_NUMBER = r"(?:[a-z]{1,8}[-/:#]?){0,3}\d[\da-z]*(?:[-/.]\d+)*"
_REFERENCE = re.compile(
    rf"""[\[(]?\s*(?:
        {_LABEL}\s*(?:no\.?|number|id)?\s*[:#.]?\s*(?={_NUMBER})(?=\S*\d\S*\d\S*\d){_NUMBER}
      | \#\d{{4,}}
      | \b[a-z]{{2,8}}(?:[-/:][a-z]{{2,8}})?[-/:]?\d{{4,}}(?:[-/]\d+)*\b
      | \b[a-z]{{2,6}}/\d{{2,4}}/\d{{3,}}\b
      | (?<![\d.,/-])\d{{6,}}(?![\d.,/-])
    )\s*[\])]?""",
    re.I | re.X,
)
_EDGES = " \t-–—:|,;.!"
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=8192)
def base_subject(subject: str) -> str:
    """Return a subject without reply marks, machine prefixes, tags and case references.

    Folded in case and white space, so that equal results mean the same subject. What is nothing
    but tags and references keeps its bare words rather than becoming empty.

    Source: RFC 5256 section 2.1, widened by what councils' systems write.
    """
    folded = _SPACE.sub(" ", subject).strip().casefold()
    stripped = _strip(tagged_subject(subject), tags=True)
    return stripped or _strip(folded, tags=False).strip(_EDGES)


@lru_cache(maxsize=8192)
def tagged_subject(subject: str) -> str:
    """Return a subject without reply marks and case references, its [tags] left on."""
    folded = _strip(_SPACE.sub(" ", subject).strip().casefold(), tags=False)
    return _strip(_SPACE.sub(" ", _REFERENCE.sub(" ", folded)), tags=False)


def _strip(text: str, *, tags: bool) -> str:
    marks = [_REPLY_MARK, _FORWARD_MARK, _MACHINE_MARK, _MARKING_MARK]
    if tags:
        marks.append(_TAG)
    before = None
    while text != before:
        before = text
        text = text.lstrip(_EDGES)
        if _ANY_MARK.match(text):  # one look instead of five, where there is none
            for mark in marks:
                text = mark.sub("", text)
        if tags:
            text = _TRAILER.sub("", text)
    return text.rstrip(_EDGES)


def _after_tags(subject: str) -> str:
    text = _SPACE.sub(" ", subject).strip()
    before = None
    while text != before:
        before = text
        text = _MARKING_MARK.sub("", _TAG.sub("", text))
    return text


@lru_cache(maxsize=8192)
def is_reply(subject: str) -> bool:
    """Tell whether a subject begins with a mark of answering ("Re:")."""
    return _REPLY_MARK.match(_after_tags(subject)) is not None


@lru_cache(maxsize=8192)
def is_forward(subject: str) -> bool:
    """Tell whether a subject begins with a mark of forwarding ("Fwd:")."""
    return _FORWARD_MARK.match(_after_tags(subject)) is not None
