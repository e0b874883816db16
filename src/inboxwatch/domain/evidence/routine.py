"""Tell a sentence that is made of nothing but the words of dealing with requests. Pure.

Every office words differently what may be charged, who is asked and when a reply is due, but in the
same few words. A sentence of these alone, that says what may or will be done, tells nothing of what
was asked. News has words of its own: a school, a therapist, a day that something begins.
"""

from __future__ import annotations

import re

from inboxwatch.domain.evidence.folding import fold, words_in

_AT_LEAST = 2  # words of the trade; fewer are no sign
_AT_LEAST_NOW = 4  # the same, where nothing is still to come
_ONE_STRANGER_IN = 7  # a longer sentence may have a word of its own
_COMMON_WORDS = """
    a able about above accordance acting additional address addressed after again all also
    although an and any appropriate are as at be because been before being below best both but
    by can certain could currently dated did do does down due e each eight either etc event
    every exceptional fifteen final first five following for four from full fully further g
    given giving has have having he her here him his how however i if in including into is it
    its just later least like likely limited line made make many may me meantime might more most
    much must my naturally necessary need needs nine normal normally note now number of on once
    one only or order other otherwise our out over own part particular please possible present
    purposes put rather reason reasons require required requires same seven several shall she
    should six so some subject such ten than that the their them then there therefore these they
    this those three through to twelve twenty two unable under unless until up upon us usual
    usually via was way we well were what when where whether which while who whom whose will
    wish with within would you your yours
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_TRADE_WORDS = """
    access achieve acknowledge acknowledged acknowledgement acknowledges acknowledging
    acknowledgment act acts addressed advice advise advised aim aims allocated allow allowed
    allows alternative answer answers apologies apologise apology application applications
    applied applies apply approximately assigned assist attempt audio authorities authority
    aware bank bear book braille business calendar calls case cases central charge charges
    circumstance circumstances clarification clarified clarify clock collate collation comments
    commissioner commissioner's committed committee complain complaint complaints complete
    complex compliance complicated comply concern concerns confirm confirmation confirms
    connection consecutive consider consideration considered considering consult consultation
    consulted contact contacted contacting contain contains content copies copy copying
    corporate correspondence cost costs council course cover customer customers data date day
    days deadline deadlines deal dealing dealt decision decisions defined defines delay delayed
    delays demand department detail details disclose disclosure dissatisfied duties earliest eir
    electronic email emails endeavour endeavouring endeavours enquiries enquiry ensure entitled
    environmental excluding exemption exemptions expect experience experiencing extension
    extensions fee feedback fees find foi foia form format formats forward forwarded free
    freedom front future gdpr general gives guidance handle handled handling happens happy
    hesitate high holidays hope hours ico identified identify identity immediately impact
    included inconvenience increased independent inform information informed intend interest
    internal invalid investigate investigated investigation involve involved issue issued issues
    keep kind laid language large law legal legislation letter letters limit limits line link
    list locate locating log logged longer managed matter matters mean means meet message
    messages mobile month months name normal note notice notified notify number occurs office
    officer officers ombudsman online opening opportunity packaging paper part party passed
    patience payable period permits phone photocopying policies possible post postage pressure
    pressures prevent print printing priorities priority privacy procedure procedures proceed
    process processed processing prompt promptly proof protection prove provide provided
    provides providing provision provisions public queries query question questions quote
    quoting raise raised reach real receipt receive received receiving record reference
    references referred refusal register registered regulation regulations relate related
    relates relating relation release relevance relevant reply request requested requester
    requesters requesting requests require required requirement requirements reserve reserves
    resources respond responded responding response responses responsible result retrieval
    retrieve retrieving return review reviewed reviews revised right rights role satisfied
    saturdays scale scope secure see seek seen senders senior sent service services shortly
    sickness sincere sincerest site situation situations size soon sorry staff stage standard
    standards statutory step subject sundays supplied supplies supply supplying system take
    takes target targets team teams telephone term terms test thank thanks third time timeframe
    timeframes times timescale timescales treat treated treating trust understanding unhappy
    unprecedented update updates valid volume volumes web website week weekdays weeks withheld
    withhold working workload write writes writing written
"""
_TRADE = frozenset(_TRADE_WORDS.split())
# It speaks of what is to be done, or of what was done with the letter itself.
_TO_COME = re.compile(
    r"\b(?:may|might|will|would|can|could|should|shall|aims?|endeavour\w*|hopes?|intends?"
    r"|if|(?:is|are) (?:\w+ly )?(?:being|committed|dealt|entitled|handled|managed|processed"
    r"|required|treated)"
    r"|(?:has|have|was|were) (?:now |also |been )*(?:acknowledged|allocated|assigned|forwarded"
    r"|logged"
    r"|passed|received|referred|registered))\b"
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


def is_routine(sentence: str) -> bool:
    """Tell whether a sentence, its case kept, has only words of dealing with requests in it."""
    folded = _PROCEDURAL_SECTION.sub(" ", fold(sentence))
    if "?" in folded or "£" in folded:
        return False
    if _ASKS.search(folded) or _GIVEN.search(folded):
        return False
    if (_AGAINST.search(folded) or _MONEY.search(folded)) and not _HEDGED.search(folded):
        return False
    names = _names(sentence)
    told = [
        word
        for word in words_in(folded)
        if word not in _COMMON and word not in names and not _is_nothing(word)
    ]
    strangers = sum(word not in _TRADE for word in told)
    at_least = _AT_LEAST if _TO_COME.search(folded) else _AT_LEAST_NOW
    return len(told) - strangers >= at_least and strangers <= len(told) // _ONE_STRANGER_IN


def is_heading(line: str) -> bool:
    """Tell whether a line names what a letter is about in the words of the trade, and no more."""
    words = words_in(fold(line))
    known = _COMMON | _TRADE | _names(line)
    return any(word in _TRADE for word in words) and all(
        word in known or _is_nothing(word) for word in words
    )


def _names(sentence: str) -> frozenset[str]:
    """Return the words with a capital, but the first, in lower case; none of a text in capitals."""
    if sentence.isupper():
        return frozenset()
    return frozenset(word.lower() for word in words_in(sentence)[1:] if word[0].isupper())


def _is_nothing(word: str) -> bool:
    """Tell whether a word is a letter, an adverb or has a digit, as dates and references have."""
    return len(word) == 1 or word.endswith("ly") or any(sign.isdigit() for sign in word)
