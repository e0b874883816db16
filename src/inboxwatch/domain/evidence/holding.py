"""What a message says will follow: a holding reply, a promised day, thanks that end it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from inboxwatch.domain.evidence.dates import AddWorkingDays, promised_day
from inboxwatch.domain.evidence.folding import fold, is_reply_subject, sentences
from inboxwatch.domain.evidence.news import (
    CONDITION,
    WILL_ANSWER,
    attaches_a_receipt,
    has_a_verb,
    has_decided,
    is_done,
    names_a_receipt,
    speaks_against,
    tells_of_this_one,
    tells_shortly,
    turns_from,
    without_echo,
)
from inboxwatch.domain.evidence.routine import is_heading, is_routine
from inboxwatch.domain.evidence.shape import carries_a_document
from inboxwatch.domain.evidence.undertaking import (
    asks,
    only_undertakes,
    tells_more,
    tells_nothing,
    undertakes,
)
from inboxwatch.domain.evidence.wording import Says, Wording
from inboxwatch.domain.message import Message

_MAX_TEXT = 6000
_MAX_SENTENCE = 240
_HOLDING_UP_TO = 900  # folded characters; who writes more says more
_MAY_HOLD_UP_TO = 400  # the same, where it is in doubt
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
    r"|subject access|information|request for information|internal review) )[^.]{0,120}$"
)
_GOES_ON = re.compile(r"\b(?:but|yes|no,|so quickly|so briefly|however|in answer)\b")
# "Thank you, the taxi did not come again" thanks for nothing.
_CLAUSE = re.compile(r"[,;:!?.]+\s|\s-+\s|\s(?:and|but|as)\s", re.I)
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
    may_hold: bool = False  # it says so, in few words, and nothing in them surely tells more
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
    may = len(whole) <= 2 * _HOLDING_UP_TO or names_a_receipt(whole)
    if not (may or any(wording.may_say(says, whole) for says in _AHEAD)):
        return Outlook()  # most long letters, which need not be taken apart then
    said = without_echo(said_in(message.own_text))
    folded = tuple(fold(sentence) for sentence in said)
    may_promise = any(wording.may_say(says, whole) for says in (Says.HOLDING, Says.PROMISE))
    more_at_all: bool | None = None  # asked last: it looks at every sentence
    is_holding = says_more = False
    promised: date | None = None
    for sentence, as_said in zip(folded, said, strict=True):
        if says_more and (promised is not None or not may_promise):
            break
        holds = wording.says(Says.HOLDING, sentence)
        will_do = not (says_more or holds) and only_undertakes(as_said, wording)
        if will_do and more_at_all is None:
            more_at_all = _says_more(message, said, folded, wording)
        will_do = will_do and not more_at_all
        if promised is None and (holds or will_do or wording.says(Says.PROMISE, sentence)):
            promised = promised_day(sentence, said_on, add_working_days)
        if says_more:
            continue
        is_listed = _is_procedure(sentence, wording)
        is_procedure = is_listed or is_routine(as_said, wording)
        is_holding |= is_listed
        told = _without_conditions(sentence, holds) if holds else sentence
        if not (is_procedure or will_do) and wording.says(Says.ANSWER, told):
            says_more = True
        elif holds:
            is_holding = True
            says_more = has_decided(sentence.partition(holds)[0]) or (
                not is_procedure
                and any(_is_news(part, as_said, wording) for part in turns_from(told, holds))
            )
        elif will_do:
            is_holding = True
        elif not (
            is_procedure
            or heads_the_letter(as_said, wording)
            or _is_courtesy(sentence, wording)
            or tells_nothing(as_said, wording)
        ):
            says_more = True
    if is_holding and not says_more:
        if more_at_all is None:
            more_at_all = _says_more(message, said, folded, wording)
        if not more_at_all:
            return Outlook(is_holding=True, promised_on=promised)
    may_hold = _may_hold(message, said, folded, wording)
    return Outlook(may_hold=may_hold, promised_on=promised)


def _may_hold(
    message: Message, said: tuple[str, ...], folded: tuple[str, ...], wording: Wording
) -> bool:
    """Tell whether few sentences, one of which says that somebody will see to it, may be all."""
    if sum(map(len, folded)) > _MAY_HOLD_UP_TO or carries_a_document(message):
        return False
    promises = [
        undertakes(one) or any(wording.says(says, one) for says in (Says.HOLDING, Says.PROMISE))
        for one in folded
    ]
    return any(promises) and not any(
        asks(one) or is_done(one) or has_decided(one) or tells_more(as_said, is_promise=is_promise)
        for one, as_said, is_promise in zip(folded, said, promises, strict=True)
    )


def _says_more(
    message: Message, said: tuple[str, ...], folded: tuple[str, ...], wording: Wording
) -> bool:
    """Tell whether a letter as a whole says more: a document, a question, a deed, its length."""
    attaches = any(attaches_a_receipt(sentence) for sentence in folded)
    if carries_a_document(message) and not attaches:
        return True
    if any(asks(one) or is_done(one) for one in folded):
        return True
    if sum(map(len, folded)) <= _HOLDING_UP_TO:
        return False
    besides = (
        len(one)
        for one, as_said in zip(folded, said, strict=True)
        if not (_is_procedure(one, wording) or is_routine(as_said, wording))
    )
    return sum(besides) > _HOLDING_UP_TO


def _is_procedure(sentence: str, wording: Wording) -> bool:
    """Tell whether a sentence says how any request is dealt with, and no more."""
    if "?" in sentence or len(sentence) > _PROCEDURE_UP_TO:
        return False
    is_said = wording.says(Says.PROCEDURE, sentence) is not None or attaches_a_receipt(sentence)
    return is_said and not tells_of_this_one(sentence)


def _is_news(part: str, sentence: str, wording: Wording) -> bool:
    """Tell whether a further part of a sentence that promises tells something of its own."""
    if len(part.split()) < FRAGMENT or not has_a_verb(part) or WILL_ANSWER.match(part):
        return False
    if tells_nothing(sentence, wording, part):
        return False
    return not any(
        wording.says(says, part) for says in (Says.HOLDING, Says.PROCEDURE, Says.COURTESY)
    )


def heads_the_letter(line: str, wording: Wording) -> bool:
    """Tell whether a line says what a letter is about, and tells nothing."""
    folded = fold(line)
    return not has_a_verb(folded) and (
        _HEADING.match(folded) is not None or is_heading(line, wording)
    )


def _without_conditions(sentence: str, holds: str) -> str:
    """Return a sentence without what is yet to happen before it keeps what it promises."""
    before, _, after = sentence.partition(holds)
    return f"{before}{holds}{CONDITION.split(after, maxsplit=1)[0]}"


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
        return len(words) <= _THANKED_IN and not speaks_against(folded)
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
        return not tells_shortly(sentence)
    return len(sentence) <= _COURTESY_UP_TO and wording.says(Says.COURTESY, sentence) is not None
