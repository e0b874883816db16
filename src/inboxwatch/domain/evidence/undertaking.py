"""Tell a sentence that only says that somebody will see to it, in whatever words. Pure.

"I'll speak with the school when she is back" undertakes and tells nothing. Who undertakes uses the
words of dealing with things, those of `Wording`; an answer has words of its own, an amount, or
something done for the child.
"""

from __future__ import annotations

import re

from inboxwatch.domain.evidence.folding import fold
from inboxwatch.domain.evidence.news import (
    TO_BE_HEARD,
    has_a_verb,
    has_decided,
    is_done,
    parts,
)
from inboxwatch.domain.evidence.routine import words_told
from inboxwatch.domain.evidence.wording import Wording

_UP_TO = 160  # folded characters
_DEALING = (
    r"(?:answering|asking|awaiting|catching up|chasing|checking|contacting|discussing|emailing"
    r"|following|going (?:over|through)|liaising|looking(?! (?:after|forward|like)\b)|messaging"
    r"|phoning|picking (?:it|that|things|this|up)|reading|replying|responding|reviewing|ringing"
    r"|sorting|speaking|talking|trying|waiting|working (?:on|through)|writing)"
)
_IT = "(?:it|that|this|your)"
_DEAL = "(?:" + "|".join(
    (
        f"(?:add|forward|pick|raise|run|send|share) {_IT}"
        r"(?! (?:copy|forms?|letters?|plan|reports?)\b)",
        "answer|ask|call|catch up|chase|(?:double[- ])?check|come back|consider|contact",
        "deal|dig|discuss",
        f"be (?:able to (?:help|look|reply|respond)|back|in (?:contact|touch)|{_DEALING})",
        "do (?:(?:all|everything) (?:i|we) can|my best|our best|so|what)|email|enquire|escalate",
        "familiarise|get hold of|(?:ensure|make sure)(?: that)? (?:it|somebody|someone|they|this"
        "|your|(?:a|my|our|the) (?:colleagues?|email|manager|message|officer|right|team))",
        "find (?:out|somebody|someone|the right|where|who)|flag|follow (?:it|that|this|up)",
        "give (?:her|him|them|you) a (?:call|ring)",
        "get (?:back|in touch|onto|on to|round to|to|(?:an|some|the) (?:answer|news|update))",
        f"get {_IT} (?:looked|moving|resolved|sorted)|feed ?back|forward to|revert|review",
        r"get \w+ to \w+|go (?:back to|over|through)|have a (?:look|think|word)|investigate",
        r"keep (?:at|chasing|on|trying|you)|let (?:her|him|my|the|them|you)|liaise",
        r"look(?! (?:after|forward|like)\b)|make (?:a note|contact|enquiries)|mention|message",
        f"pass (?:on|them|{_IT})|phone|pick up|prompt|put (?:a|in|{_IT})|query|nudge",
        "read(?! (?:to|with))|remind|reply|report back|respond|ring",
        "see (?:if|that|to|what|when|where|whether|who)",
        f"sort (?:out|{_IT})|speak|take (?:a look|advice|{_IT})|talk|try (?:again|and|her|them|to)",
        "update (?:her|him|them|you)|write",
    )
) + r")\b"  # fmt: skip
_WHO = (
    r"(?:i|we|he|she|they|somebody|someone|colleagues?|team|manager|officer|caseworker|coordinator"
    r"|head|department|service|one of (?:my|our|the) \w+)(?: from (?:my|our|the) \w+)?"
)
_EAGERLY = r"(?: also| first| now| just| then| try to| need to| have to)*"
_OURS = r"(?:colleague|manager|officer|service|somebody|someone|team)"
_MATTER = (
    r"(?:it|this|that|(?:your|the) (?:\w+ )?(?:comments?|complaint|concerns?|email|letter|message"
    r"|points|query|request))"
)
_DEALT_WITH = (
    r"(?:allocated|answered|considered|dealt|discussed|escalated|forwarded|investigated|logged"
    r"|looked|passed|picked|prioritised|raised|read|reviewed|shared)"
)
_HAS_DONE = (
    rf"(?:asked (?:her|him|them|the|my|our|for (?:advice|an? |it|more)|\w+ to {_DEAL})|chased"
    r"|contacted|copied|emailed|flagged|left a|messaged|nudged|phoned|put (?:a note|in a request)"
    r"|raised (?:it|this|your)|reminded|requested (?:an? |it|more)|rung|sent (?:a|another)"
    rf" (?:chaser|reminder)|shared with|tried to {_DEAL}"
    rf"|(?:escalated|forwarded|passed|sent|shared) {_IT}(?: on| over| up)? (?:to|with)|put {_IT} to"
    rf"|added {_IT} to (?:my|our|the) (?:agenda|list|queue)|made (?:\w+ ){{1,3}}aware"
    rf"|been (?:hoping|meaning|trying|waiting) to (?:hear|{_DEAL}))"
)
_UNDERTAKES = re.compile(
    rf"\b{_WHO}(?:'ll| will| shall| should){_EAGERLY} {_DEAL}"
    rf"|\b(?:i'm|we're|i am|we are|{_OURS} (?:\w+ ){{0,3}}?is)(?: now| still| just)?"
    rf" (?:about|going|hoping|trying) to (?:have (?:an|some) \w+|{_DEAL})"
    rf"|\b(?:i'm|we're|(?:i|we) am|are)(?: now| still| just| currently)? {_DEALING}\b"
    r"|\b(?:i|we)(?:'d|'ve| would| have)? (?:aim|expect|got|had|have|hope|intend|like|need|plan"
    rf"|want)(?: first)? to (?:be (?:able|in a position) to |hear|{_DEAL})"
    rf"|\b(?:i|we)(?:'ve| have)(?: now| just| also| already)? {_HAS_DONE}\b"
    rf"|\b{_MATTER}(?:'ll| will(?: need to)?| needs? to)(?: now)? be {_DEALT_WITH}\b"
    r"|\b(?:i'm|i am|we're) covering for\b|\b(?:i|we) (?:are|am) doing (?:all|everything)\b"
    r"|^as soon as (?:i|we) (?:get|have|hear|know) [^.]*\b(?:i|we)(?:'ll| will)$"
    r"|\bwhile (?:i|we) (?:ask|check|consider|find|investigate|look|read|wait)\b"
    rf"|\b(?:i am|i'm|(?:caseworker|this|{_OURS}) is) (?:away|off|on leave)\b"
    r"|\bowe you (?:a|an)\b|^(?:still )?working on (?:it|this|that)\b|\bhopeful of\b"
    r"|\b(?:haven't|hasn't|not|no)(?: been| yet| decision has been)? (?:decided|made|met)\b"
    rf"|(?:\band|\bso|\bbut|[,;-]) (?:let me|will|shall|need to|have to|hope to)(?: need to)?"
    rf" {_DEAL}"
    rf"|\band (?:am|are)(?: still| now)? {_DEALING}\b|\bso (?:i )?will need (?:\w+ )*?time\b"
    r"|\b(?:is|are)(?: now| still| currently)? being (?:considered|dealt with|drafted|investigated"
    r"|looked (?:at|into)|prepared|processed|progressed|reviewed)\b"
    r"|\bneeds? to be (?:approved|checked|signed off)\b|\blet's (?:catch up|speak|talk)\b"
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
    r"|\ba (?:day|week|month) or (?:so|two)\b"
    r"|\b(?:in|within|next) (?:\d+|an|one|two|few) (?:hours?|minutes)\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"(?: \d{4})?\b|\b(?:the )?\d{1,2}(?:st|nd|rd|th)\b|\b\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?\b"
    r"|\b\d{1,2}(?:[.:]\d\d)? ?(?:am|pm)\b"
)
_DAY = re.compile(
    r"\d|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july"
    r"|august|september|october|november|december)\b"
)
_OFTEN = re.compile(
    r"\b(?:daily|weekly|fortnightly|monthly|termly)\b|\bevery (?:day|week|month|term|other)\b"
    r"|\bevery \w+ (?:days|weeks|months)\b|\b(?:once|twice|\w+ times) an? (?:day|week|month|term)\b"
)
_AMOUNT = re.compile(
    r"\d|£|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)\b"
)
# To be seen, taken or started with is an answer; so is what the parent is asked or told to do.
_FOR_THE_CHILD = re.compile(
    r"\b(?:assess|collect|meet|pick|place|see|start|take|visit)(?:s|ed|ing)? (?:both|her|him|them"
    r"|the child|you)\b|\byou(?:'d|'ll| would| will)? (?:can|could|have to|may|must|need|ought"
    r"|should)\b|\byes\b"
    r"|\bplease\b(?! (?:accept|be assured|bear|do not hesitate)\b)"
    r"|\b(?:say|says|said|told)\b(?<!just to say)|\b(?:if|once|when|until) you\b"
    r"|(?<!let )\byou have (?:a|it|that|the|these|this|until)\b"
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
    r"|\b(?:cannot|can't|could not|couldn't|unable to) (?:get hold of|get through|look|reach|reply"
    r"|respond|speak|take (?:your )?calls?|talk)\b"
    r"|\b(?:(?:not(?: yet)?|n't) (?:able to|in a position to)|can't|cannot) (?:give|offer|provide)"
    r"(?: you)?(?: an?| any| more| much)?(?: answer| date| more| news| reply| response| timescale"
    r"| update)\b"
    r"|\b(?:not(?: yet)?|n't) (?:able to|in a position to) (?:answer|respond|say)\b"
    r"|\bnot (?:quite |too )?sure\b|(?:n't|\bnot)(?: yet)? been (?:acknowledged|actioned|answered"
    r"|dealt with|looked at|picked up|replied to|responded to)\b"
    r"|\b(?:do not|don't) (?:yet )?(?:know|have (?:it|that|this|them|the answer|an answer))\b"
)
# Whoever is spoken with: "I'll check with the driver's firm", "I've to run this past legal".
_WHOSE = "(?:an?|her|his|my|our|the|their|your)"
_OFFICE = r"[\w']+(?: (?:firm|office|officer|service|teacher|team|worker))?\b"
_WITH_WHOM = re.compile(
    rf"\b(?:from|past|with) (?:{_WHOSE} )?{_OFFICE}|\bto {_WHOSE} {_OFFICE}|\bto \w+(?=[.,]|$)"
)
_ASKS_LEAVE = re.compile(
    r"^is it ok(?:ay)? if i (?:call|phone|reply|ring)\b"
    r"|^(?:please )?(?:can|could|would) you (?:please )?(?:allow me|bear with|give me a few"
    r"|leave (?:it|this) with)\b"
    r"|^(?:can|could|may|shall) (?:i|we) (?:just )?(?:call|come back|get back|look|phone|reply"
    r"|respond|ring)\b"
)
# What somebody says of herself, or why nothing came yet. "The reply was posted" is of the matter.
_OF_ONESELF = re.compile(
    r"\b(?:i|i'\w+|me|my|our|ours|us|we|we'\w+|myself)\b|\b(?:sorry|apolog\w+|thanks?"
    r"|appreciated?|away|backlog|busy|holiday|ill|leave|long term|shortage|short[- ]staffed|sick"
    r"|training|unwell|volumes?|workloads?)\b"
    r"|\b(?:is|are|am|been|\w+'s|i'm|we're)(?: also| still)? off\b(?! the\b)"
)
# Who has looked has seen something, where no more is to be done.
_HAS_LOOKED = re.compile(
    r"\b(?:i|we)(?:'ve| have)?(?: now)? (?:checked|considered|decided|discussed|found"
    r"|looked (?:at|into)|met|put (?:it|this|him|her|them) back|reviewed)\b"
)
_REFUSES = re.compile(r"\b(?:cannot|can't|never|unable|won't|will not|no longer|nothing)\b")


def asks(sentence: str) -> bool:
    """Tell whether a folded sentence asks for something, but for time: "Can I ring you later?"."""
    return "?" in sentence and _ASKS_LEAVE.match(sentence) is None


def undertakes(sentence: str) -> bool:
    """Tell whether a folded sentence says, among other things, that somebody will see to it."""
    return _UNDERTAKES.search(sentence) is not None


def tells_more(sentence: str, *, is_promise: bool) -> bool:
    """Tell whether a sentence, its case kept, names an amount, or something for the child.

    Args:
        is_promise: a day in it is when somebody will see to it, and not when something is.
    """
    folded = fold(sentence)
    if not is_promise and _DAY.search(folded):
        return True
    return _has_more(_NOT_YET.sub(" ", TO_BE_HEARD.sub(" ", folded)), sentence)


def _has_more(folded: str, sentence: str) -> bool:
    if _OFTEN.search(folded) or _AMOUNT.search(_TIMES.sub(" ", folded)):
        return True
    return _FOR_THE_CHILD.search(folded) is not None or _SEES_SOMEBODY.search(sentence) is not None


def only_undertakes(sentence: str, wording: Wording) -> bool:
    """Tell whether a sentence, its case kept, says that somebody will see to it, and no more."""
    sentence = _without_name(sentence, wording)
    folded = fold(sentence)
    if len(folded) > 2 * _UP_TO or not undertakes(folded):
        return False
    return _told_besides(sentence, wording, spoken_with=True) is not None


def tells_nothing(sentence: str, wording: Wording, part: str | None = None) -> bool:
    """Tell whether a sentence, its case kept, has only words of dealing with things in it.

    Args:
        part: asks the same of a part of it, folded.
    """
    sentence = _without_name(sentence, wording)
    of_whom = parts(fold(sentence) if part is None else part)
    if not all(_OF_ONESELF.search(one) for one in of_whom if has_a_verb(one)):
        return False
    if any(_HAS_LOOKED.search(one) for one in of_whom):
        return False
    told = _told_besides(sentence, wording, part=part)
    return told is not None and not wording.dealing.isdisjoint(told)


def _without_name(sentence: str, wording: Wording) -> str:
    """Return a sentence with "she" for a name that it begins with."""
    named = _BY_NAME.match(sentence)
    if named is None or wording.knows(named[1].lower()):
        return sentence
    return f"She{sentence[named.end() :]}"


def _told_besides(
    sentence: str, wording: Wording, *, part: str | None = None, spoken_with: bool = False
) -> list[str] | None:
    """Return the words of a sentence that tells nothing, names left out; None of any other.

    Args:
        spoken_with: words of their own for whoever is spoken with are no news.
    """
    folded = fold(sentence) if part is None else part
    if len(folded) > 2 * _UP_TO:  # what is left out below is not as much
        return None
    folded = _NOT_YET.sub(" ", TO_BE_HEARD.sub(" ", folded))
    if len(folded) > _UP_TO or "?" in folded or _REFUSES.search(folded):
        return None
    if _has_more(folded, sentence):
        return None
    if has_decided(folded) or is_done(folded):
        return None
    if spoken_with:
        folded = _WITH_WHOM.sub(" ", folded)
    told = words_told(folded, sentence)
    return told if all(map(wording.knows, told)) else None
