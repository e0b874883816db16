"""What the shape of a message tells: length, sign-off, quotation, attachments, subject. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inboxwatch.domain.evidence.folding import is_reply_subject, plain_signs
from inboxwatch.domain.evidence.senders import looks_like_a_person
from inboxwatch.domain.evidence.weights import Observation
from inboxwatch.domain.message import Message

LONG_TEXT = 700  # folded characters
_TAIL = 400  # characters in which a sign-off stands
_MANY_LINKS = 12
_SIGN_OFF = re.compile(
    r"(?:regards|wishes|sincerely|faithfully|thanks|thank you|cheers|yours|cofion(?: gorau)?"
    r"|diolch(?: yn fawr)?)[ \t]{0,9}[,.!]?[ \t]{0,9}\n\s{0,9}([^\n]{2,60})",
    re.I,
)
_TEAM_LINE = re.compile(
    r"team|council|services?\b|desk|department|enquiries|support|centre|unit\b|office\b", re.I
)
_QUOTE = re.compile(r"^[ \t]*(?:>|-{2,}[ \t]*original message|(?:from|sent|subject):)", re.I | re.M)
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
    if len(_LINK.findall(message.own_text)) >= _MANY_LINKS:
        yield _seen("web page", "it is full of links")
    yield from _sign_off(message)


def _sign_off(message: Message) -> Iterator[Observation]:
    tail = plain_signs(message.own_text[-_TAIL:] + "\n" + message.quoted_text[:_TAIL])
    found = _SIGN_OFF.search(tail)
    if found is None:
        return
    line = found.group(1).strip(" ,.*_")
    if _TEAM_LINE.search(line):
        yield _seen("team sign-off", f"it is signed by a team ({line[:40]})")
    elif looks_like_a_person(line) or re.fullmatch(r"[^\W\d_]{2,15}", line):
        yield _seen("personal sign-off", "it is signed by a person")


def _seen(row: str, text: str) -> Observation:
    return Observation(row, text, "shape")
