"""What a message says will follow: a holding reply, a promised day. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from inboxwatch.domain.evidence.courtesy import (
    FRAGMENT,
    READ_UP_TO,
    heads_the_letter,
    is_courtesy,
    said_in,
    tells_in_few_words,
)
from inboxwatch.domain.evidence.dates import AddWorkingDays, promised_day
from inboxwatch.domain.evidence.folding import fold
from inboxwatch.domain.evidence.news import (
    CONDITION,
    WILL_ANSWER,
    attaches_a_receipt,
    has_a_verb,
    has_decided,
    is_done,
    names_a_receipt,
    tells_of_this_one,
    tells_shortly,
    turns_from,
    without_echo,
)
from inboxwatch.domain.evidence.routine import is_routine
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

_MAX_SENTENCE = 240
_HOLDING_UP_TO = 900  # folded characters; who writes more says more
_MAY_HOLD_UP_TO = 400  # the same, where it is in doubt
_PROCEDURE_UP_TO = 320
_FEW = 8  # words; what so few refuse or tell of somebody is their whole point
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


class _Letter:
    """The sentences of a message, as they stand and folded."""

    def __init__(self, message: Message, wording: Wording) -> None:
        self.said = without_echo(said_in(message.own_text))
        self.folded = tuple(fold(sentence) for sentence in self.said)
        self._message = message
        self._wording = wording

    @cached_property
    def says_more(self) -> bool:
        """Whether it as a whole says more: by a document, a question, a deed, its length."""
        attaches = any(attaches_a_receipt(sentence) for sentence in self.folded)
        if carries_a_document(self._message) and not attaches:
            return True
        if any(asks(one) or is_done(one) for one in self.folded):
            return True
        if sum(map(len, self.folded)) <= _HOLDING_UP_TO:
            return False
        besides = (
            len(one)
            for one, as_said in zip(self.folded, self.said, strict=True)
            if not (_is_procedure(one, self._wording) or is_routine(as_said, self._wording))
        )
        return sum(besides) > _HOLDING_UP_TO

    def may_hold(self) -> bool:
        """Tell whether few sentences, one of which promises something, may say no more."""
        if sum(map(len, self.folded)) > _MAY_HOLD_UP_TO or carries_a_document(self._message):
            return False
        promises = [self._promises(one) for one in self.folded]
        return any(promises) and not any(
            asks(one)
            or is_done(one)
            or has_decided(one)
            or tells_more(as_said, is_promise=is_promise)
            or (not is_promise and len(one.split()) <= _FEW and tells_shortly(one))
            for one, as_said, is_promise in zip(self.folded, self.said, promises, strict=True)
        )

    def _promises(self, sentence: str) -> bool:
        says = (Says.HOLDING, Says.PROMISE)
        return undertakes(sentence) or any(self._wording.says(one, sentence) for one in says)


def outlook(
    message: Message, wording: Wording, said_on: date, add_working_days: AddWorkingDays
) -> Outlook:
    """Return whether a person's message only holds, and the first day it promises.

    It holds when one sentence at least says that somebody will answer, or how any request is dealt
    with, and no other says anything: no question, no document, no decision. In doubt it does not.
    """
    whole = fold(message.own_text[:READ_UP_TO])
    may = len(whole) <= 2 * _HOLDING_UP_TO or names_a_receipt(whole)
    if not (may or any(wording.may_say(says, whole) for says in _AHEAD)):
        return Outlook()  # most long letters, which need not be taken apart then
    letter = _Letter(message, wording)
    may_promise = any(wording.may_say(says, whole) for says in (Says.HOLDING, Says.PROMISE))
    is_holding = says_more = False
    promised: date | None = None
    for sentence, as_said in zip(letter.folded, letter.said, strict=True):
        if says_more and (promised is not None or not may_promise):
            break
        holds = wording.says(Says.HOLDING, sentence)
        will_do = not (says_more or holds) and only_undertakes(as_said, wording)
        will_do = will_do and not letter.says_more  # asked last: it looks at every sentence
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
        elif tells_in_few_words(as_said, wording) or not (
            is_procedure
            or heads_the_letter(as_said, wording)
            or _is_mere_courtesy(sentence, as_said, wording)
            or tells_nothing(as_said, wording)
        ):
            says_more = True
    if is_holding and not says_more and not letter.says_more:
        return Outlook(is_holding=True, promised_on=promised)
    return Outlook(may_hold=letter.may_hold(), promised_on=promised)


def _is_procedure(sentence: str, wording: Wording) -> bool:
    """Tell whether a sentence says how any request is dealt with, and no more."""
    if "?" in sentence or len(sentence) > _PROCEDURE_UP_TO:
        return False
    is_said = wording.says(Says.PROCEDURE, sentence) is not None or attaches_a_receipt(sentence)
    return is_said and not tells_of_this_one(sentence)


def _is_mere_courtesy(sentence: str, as_said: str, wording: Wording) -> bool:
    """Tell whether a sentence is courtesy, and does not go on to tell something."""
    if not is_courtesy(sentence, wording) or tells_of_this_one(sentence):
        return False
    words = wording.says(Says.COURTESY, sentence)
    return words is None or not any(
        _is_news(part, as_said, wording) for part in turns_from(sentence, words)
    )


def _is_news(part: str, sentence: str, wording: Wording) -> bool:
    """Tell whether a further part of a sentence that promises tells something of its own."""
    if len(part.split()) < FRAGMENT or not has_a_verb(part) or WILL_ANSWER.match(part):
        return False
    if tells_nothing(sentence, wording, part):
        return False
    return not any(
        wording.says(says, part) for says in (Says.HOLDING, Says.PROCEDURE, Says.COURTESY)
    )


def _without_conditions(sentence: str, holds: str) -> str:
    """Return a sentence without what is yet to happen before it keeps what it promises."""
    before, _, after = sentence.partition(holds)
    return f"{before}{holds}{CONDITION.split(after, maxsplit=1)[0]}"


def machine_promise(message: Message, wording: Wording) -> str | None:
    """Return the sentence of an automatic message that says when an answer may come."""
    whole = fold(message.own_text[:READ_UP_TO])
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
