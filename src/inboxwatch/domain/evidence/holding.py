"""What a message says will follow: a holding reply, a promised day, thanks that end it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from inboxwatch.domain.evidence.dates import AddWorkingDays, promised_day
from inboxwatch.domain.evidence.folding import fold, is_reply_subject, sentences
from inboxwatch.domain.evidence.shape import carries_a_document
from inboxwatch.domain.evidence.wording import Says, Wording
from inboxwatch.domain.message import Message

_MAX_TEXT = 6000
_MAX_SENTENCE = 240
_HOLDING_UP_TO = 900  # folded characters; who writes more says more
_THANKS_UP_TO = 300
_THANKED_IN = 14  # words; a longer part of a sentence says what it thanks for
_TWO = 2  # words say nothing: "will do", a first name with a kiss
_COURTESY_UP_TO = 160
_PROCEDURE_UP_TO = 320
FRAGMENT = 4  # words; shorter lines are names, greetings and job titles
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
    r"|subject access|information|request for information|internal review) )[^.]{0,80}$"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|cannot|may|must|do|does|did|not|no"
    r"|attached|enclosed|closed|refused|agreed|upheld)\b"
)
_GOES_ON = re.compile(r"\b(?:but|yes|no,|so quickly|so briefly|however|in answer)\b")
# "Thank you, the taxi did not come again" thanks for nothing.
_CLAUSE = re.compile(r"[,;:!?.]+\s|\s-+\s|\s(?:and|but|as)\s", re.I)
_AGAINST = re.compile(
    r"n't\b|\b(?:not|no|never|nothing|nobody|without|missing|wrong|again|still|yet|unfortunately)\b"
)
# What has been sent to us, or what somebody has said to it, is more than that somebody will answer.
_DONE = re.compile(
    r"(?:have|'ve|has|was|is|are) (?:\w+ ){0,8}?(?:sent|shared|forwarded|posted|emailed|issued)"
    r" (?:\w+ ){0,8}?(?:to|with) (?:you|your)\b|\bby (?:post|recorded|courier)\b"
    r"|\b(?:is|are|have|'ve|find|see) (?:\w+ ){0,2}?attached\b|^(?:yes|no)[.!]*$"
    r"|\b(?:who|which) (?:has|have|had|did|said|is|was)\b(?! (?:received|dated|sent|logged)\b)"
    r"|\band it \w+s\b"
)
# "The panel agreed on Tuesday and I will be in touch" has answered before it promises.
_DECIDED = re.compile(
    r"\b(?:agreed|approved|awarded|chosen|closed|confirmed|decided|declined|granted|named|refused|rejected"
    r"|ruled|upheld|can (?:appeal|apply|attend|choose|claim|have|start|stay|use))\b"
)
# "Your complaint was received in May and we found no fault" begins as a procedure only.
_TOLD = re.compile(
    r"\b(?:found|concluded|offered|amended|paid|outcome|exempt|hold|held|section \d+)\b|£\d"
    r"|\b(?:response|answer|reply|decision) is\b(?! (?:due|expected|being))"
)
_CONDITION = re.compile(r"\b(?:when|once|as soon as|after|until|if|whether)\b")
_TIME_LIMIT = re.compile(
    r"\b(?:within|in|up to|aim\w* (?:to|for)|o fewn)\b[^.]{0,40}?"
    r"(?:\d+|five|ten|twenty|three|two)\b[^.]{0,12}\b(?:days?|weeks?|hours|diwrnod)"
)
_AHEAD = (Says.HOLDING, Says.PROMISE, Says.PROCEDURE)
# Asked for first: a few words are found many times faster than a pattern that begins anywhere.
_UNITS = ("day", "week", "hours", "diwrnod")
_NUMBERS = ("five", "ten", "twenty", "three", "two", *"0123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a message says will follow."""

    is_holding: bool = False  # it says only that somebody will answer
    promised_on: date | None = None


def said_in(text: str) -> tuple[str, ...]:
    """Return the sentences of a text up to its sign-off, greeting left out, case kept."""
    said: list[str] = []
    for sentence in sentences(text[:_MAX_TEXT]):
        if _SIGN_OFF.match(sentence) and len(sentence.split()) <= FRAGMENT + 2 and said:
            break
        if not _GREETING.match(sentence):
            said.append(_ADDRESSED.sub("", sentence))
    return tuple(said)


def outlook(
    message: Message, wording: Wording, said_on: date, add_working_days: AddWorkingDays
) -> Outlook:
    """Return whether a person's message only holds, and the first day it promises.

    It holds when one sentence at least says that somebody will answer, or how any request is dealt
    with, and no other says anything: no question, no document, no decision. In doubt it does not.
    """
    whole = fold(message.own_text[:_MAX_TEXT])
    if not any(wording.may_say(says, whole) for says in _AHEAD):
        return Outlook()  # most letters, which need not be taken apart then
    folded = tuple(fold(sentence) for sentence in said_in(message.own_text))
    procedure = frozenset(sentence for sentence in folded if _is_procedure(sentence, wording))
    spoken = sum(len(sentence) for sentence in folded if sentence not in procedure)
    is_holding = bool(procedure)
    says_more = carries_a_document(message) or spoken > _HOLDING_UP_TO
    promised: date | None = None
    for sentence in folded:
        holds = wording.says(Says.HOLDING, sentence)
        if promised is None and (holds or wording.says(Says.PROMISE, sentence)):
            promised = promised_day(sentence, said_on, add_working_days)
        if says_more:
            continue
        told = _without_conditions(sentence, holds) if holds else sentence
        is_procedure = sentence in procedure
        answers = not is_procedure and wording.says(Says.ANSWER, told)
        if "?" in sentence or _DONE.search(sentence) or answers:
            says_more = True
        elif holds:
            is_holding = True
            says_more = _has_decided(sentence.partition(holds)[0])
        elif not (is_procedure or _heads_the_letter(sentence) or _is_courtesy(sentence, wording)):
            says_more = True
    return Outlook(is_holding=is_holding and not says_more, promised_on=promised)


def _is_procedure(sentence: str, wording: Wording) -> bool:
    """Tell whether a sentence says how any request is dealt with, and no more."""
    if "?" in sentence or len(sentence) > _PROCEDURE_UP_TO:
        return False
    if not wording.says(Says.PROCEDURE, sentence):
        return False
    return not (_DECIDED.search(sentence) or _TOLD.search(sentence))


def _heads_the_letter(sentence: str) -> bool:
    return _HEADING.match(sentence) is not None and _VERB.search(sentence) is None


def _without_conditions(sentence: str, holds: str) -> str:
    """Return a sentence without what is yet to happen before it keeps what it promises."""
    before, _, after = sentence.partition(holds)
    return f"{before}{holds}{_CONDITION.split(after, maxsplit=1)[0]}"


def _has_decided(clause: str) -> bool:
    return _DECIDED.search(clause) is not None and _AGAINST.search(clause) is None


def machine_promise(message: Message, wording: Wording) -> str | None:
    """Return the sentence of an automatic message that says when an answer may come."""
    whole = fold(message.own_text[:_MAX_TEXT])
    if not _may_have_time_limit(whole) and not wording.may_say(Says.PROMISE, whole):
        return None
    for sentence in said_in(message.own_text):
        folded = fold(sentence)
        if _has_time_limit(folded) or (
            wording.says(Says.PROMISE, folded) and promised_day(folded, message.at.date())
        ):
            return " ".join(sentence.split())[:_MAX_SENTENCE]
    return None


def _has_time_limit(sentence: str) -> bool:
    return _may_have_time_limit(sentence) and _TIME_LIMIT.search(sentence) is not None


def _may_have_time_limit(folded: str) -> bool:
    if not any(unit in folded for unit in _UNITS):
        return False
    return not folded.isascii() or any(number in folded for number in _NUMBERS)


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
        return len(words) <= _THANKED_IN and _AGAINST.search(folded) is None
    is_name = len(words) <= FRAGMENT and all(word[:1].isupper() for word in words)
    is_courtesy = len(words) > FRAGMENT and _is_courtesy(folded, wording)
    return is_name or is_courtesy or len(words) <= _TWO


def says_nothing_but(says: Says, text: str, wording: Wording) -> bool:
    """Tell whether every sentence of a text says one thing, asks nothing, or is mere courtesy."""
    said = [fold(sentence) for sentence in said_in(text)]
    if any("?" in sentence or _GOES_ON.search(sentence) for sentence in said):
        return False
    return all(wording.says(says, one) or _is_courtesy(one, wording) for one in said)


def _is_courtesy(sentence: str, wording: Wording) -> bool:
    if len(sentence.split()) <= FRAGMENT:
        return True
    return len(sentence) <= _COURTESY_UP_TO and wording.says(Says.COURTESY, sentence) is not None
