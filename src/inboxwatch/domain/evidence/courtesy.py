"""What in a letter tells nothing: greeting, heading, courtesy, thanks, what stands below. Pure."""

from __future__ import annotations

import re

from inboxwatch.domain.evidence.folding import fold, is_reply_subject, sentences
from inboxwatch.domain.evidence.news import (
    has_a_verb,
    has_decided,
    is_no_matter,
    speaks_against,
    tells_shortly,
)
from inboxwatch.domain.evidence.routine import is_heading, words_told
from inboxwatch.domain.evidence.wording import Says, Wording
from inboxwatch.domain.message import Message

READ_UP_TO = 6000  # characters of a letter; what follows is passed over
FRAGMENT = 4  # words; shorter lines are names, greetings and job titles
_THANKS_UP_TO = 300  # folded characters
_THANKED_IN = 14  # words; a longer part of a sentence says what it thanks for
_TWO = 2  # words say nothing: "will do", a first name with a kiss
_COURTESY_UP_TO = 160
_KNOWN = (Says.COURTESY, Says.HOLDING, Says.PROCEDURE, Says.THANKS)
_SIGN_OFF = re.compile(
    r"^\W*(?:(?:kind|best|warm|many|with)?\s*(?:kindest |best )?(?:regards|wishes)|yours\b"
    r"|sincerely|many thanks$|thanks$|thank you$|cofion|cheers)", re.I,
)  # fmt: skip
_GREETS = r"^(?:dear|hello|hi|good (?:morning|afternoon|evening)|annwyl|helo)\b"
_GREETING = re.compile(rf"{_GREETS}[^.!?]{{0,50}}$", re.I)
_ADDRESSED = re.compile(rf"{_GREETS}[^,.!?]{{0,40}},\s+(?=\S)", re.I)
# "Freedom of Information request: FOI-2855" heads a letter; with a verb it tells something.
_HEADING = re.compile(
    r"^(?:(?:re|ref|(?:our|your|case) ref\w*|subject|description) ?:"
    r"|(?:your )?(?:freedom of information|foi|eir|environmental information|data protection"
    r"|subject access|information|request for information|internal review) )[^.]{0,120}$"
)
_GOES_ON = re.compile(r"\b(?:but|yes|no,|so quickly|so briefly|however|in answer)\b")
# "Thank you, the taxi did not come again" thanks for nothing.
_CLAUSE = re.compile(r"[,;:!?.]+\s|\s-+\s|\s(?:and|but|as)\s", re.I)


def said_in(text: str) -> tuple[str, ...]:
    """Return the sentences of a text up to its sign-off, greeting left out, case kept."""
    said: list[str] = []
    for sentence in sentences(text[:READ_UP_TO]):
        if _SIGN_OFF.match(sentence) and len(sentence.split()) <= FRAGMENT + 2 and said:
            break
        if not _GREETING.match(sentence):
            said.append(_ADDRESSED.sub("", sentence))
    return tuple(said)


def heads_the_letter(line: str, wording: Wording) -> bool:
    """Tell whether a line says what a letter is about, and tells nothing."""
    folded = fold(line)
    return not (line.endswith(".") or has_a_verb(folded)) and (
        _HEADING.match(folded) is not None or is_heading(line, wording)
    )


def is_courtesy(sentence: str, wording: Wording) -> bool:
    """Tell whether a folded sentence is mere courtesy, or too short to be more."""
    if len(sentence.split()) <= FRAGMENT:
        return not tells_shortly(sentence)
    return len(sentence) <= _COURTESY_UP_TO and wording.says(Says.COURTESY, sentence) is not None


def tells_in_few_words(sentence: str, wording: Wording) -> bool:
    """Tell whether a short sentence, its case kept, has news: "Taxi starts Monday."

    Names and job titles are as short, but no full stop ends them.
    """
    length = len(sentence.split())
    if length > FRAGMENT:
        return False
    folded = fold(sentence)
    if tells_shortly(folded) or has_decided(folded):
        return True
    if length < _TWO or not sentence.endswith((".", "!")) or is_no_matter(folded):
        return False
    if any(wording.says(says, folded) for says in _KNOWN):
        return False
    return not all(map(wording.knows, words_told(folded, sentence)))


def needs_no_reply(message: Message, wording: Wording) -> bool:
    """Tell whether a message of ours only thanks: short, an answer, nothing asked."""
    is_answer = bool(message.in_reply_to or message.references)
    if not is_answer and not is_reply_subject(message.subject):
        return False
    folded = fold(message.own_text)
    if not folded or len(folded) > _THANKS_UP_TO or "?" in folded:
        return False
    if wording.says(Says.WANTS_REPLY, folded) or not wording.says(Says.THANKS, folded):
        return False
    clauses = (c for said in said_in(message.own_text) for c in _CLAUSE.split(said) if c.strip())
    return all(_only_thanks(clause.strip(), wording) for clause in clauses)


def _only_thanks(clause: str, wording: Wording) -> bool:
    """Tell whether a part of a sentence thanks and says nothing against, or is a name or so."""
    folded = fold(clause)
    words = clause.split()
    if wording.says(Says.THANKS, folded):
        return len(words) <= _THANKED_IN and not speaks_against(folded)
    is_name = len(words) <= FRAGMENT and all(word[:1].isupper() for word in words)
    is_polite = len(words) > FRAGMENT and is_courtesy(folded, wording)
    return is_name or is_polite or len(words) <= _TWO


def says_nothing_but(says: Says, text: str, wording: Wording) -> bool:
    """Tell whether every sentence of a text says one thing, asks nothing, or is mere courtesy."""
    said = [fold(sentence) for sentence in said_in(text)]
    if any("?" in sentence or _GOES_ON.search(sentence) for sentence in said):
        return False
    return all(wording.says(says, one) or is_courtesy(one, wording) for one in said)
