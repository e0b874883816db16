"""Tell whether a text that acknowledges a message also tells a fact of the matter. Pure.

"We have received your form and the taxi will start on Monday" answers, whoever sent it. What is
told of the office, its mailbox and how it works is no such fact.
"""

from __future__ import annotations

import re

from inboxwatch.domain.evidence.courtesy import (
    FRAGMENT,
    heads_the_letter,
    is_courtesy,
    said_in,
    tells_in_few_words,
)
from inboxwatch.domain.evidence.folding import fold
from inboxwatch.domain.evidence.news import WILL_ANSWER, has_a_verb, has_decided, parts
from inboxwatch.domain.evidence.routine import is_routine
from inboxwatch.domain.evidence.undertaking import tells_nothing
from inboxwatch.domain.evidence.wording import Says, Wording

_UP_TO = 1200  # folded characters; a longer text tells much of the office
_OF_NO_MATTER = tuple(
    says
    for says in Says
    if says not in (Says.ANSWER, Says.PERSON, Says.THANKS, Says.WANTS_REPLY, Says.PROMISE)
)
# Somebody or something that is known already, or that there is one: not "emails are read daily".
_OF_SOMETHING = re.compile(
    r"^(?:and |but |so )?(?:an?|he|her|his|she|the|there (?:are|has|have|is|was|were)|who)\b"
)
_NAME = re.compile(
    r"(?!It |Nobody |That |This |Yours |Your |Our |My |No )[A-Z][a-z]+(?<!s) (?:can|has|is|was"
    r"|will)\b"
)
# What an office does of the matter or refuses to do, not that it cannot answer everybody.
_DECIDES = re.compile(
    r"\bwe (?:(?:will not|won't|cannot|can't|do not|are not going to|are (?:not "
    r"|un)able to)(?: be)?"
    r" (?:agree|amend|assess|carry out|change|fund|issu|name|offer|pay|plac|provid)\w*"
    r"|have (?:now )?(?:agreed|approved|awarded|declined|decided|granted|refused|rejected)\b)"
)
# "Once your form is approved", "any request that is refused", "we are closed on Sundays".
_OPEN = re.compile(
    r"\b(?:after|aim|any|applications|be|before|being|can|cannot|closed|enquiries|if|may|once|please"
    r"|requests|should|these|those|unless|until|when|whether|will|would|yet)\b"
)
_OF_THE_OFFICE = re.compile(
    r"\b(?:account|address|advisers?|advice|case|caseworker|copy|council|decision|department"
    r"|email|emails|enquiries|form|forms|here|hours"
    r"|if|inbox|information|lines?|link|mailbox|member|message|messages|might|number|office"
    r"|officer|our|page|please"
    r"|policy|portal|process|reception|reference|reply|request|requests|response|service|site"
    r"|staff|status|system|target|team"
    r"|time|times|tribunal|us|we|website|working|you|your)\b|https?:|www\.|@"
)


def tells_a_fact(text: str, wording: Wording) -> bool:
    """Tell whether a sentence, or where it turns to something else, tells a fact of the matter."""
    if len(text) > _UP_TO:
        return False
    return any(_tells(sentence, wording) for sentence in said_in(text))


def tells_anything(text: str, wording: Wording) -> bool:
    """Tell whether a text has a sentence that is not of an office, its mail or how it works."""
    if len(text) > _UP_TO:
        return False
    return not all(_is_nothing(sentence, wording) for sentence in said_in(text))


def _is_nothing(sentence: str, wording: Wording) -> bool:
    folded = fold(sentence)
    return (
        _is_of_no_matter(folded, wording)
        or (is_courtesy(folded, wording) and not tells_in_few_words(sentence, wording))
        or is_routine(sentence, wording)
        or heads_the_letter(sentence, wording)
        or tells_nothing(sentence, wording)
    )


def _tells(sentence: str, wording: Wording) -> bool:
    folded = fold(sentence)
    if _DECIDES.search(folded):
        return True
    if "?" in folded or is_routine(sentence, wording) or heads_the_letter(sentence, wording):
        return False
    if has_decided(folded) and not (_OPEN.search(folded) or _is_of_no_matter(folded, wording)):
        return True
    turns = parts(folded)
    said = turns[1:] if _is_of_no_matter(folded, wording) else turns
    is_named = _NAME.match(sentence) is not None
    return any(
        (_OF_SOMETHING.match(part) or (is_named and part is turns[0]))
        and len(part.split()) >= FRAGMENT
        and has_a_verb(part)
        and not (WILL_ANSWER.match(part) or _OF_THE_OFFICE.search(part))
        and not _is_of_no_matter(part, wording)
        for part in said
    )


def _is_of_no_matter(folded: str, wording: Wording) -> bool:
    return any(wording.says(says, folded) for says in _OF_NO_MATTER)
