"""What the user must do after a challenge: the sentence that says so and where. Pure."""

from __future__ import annotations

import re

from inboxwatch.domain.evidence.folding import fold, sentences
from inboxwatch.domain.evidence.wording import Says, Wording
from inboxwatch.domain.message import Message

_PLACE = re.compile(
    r"https?://[^\s<>\"')\]]+|www\.[^\s<>\"')\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.I
)
_PAGE = re.compile(r"https?://[^\s<>\"')\]]+|www\.[^\s<>\"')\]]+", re.I)
_VERIFY = re.compile(r"\b(?:verify|confirm|prove|authenticate|validate|whitelist|captcha)\b")
_MAX_SENTENCE = 160
_ELSEWHERE_UP_TO = 1000


def challenge_action(message: Message, wording: Wording) -> str:
    """Return what to do, in one line: "write elsewhere: …" or "confirm: …", with the place."""
    said = sentences(message.own_text)
    at = next(
        (n for n, sentence in enumerate(said) if wording.says(Says.CHALLENGE, fold(sentence))),
        None,
    )
    around = said[at : at + 3] if at is not None else said
    place = _first_place(" ".join(around)) or _first_place(message.own_text)
    verb = "confirm" if _VERIFY.search(fold(" ".join(around[:1]))) else "write elsewhere"
    if place:
        return f"{verb}: {place}"
    sentence = around[0] if around else message.subject
    return f"{verb}: {sentence[:_MAX_SENTENCE]}"


def elsewhere_action(message: Message, wording: Wording) -> str | None:
    """Return where a person's message waits to be read; None when it speaks of none."""
    said = next(
        (text for text in (message.own_text, message.subject)
         if wording.says(Says.ELSEWHERE, fold(text, _ELSEWHERE_UP_TO))), None,
    )  # fmt: skip
    if said is None:
        return None
    page = _PAGE.search(message.own_text)
    place = page.group(0).rstrip(".,;:") if page else None
    return f"read it there: {place}" if place else "open the message it speaks of and read it"


def _first_place(text: str) -> str | None:
    found = _PLACE.search(text)
    return found.group(0).rstrip(".,;:") if found else None
