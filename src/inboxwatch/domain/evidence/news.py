"""What in a sentence is more than that somebody will answer: a deed, a decision, news. Pure."""

from __future__ import annotations

import re

CONDITION = re.compile(r"\b(?:when|once|as soon as|after|until|if|whether)\b")
_VERB = re.compile(
    r"(?<!\bref )(?<!reference )(?<!request )\b(?:is|are|was|were|be|been|has|have|had|will"
    r"|would|\w+n't|can|cannot|may|must|do|does|did|not|no"
    r"|attached|enclosed|closed|refused|agreed|upheld"
    r"|applies|begins|comes|continues|ends|gets|gives|goes|means|needs|remains|runs|starts|stays"
    r"|takes)\b"
)
_AGAINST = re.compile(
    r"n't\b|\b(?:not|no|never|nothing|nobody|without|missing|wrong|again|still|yet|unfortunately)\b"
)
# What has been sent to us, or what somebody has said to it, is more than that somebody will answer.
_DONE = re.compile(
    r"(?:have|'ve|has|was|is|are) (?:\w+ ){0,8}?(?:sent|shared|forwarded|posted|emailed|issued)"
    r" (?:\w+ ){0,8}?(?:to|with) (?:you|your (?!(?:\w+ ){0,3}(?:adviser|caseworker|coordinator"
    r"|lead|manager|officer|plan writer|service|team|worker)\b))\b|\bby (?:post|recorded|courier)\b"
    r"|\b(?:is|are|have|'ve|find|see) (?:\w+ ){0,2}?attached\b|^(?:yes|no)[.!]*$"
    r"|\b(?:who|which) (?:has|have|had|did|said|is|was)\b(?! (?:being|dated|logged|now|received"
    r"|receiving|sent|with)\b)"
    r"|\band it (?!needs to be )\w+s\b"
)
# Somebody's word, or something that we are to do first.
_ASKED_OR_TOLD = re.compile(
    r"(?<!as i )(?<!as we )\b(?:says|said|confirmed|(?<!you )(?<!you have )(?<!you've )(?:told"
    r"|tells|informs?|informed) (?:me|us))\b"
    r"|\b(?:wait(?:ing)?|awaiting)\b[^.]{0,60}\bfrom you\b"
    r"|\b(?:it|this|matter|complaint) (?:any|no) further\b"
    r"|\b(?:wait(?:ing)?(?: for| on)|awaiting|need|require|ask(?:ing)?) your?\b(?! (?:patience"
    r"|time))"
    r"|\b(?:if|once|when|as soon as|until|after) you(?:'ve| have| can| could)? (?:agreed?"
    r"|choose|chosen"
    r"|complete[d]?|confirm|give|given|paid|pay|provide[d]?|reply|return(?:ed)?|sen[dt]|sign(?:ed)?"
    r"|upload(?:ed)?)\b|[,:;-] (?:yes|no)\b"
)
# What somebody will be asked to say is nobody's word yet.
TO_BE_HEARD = re.compile(
    r"\b(?:ask|asked|find out|hear|know|see) (?:how|if|what|when|whether) (?:\w+ ){1,4}?"
    r"(?:agreed?|agrees|decided?|decides|said|says?)\b"
    r"|\b(?:'ll|will|to|and|me) (?:ask|check|confirm|establish|find out|see) (?:who|which)\b"
)
# "The panel agreed on Tuesday and I will be in touch" has answered before it promises.
_DECIDED = re.compile(
    r"\b(?:agreed|approved|awarded|chosen|closed|confirmed|decided|declined|granted|named"
    r"|refused|rejected"
    r"|ruled|upheld|can (?:appeal|apply|attend|choose|claim|have|start|stay|use))\b"
)
# "Your complaint was received in May and we found no fault" begins as a procedure only.
_TOLD = re.compile(
    r"\b(?:found|concluded|offered|amended|paid|outcome|exempt|hold|held|section \d+)\b|£\d"
    r"|\bwe (?:will not|won't|are not going to) (?:be )?(?:agree|amend|assess|carry|chang|fund|issu"
    r"|nam|offer|pay|plac)\w*"
    r"|\b(?:response|answer|reply|decision) is\b(?! (?:due|expected|being))"
)
_RECEIPT = re.compile(
    r"\b(?:attached|enclosed)(?: is| find)? (?:(?:a|an|my|our|the|your) )?(?:formal |letter of )?"
    r"acknowledge?ment\b(?! form| slip)"
)
_ECHOES = re.compile(
    r"\b(?:ask(?:ed)?|complain\w*|concerns?|enquir\w+|issues?|points?|raised|request\w*|seek"
    r"|sought|wrote)\b"
    r"[^.?!]*:$"
)
_ITEM = re.compile(r"^(?:[*•·§o-]|\(?(?:\d{1,2}|[a-z])[.)])\s|^\"")
_ASKS_FOR = re.compile(
    r"^\W*(?:\d{1,2}\W+)?(?:a (?:concern|copy|list)|all|any|can|copies|could|details|did|do"
    r"|does|how|if|is it"
    r"|please|that|the number|what|when|where|whether|which|who|why|would)\b"
)
WILL_ANSWER = re.compile(
    r"^(?:he|it|she|they|this|who) (?:hopes? to|is (?:best|going) to|may|should(?: be able to)?"
    r"|will|'ll|can)"
    r" (?:also |be able to |then )?(?:answer|be in (?:contact|touch)|call|come back|contact"
    r"|deal|get back"
    r"|help|look|pick (?:it|this) up|reply|respond|ring|take (?:it|this)|update|write)\b"
)
# Where a sentence turns to something else: "I've passed this on, they can take him from Monday".
_TURN = re.compile(
    r"(?:[,;:]| -) (?:and |but |so )?(?=(?:as|because|he|her|his|it|she|since|so|that|the|their"
    r"|there|they|this|which|who)\b)"
    r"|\b(?:but|because|and (?=(?:an?|he|her|his|it|she|that|the|their|there|they|this)\b))"
)
_ENDS_IN_A_TURN = re.compile(r"(?:,| and)$")
# "It is twelve hours": too short for a sentence, yet no greeting, name or job title.
_SAYS_OF_IT = (
    r"(?:'s|'re|'ve| (?:is|are|was|were|has|have|starts?|said|says|can|goes|gets|went|did|does)\b)"
)
_STILL = (
    r"all|also|being|currently|just|now|still|very|a bit|with|noted|fine|urgent|late|overdue|not"
    r"|hard|difficult|coming|under|due|waiting"
)
_TELLS = re.compile(
    rf"^it{_SAYS_OF_IT}(?! (?:{_STILL}|busy|in (?:hand|progress|the))\b)"
    rf"|^(?:he|she|they|there){_SAYS_OF_IT}(?! (?:{_STILL}|on (?:leave|holiday)|off|out|away"
    r"|back|busy|in)\b)"
    r"|^that(?:'s| is) (?:agreed|correct|fine|ok|right)\b"
    r"|^(?:all )?(?:agreed|approved|booked|confirmed|done|sorted)[.!]*$"
    r"|^you(?:'re| are) (?:approved|due|entitled|in|on)\b"
    r"|^(?:the )?(?:class|club|meeting|review|session|trip|visit)(?:'s| is) (?:booked|cancelled"
    r"|full|off|on)\b"
)
# "We can't offer that" and "Not agreed, sorry" refuse; "No news yet" and "Don't worry" do not.
_REFUSES = re.compile(r"n't\b|\b(?:cannot|declin\w+|never|no|not|refus\w+|turned down|unable)\b")
_NO_MATTER = re.compile(
    r"\byet\b|\bplease (?:do not|don't)\b|(?:\bnot|n't) (?:a problem|forgotten|had|heard"
    r"|hesitate|ignor\w+|know|long|seen|sure|talk|to worry|urgent|worry"
    r"|(?:my|our) (?:area|case|department|remit|service|team))\b"
    r"|\bno (?:answer|joy|luck|need|news|problem|reply|response|rush|update|worries)\b"
)


def tells_shortly(sentence: str) -> bool:
    """Tell whether a folded sentence of few words tells something of somebody, or refuses."""
    if _TELLS.match(sentence) is not None:
        return True
    return _REFUSES.search(sentence) is not None and not is_no_matter(sentence)


def is_no_matter(sentence: str) -> bool:
    """Tell whether what a folded sentence denies or asks is of no matter: "Not my area"."""
    return _NO_MATTER.search(sentence) is not None


def has_a_verb(text: str) -> bool:
    """Tell whether a folded text has one of the common verbs, so that it tells something."""
    return _VERB.search(text) is not None


def names_a_receipt(text: str) -> bool:
    """Tell whether a folded text says of something attached that it is an acknowledgement."""
    return "acknowledg" in text and _RECEIPT.search(text) is not None


def attaches_a_receipt(sentence: str) -> bool:
    """Tell whether a folded sentence says that of all that is attached."""
    return names_a_receipt(sentence) and " and " not in sentence


def without_echo(said: tuple[str, ...]) -> tuple[str, ...]:
    """Return sentences without our own words, as they stand in a list after "you asked:".

    Of an item that asks for nothing and tells something nobody knows whose words it is.
    """
    kept: list[str] = []
    is_echo = is_announced = False
    for sentence in said:
        if is_echo and _is_echo(sentence):
            if is_announced:
                kept.pop()
            is_announced = False
            continue
        is_echo = sentence.endswith(":") and _ECHOES.search(sentence.lower()) is not None
        is_announced = is_echo
        kept.append(sentence)
    return tuple(kept)


def _is_echo(item: str) -> bool:
    """Tell whether a sentence after "you asked:" is an item of ours."""
    if _ITEM.match(item) is None or ":" in item.rstrip(":"):
        return False
    folded = item.lower()
    return _ASKS_FOR.match(folded) is not None or not has_a_verb(folded)


def is_done(sentence: str) -> bool:
    """Tell whether a folded sentence tells a deed, somebody's word, or what we are to do first."""
    if attaches_a_receipt(sentence):
        return False
    sentence = TO_BE_HEARD.sub("", sentence)
    return _DONE.search(sentence) is not None or _ASKED_OR_TOLD.search(sentence) is not None


def has_decided(clause: str) -> bool:
    """Tell whether something was decided in a clause, and not that it was not."""
    return _DECIDED.search(clause) is not None and not speaks_against(clause)


def speaks_against(clause: str) -> bool:
    """Tell whether a folded clause says no, or that something is wrong or missing."""
    return _AGAINST.search(clause) is not None


def tells_of_this_one(sentence: str) -> bool:
    """Tell whether a sentence about procedure tells what came of this request."""
    return _DECIDED.search(sentence) is not None or _TOLD.search(sentence) is not None


def parts(sentence: str) -> tuple[str, ...]:
    """Return the parts of a folded sentence, which it has where it turns to something else."""
    return tuple(part.strip() for part in _TURN.split(sentence) if part.strip())


def turns_from(sentence: str, holds: str) -> tuple[str, ...]:
    """Return the parts of a folded sentence before and after that in which certain words stand."""
    begins = sentence.index(holds)
    ends = begins + len(_ENDS_IN_A_TURN.sub("", holds))
    turns = [found.span() for found in _TURN.finditer(sentence)]
    # A turn may be the very beginning of the words: "We named a tutor, she will contact you".
    before = [(at, to) for at, to in turns if to <= begins]
    after = [(at, to) for at, to in turns if at >= ends]
    starts = [0, *(to for _at, to in before[:-1])] if before else []
    told = [sentence[start:at] for start, (at, _to) in zip(starts, before, strict=True)]
    stops = [*(at for at, _to in after[1:]), len(sentence)] if after else []
    told += [sentence[to:stop] for (_at, to), stop in zip(after, stops, strict=True)]
    return tuple(part.strip() for part in told)
