"""Tell a sentence that is made of nothing but the words of dealing with requests. Pure.

Every office words differently what may be charged, who is asked and when a reply is due, but in the
same few words, those of `Wording`. A sentence of these alone, that says what may or will be done,
tells nothing of what was asked. News has words of its own: a school, a therapist, a day that
something begins.
"""

from __future__ import annotations

import re

from inboxwatch.domain.evidence.folding import fold, words_in
from inboxwatch.domain.evidence.wording import Wording

_AT_LEAST = 2  # routine words; fewer are no sign
_AT_LEAST_NOW = 4  # the same, where nothing is still to come
_ONE_STRANGER_IN = 7  # a longer sentence may have a word of its own
# It speaks of what is to be done, or of what was done with the letter itself.
_TO_COME = re.compile(
    r"\b(?:may|might|will|would|can|could|should|shall|aims?|endeavour\w*|hopes?|intends?"
    r"|if|(?:is|are) (?:\w+ly )?(?:being|committed|dealt|entitled|handled|managed|processed"
    r"|required|treated)"
    r"|(?:has|have|was|were) (?:now |also |been )*(?:acknowledged|allocated|assigned|forwarded"
    r"|logged"
    r"|passed|received|referred|registered|shared))\b"
)
_HEDGED = re.compile(
    r"\b(?:if|may|might|should|in (?:some|certain|exceptional|such)|unless|whether)\b"
)
_AGAINST = re.compile(
    r"n't\b|\b(?:cannot|declin\w+|never|no|none|not|nothing|unable|without|yes)\b"
)
_MONEY = re.compile(r"\b(?:charges?|costs?|fees?)\b")
# What a request is, by when it is answered, who helps and reviews; other sections refuse.
_PROCEDURAL_SECTION = re.compile(r"\bsection (?:8|10|16|45|50)\b")
# The parent is asked to do something, or an answer is spoken of that has been given.
_ASKS = re.compile(
    r"\byou (?:also )?(?:must|need|ought|have (?:to|\d+|until)|should (?!expect|get|hear"
    r"|receive|have any))"
    r"|\byou will (?:also )?(?:need|have to)\b"
    r"|^please (?!accept|be|bear|contact|do not hesitate|don't hesitate|feel|note|quote"
    r"|remember|use)"
)
_GIVEN = re.compile(
    r"\b(?:was|were|has|have|had|is|are)(?: \w+ly| now| also| been)* (?:attached|answered|below"
    r"|complete"
    r"|completed|disclosed|enclosed|exempt|extended|issued|provided|released|replied|responded|sent"
    r"|supplied|upheld|withheld)\b|\bthis (?:answer|decision|outcome|reply|response)\b"
    r"|(?:happy|satisfied) with (?:our|the) (?:answer|decision|outcome|reply|response)\b"
)


def is_routine(sentence: str, wording: Wording) -> bool:
    """Tell whether a sentence, its case kept, has only words of dealing with requests in it."""
    folded = fold(sentence)
    if "section" in folded:
        folded = _PROCEDURAL_SECTION.sub(" ", folded)
    told = _routine_words(folded, sentence, wording)
    if told < _AT_LEAST or "?" in folded or "£" in folded:
        return False
    if _ASKS.search(folded) or _GIVEN.search(folded):
        return False
    if (_AGAINST.search(folded) or _MONEY.search(folded)) and not _HEDGED.search(folded):
        return False
    return told >= _AT_LEAST_NOW or _TO_COME.search(folded) is not None


def _routine_words(folded: str, sentence: str, wording: Wording) -> int:
    """Count the routine words of a folded sentence; 0 where too many are of its own.

    Most sentences are news, which some of their first words show.
    """
    words = words_in(folded)
    names = _names(sentence)
    told = strangers = 0
    for word in words:
        if word in wording.common or word in names or _is_nothing(word):
            continue
        told += 1
        if word not in wording.routine:
            strangers += 1
            if strangers > len(words) // _ONE_STRANGER_IN:
                return 0
    return told - strangers if strangers <= told // _ONE_STRANGER_IN else 0


def is_heading(line: str, wording: Wording) -> bool:
    """Tell whether a line names what a letter is about in such words, and no more."""
    folded = fold(line)
    return not wording.routine.isdisjoint(words_in(folded)) and all(
        word in wording.common or word in wording.routine for word in words_told(folded, line)
    )


def words_told(folded: str, sentence: str) -> list[str]:
    """Return the words of a folded sentence that may tell something, in order.

    Args:
        folded: the sentence, or what is left of it.
        sentence: its case kept; what has a capital in it, but the first word, is a name.
    """
    names = _names(sentence)
    return [word for word in words_in(folded) if word not in names and not _is_nothing(word)]


def _names(sentence: str) -> frozenset[str]:
    """Return the words with a capital, but the first, in lower case; none of a text in capitals."""
    if sentence.isupper():
        return frozenset()
    return frozenset(word.lower() for word in words_in(sentence)[1:] if word[0].isupper())


def _is_nothing(word: str) -> bool:
    """Tell whether a word is a letter, an adverb or has a digit, as dates and references have."""
    if len(word) == 1 or word.endswith("ly"):
        return True
    return not word.isalpha() and any(sign.isdigit() for sign in word)
