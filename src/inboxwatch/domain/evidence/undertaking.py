"""Tell a sentence that only says that somebody will see to it, in whatever words. Pure.

"I'll speak with the school when she is back" undertakes and tells nothing. Who undertakes uses the
words of dealing with things, those of `Wording`; an answer has words of its own, an amount, or
something done for the child.
"""

from __future__ import annotations

import re

from inboxwatch.domain.evidence.folding import fold
from inboxwatch.domain.evidence.news import TO_BE_HEARD, has_decided, is_done
from inboxwatch.domain.evidence.routine import words_told
from inboxwatch.domain.evidence.wording import Wording

_UP_TO = 160  # folded characters
_DEALING = (
    r"(?:asking|chasing|checking|contacting|discussing|emailing|following|liaising|looking"
    r"|messaging|phoning|reading|ringing|speaking|talking|trying|waiting|writing)"
)
_IT = "(?:it|that|this|your)"
_DEAL = "(?:" + "|".join(
    (
        f"(?:add|pick|raise|run|share) {_IT}",
        "answer|ask|call|catch up|chase|check|come back|consider|contact|deal|dig|discuss",
        f"be (?:able to (?:help|look|reply|respond)|back|in (?:contact|touch)|{_DEALING})",
        "do (?:my best|so|what)|email|enquire|escalate",
        "(?:ensure|make sure)(?: that)? (?:it|somebody|someone|they|this|your"
        "|(?:a|my|our|the) (?:colleagues?|email|manager|message|officer|right|team))",
        "find (?:out|somebody|someone|the right|where|who)|flag|follow (?:it|that|this|up)",
        "get (?:back|in touch|onto|on to|round to|to|(?:an|some|the) (?:answer|news|update))",
        r"get \w+ to \w+|go (?:back to|over|through)|have a (?:look|think|word)|investigate",
        r"keep (?:at|chasing|on|you)|let (?:her|him|my|the|them|you)|liaise",
        r"look(?! (?:after|forward|like)\b)|make (?:a note|enquiries)|message|mention|nudge",
        f"pass (?:on|{_IT})|phone|pick up|prompt|put (?:a|in|{_IT})|query|read(?! to)|remind|reply",
        "report back|respond|ring|see (?:if|that|to|what|when|where|whether|who)",
        f"sort (?:out|{_IT})|speak|take (?:a look|{_IT})|talk|try (?:again|and|her|them|to)",
        "update (?:her|him|them|you)|write",
    )
) + r")\b"  # fmt: skip
_WHO = (
    r"(?:i|we|he|she|they|somebody|someone|colleagues?|team|manager|officer|caseworker|coordinator"
    r"|head|department|service)(?: from (?:my|our|the) \w+)?"
)
_EAGERLY = r"(?: also| first| now| just| then| try to| need to| have to)*"
_UNDERTAKES = re.compile(
    rf"\b{_WHO}(?:'ll| will| shall| should){_EAGERLY} {_DEAL}"
    rf"|\b(?:i'm|we're|i am|we are)(?: now| still| just)? (?:about|going|hoping|trying) to {_DEAL}"
    rf"|\b(?:i'm|we're|(?:i|we) am|are)(?: now| still| just| currently)? {_DEALING}\b"
    r"|\b(?:i|we)(?:'d|'ve| would| have)? (?:aim|expect|got|had|have|hope|intend|like|need|plan"
    rf"|want)(?: first)? to (?:be able to |hear|{_DEAL})"
    r"|\b(?:i|we)(?:'ve| have)(?: now| just| also)? (?:asked (?:her|him|them|the|my|our"
    r"|for (?:advice|an? |it|more))|chased"
    r"|contacted|emailed|flagged|left a|messaged|nudged|phoned|put a note|raised (?:it|this|your)"
    r"|rung)\b"
    r"|\bwhile (?:i|we) (?:ask|check|consider|find|investigate|look|read|wait)\b"
    r"|\b(?:i am|i'm|(?:colleague|caseworker|manager|officer|this) is) (?:away|off|on leave)\b"
    r"|\bowe you (?:a|an)\b|^(?:still )?working on (?:it|this|that)\b|\bhopeful of\b"
    r"|\b(?:haven't|hasn't|not|no)(?: been| yet| decision has been)? (?:decided|made|met)\b"
    rf"|\band (?:will|shall) {_DEAL}"
    rf"|^(?:let me|will|shall|need to|hope to|going to) {_DEAL}|^(?:still )?{_DEALING}\b"
)
# "Mrs Kerr will write to you", "Jane is off": a name begins it, where any word has a capital.
_BY_NAME = re.compile(
    r"^(?:(?:Dr|Miss|Mr|Mrs|Ms)\.? )?([A-Z][a-z]+)(?: [A-Z][a-z]+)?(?= (?:has|is|should|will)\b)"
)
_TIMES = re.compile(
    r"\b(?:(?:in|within|over|about|around|next|another|for|the)\b ?)*"
    r"(?:\d+|an?|few|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty)"
    r"(?:(?: or|-| to) ?\w+)? (?:working |school |business )?(?:days?|weeks?|months?)\b"
    r"|\b(?:in|within|next) (?:\d+|an|one|two|few) (?:hours?|minutes)\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"(?: \d{4})?\b|\b(?:the )?\d{1,2}(?:st|nd|rd|th)\b|\b\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?\b"
    r"|\b\d{1,2}(?:[.:]\d\d)? ?(?:am|pm)\b"
)
_AMOUNT = re.compile(
    r"\d|£|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)\b"
)
# To be seen, taken or started with is an answer; so is what the parent is asked or told to do.
_FOR_THE_CHILD = re.compile(
    r"\b(?:assess|collect|meet|pick|place|see|start|take|visit)(?:s|ed|ing)? (?:both|her|him|them"
    r"|the child|you)\b|\byou (?:can|could|may|must|need|ought|should)\b|\byes\b|\bplease\b"
    r"|\b(?:say|says|said|told)\b(?<!just to say)|\b(?:if|once|when|until) you\b"
    r"|\byou have (?:a|it|that|the|these|this|until)\b"
    r"|\blet (?:her|him|them)\b(?! know)"
)
_SEES_SOMEBODY = re.compile(
    r"\b(?:assess|collect|meet|pick|plac|see|start|tak|visit)(?:e|es|ed|ing|s|k up)? [A-Z]"
)
# What is still missing is no answer, and neither is what somebody will be asked for.
_NOT_YET = re.compile(
    r"\b(?:haven't|hasn't|not|no)(?: yet| been able to)? (?:had|heard|got|received|reached|a chance"
    r"|managed|reply|response|news|word|answer|update|decided|made a decision|met)\b(?! your)"
    r"|\bno (?:decision|answer|reply) has (?:yet )?been (?:made|received)\b"
    r"|\b(?:cannot|can't|could not|couldn't|unable to) (?:get hold of|get through|reach)\b"
    r"|\b(?:do not|don't) (?:yet )?(?:know|have (?:it|that|this|them|the answer|an answer))\b"
)
# Whoever is spoken with: "I'll check with the driver's firm", "I've to run this past legal".
_WHOSE = "(?:an?|her|his|my|our|the|their|your)"
_OFFICE = r"[\w']+(?: (?:firm|office|service|team))?\b"
_WITH_WHOM = re.compile(
    rf"\b(?:from|past|with) (?:{_WHOSE} )?{_OFFICE}|\bto {_WHOSE} {_OFFICE}|\bto \w+(?=[.,]|$)"
)
_REFUSES = re.compile(r"\b(?:cannot|can't|never|unable|won't|will not|no longer|nothing)\b")


def only_undertakes(sentence: str, wording: Wording) -> bool:
    """Tell whether a sentence, its case kept, says that somebody will see to it, and no more."""
    sentence = _without_name(sentence, wording)
    folded = fold(sentence)
    if _UNDERTAKES.search(folded) is None:
        return False
    return _told_besides(sentence, wording, spoken_with=True) is not None


def tells_nothing(sentence: str, wording: Wording) -> bool:
    """Tell whether a sentence, its case kept, has only words of dealing with things in it."""
    told = _told_besides(_without_name(sentence, wording), wording)
    return told is not None and not wording.dealing.isdisjoint(told)


def _without_name(sentence: str, wording: Wording) -> str:
    """Return a sentence with "she" for a name that it begins with."""
    named = _BY_NAME.match(sentence)
    if named is None or _is_known(named[1].lower(), wording):
        return sentence
    return f"She{sentence[named.end() :]}"


def _told_besides(
    sentence: str, wording: Wording, *, spoken_with: bool = False
) -> list[str] | None:
    """Return the words of a sentence that tells nothing, names left out; None of any other.

    Args:
        spoken_with: words of their own for whoever is spoken with are no news.
    """
    folded = _NOT_YET.sub(" ", TO_BE_HEARD.sub(" ", fold(sentence)))
    if len(folded) > _UP_TO or "?" in folded:
        return None
    if _AMOUNT.search(_TIMES.sub(" ", folded)):
        return None
    if _FOR_THE_CHILD.search(folded) or _SEES_SOMEBODY.search(sentence) or _REFUSES.search(folded):
        return None
    if has_decided(folded) or is_done(folded):
        return None
    if spoken_with:
        folded = _WITH_WHOM.sub(" ", folded)
    told = words_told(folded, sentence)
    return told if all(_is_known(word, wording) for word in told) else None


def _is_known(word: str, wording: Wording) -> bool:
    return word in wording.common or word in wording.routine or word in wording.dealing
