"""What the shape of a message tells: length, sign-off, quotation, attachments, subject. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inboxwatch.domain.evidence.folded import folded_text
from inboxwatch.domain.evidence.folding import is_reply_subject, plain_signs
from inboxwatch.domain.evidence.senders import is_a_person, looks_like_a_person
from inboxwatch.domain.evidence.weights import Observation
from inboxwatch.domain.message import Address, Message

LONG_TEXT = 700  # folded characters
_TAIL = 400  # characters in which a sign-off stands
_MANY_LINKS = 12
_SIGN_OFF = re.compile(
    r"(?:regards|wishes|sincerely|faithfully|thanks|thank you|cheers|yours|cofion(?: gorau)?"
    r"|diolch(?: yn fawr)?)[ \t]{0,9}[,.!]?[ \t]{0,9}\n\s{0,9}([^\n]{2,60})",
    re.I,
)
_SIGNS_OFF = (
    "regards", "wishes", "sincerely", "faithfully", "thank", "cheers", "yours", "cofion", "diolch",
)  # fmt: skip
_FIRST_PERSON = frozenset({"i", "me", "my", "mine", "fy", "rwyf", "dwi"})  # "I'm" is two words
_ENOUGH = 60  # folded characters; a shorter text may well leave out who speaks
_TEAM_LINE = re.compile(
    r"team|council|services?\b|desk|department|enquiries|support|centre|unit\b|office\b", re.I
)
_QUOTE = re.compile(
    r"^[ \t]*(?:>|-{2,}[ \t]*original message|(?:from|sent|subject|oddi wrth):)", re.I | re.M
)
_BEGINS_QUOTATION = re.compile(rf"{_QUOTE.pattern}|^.{{0,200}}\bwrote:[ \t]*$", re.I | re.M)
_QUOTED = 3000  # characters of quotation that are looked at
_TICKET = re.compile(
    r"\[[^\]\n]{0,30}#?\s?\d{4,}[^\]\n]{0,12}\]|\b(?:ticket|case|ref)[ #:.-]{1,3}\d{4,}", re.I
)
_LINK = re.compile(r"https?://|www\.", re.I)
_DECORATION = re.compile(
    r"^(?:image\d+|logo|banner|facebook|twitter|linkedin|x|instagram|signature|smime|winmail|noname"
    r"|untitled|att\d+|pgp|encrypted)", re.I,
)  # fmt: skip
_DOCUMENTS = (
    "application/pdf",
    "application/msword",
    "application/vnd",
    "application/rtf",
    "text/csv",
)


def carries_a_document(message: Message) -> bool:
    """Tell whether a document is attached, not only pictures of a signature or a calendar."""
    return any(
        attachment.content_type.startswith(_DOCUMENTS) and not _DECORATION.match(attachment.name)
        for attachment in message.attachments
    )


def observe_shape(message: Message, folded: str) -> Iterator[Observation]:
    """Yield what the shape tells. `folded` is the folded text of the author."""
    if len(folded) > LONG_TEXT:
        yield _seen("long text", f"the text is long ({len(folded)} characters)")
    if "message/feedback-report" in message.content_types:
        yield _seen("feedback report", "it carries a report about unwanted mail (RFC 5965)")
    if carries_a_document(message):
        yield _seen("document attached", "a document is attached")
    if message.in_reply_to or message.references:
        yield _seen("names a message", "it names the message that it answers")
    if is_reply_subject(message.subject):
        yield _seen("reply subject", "the subject begins with Re:")
    if _QUOTE.search(message.quoted_text[:_QUOTED]):
        yield _seen("quotes a message", "it quotes the message that it answers")
    if "?" in folded:
        yield _seen("asks something", "it asks a question")
    if _TICKET.search(message.subject):
        yield _seen("ticket number in the subject", "the subject carries a ticket number")
    if _has_many_links(message.own_text):
        yield _seen("web page", "it is full of links")
    signed = _sign_off(message)
    if signed is not None:
        yield signed
    if _speaks_of_nobody(message, folded) and not (signed and signed.row == "personal sign-off"):
        yield _seen("speaks of nobody", "nobody says “I” in it, and it is signed by nobody")


def _has_many_links(text: str) -> bool:
    if text.count("://") + text.lower().count("www.") < _MANY_LINKS:
        return False
    return len(_LINK.findall(text)) >= _MANY_LINKS


def _speaks_of_nobody(message: Message, folded: str) -> bool:
    return (
        len(folded) >= _ENOUGH
        and not (message.sender is not None and is_a_person(message.sender))
        and not (is_reply_subject(message.subject) or message.in_reply_to or message.references)
        and _FIRST_PERSON.isdisjoint(folded_text(folded).words)
    )


def _sign_off(message: Message) -> Observation | None:
    tail = plain_signs(message.own_text[-_TAIL:] + "\n" + _below(message))
    said = tail.casefold()  # a word is found many times faster than the pattern
    found = _SIGN_OFF.search(tail) if any(word in said for word in _SIGNS_OFF) else None
    line = found.group(1).strip(" ,.*_") if found is not None else ""
    if found is not None and _TEAM_LINE.search(line):
        return _seen("team sign-off", f"it is signed by a team ({line[:40]})")
    if looks_like_a_person(line) or re.fullmatch(r"[^\W\d_]{2,15}", line):
        return _seen("personal sign-off", "it is signed by a person")
    name = message.sender.name if message.sender is not None else ""
    if _is_signed_as_sent(message.own_text, name):
        if len(name.split()) > 1 and not looks_like_a_person(name):
            return _seen("team sign-off", f"it is signed by a team ({name[:40]})")
        return _seen("personal sign-off", "it is signed with the sender's name")
    return None


def _below(message: Message) -> str:
    """Return what was cut off as a signature: what stands below before quotation begins."""
    rest = message.quoted_text[:_TAIL]
    quotation = _BEGINS_QUOTATION.search(rest)
    return rest if quotation is None else rest[: quotation.start()]


def _is_signed_as_sent(text: str, name: str) -> bool:
    """Tell whether one of the last lines is the sender's own name, or begins it."""
    return _signature_line(text[-_TAIL:], name) is not None


def words_after_signature(text: str, sender: Address | None) -> str:
    """Return what stands below the sender's own name: the small print of an office."""
    line = _signature_line(text, sender.name) if sender is not None else None
    return "" if line is None else "\n".join(text.splitlines()[line + 1 :])


def _signature_line(text: str, name: str) -> int | None:
    surname, comma, rest = name.partition("(")[0].casefold().partition(",")
    names = f"{rest} {surname}".split() if comma else surname.split()
    if not names or not names[0].isalpha() or _TEAM_LINE.search(names[0]):
        return None
    if names[0] not in text.casefold():  # most mail, at the price of one look instead of many
        return None
    wanted = {names[0], " ".join(names)}
    last: int | None = None
    for number, line in enumerate(text.splitlines()):
        if line.strip(" ,.-*_").casefold() in wanted:
            last = number
    return last


def _seen(row: str, text: str) -> Observation:
    return Observation(row, text, "shape")
