"""Suggest a clock for a message that looks like a named kind of request. Never applies one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inboxwatch.domain.clocks import LegalForce
from inboxwatch.domain.message import Message
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.verdict import Verdict

_STANDARDS = frozenset({LegalForce.SERVICE_STANDARD, LegalForce.COUNCIL_PROMISE, LegalForce.CUSTOM})
_OPENING = 1500  # characters of the text: what is asked for stands near the top
_ENOUGH = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A clock that may fit. `what` completes "this looks like …"; `evidence` says why."""

    clock: str
    what: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """What speaks for one clock: local parts of an address, words of subject and text."""

    clock: str
    what: str
    local_parts: tuple[str, ...]
    words: re.Pattern[str]
    asks: re.Pattern[str] | None = None  # words that only count in the text, as a request
    of_body: str | None = None  # the one body at which this clock runs
    subject_weight: float = 2.0


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


_EHC = r"(?:ehc|ehcp|education,? health (?:and|&) care)"
_SIGNS = (
    _Sign(
        clock="sar",
        what="a subject access request",
        local_parts=("sar", "sars", "dsar", "subjectaccess", "subjectaccessrequest"),
        words=_words(
            r"subject access(?: request)?", r"d?sar", r"article 15", r"data subject access"
        ),
        asks=_words(
            r"copy of (?:all )?(?:the )?(?:personal )?(?:data|information|records?) (?:that )?"
            r"(?:you|the council|kcc) holds?(?: (?:about|on))?",
            r"(?:my|our|his|her) (?:child'?s |son'?s |daughter'?s )?personal (?:data|information)",
        ),
    ),
    _Sign(
        clock="eir",
        what="a request for environmental information",
        local_parts=("eir",),
        words=_words(r"environmental information(?: regulations)?", r"eir request"),
    ),
    _Sign(
        clock="foi",
        what="a Freedom of Information request",
        local_parts=("foi", "foia", "freedomofinformation", "informationrights", "accesstoinfo"),
        words=_words(r"freedom of information(?: act| request)?", r"foia?(?: request)?"),
    ),
    _Sign(
        clock="reassess",
        what="a request to re-assess",
        local_parts=(),
        words=_words(
            r"re-?assessment (?:request|of (?:his|her|their|my))",
            r"request(?:ing)?(?: for)? (?:a |an )?re-?assessment",
        ),
        asks=_words(r"section 44"),
    ),
    _Sign(
        clock="ehcna-decision",
        what="a request for an EHC needs assessment",
        local_parts=("ehcna", "ehcnarequests", "ehcrequests", "assessmentrequests"),
        words=_words(
            rf"{_EHC} needs assessment",
            "ehcna",
            r"request(?:ing)?(?: for)? (?:a |an )?(?:statutory|ehc|ehcp) assessment",
        ),
        asks=_words(
            r"section 36(?:\(1\))?",
            r"(?:request|ask)(?:ing)? (?:that|for|the|you|kent|to).{0,60}assess",
        ),
    ),
    _Sign(
        clock="review-decision",
        what="about an annual review that was held",
        local_parts=("annualreview", "annualreviews"),
        words=_words(r"annual reviews?", r"early review", rf"review of (?:the|his|her) {_EHC}p?"),
        asks=_words(
            r"review (?:meeting )?(?:was|took place|held)", r"after the (?:annual )?review"
        ),
        subject_weight=0.5,  # most mail about a review is not about its outcome
    ),
    _Sign(
        clock="kcc-complaint",
        what="a complaint",
        local_parts=("complaints", "complaint", "customercomplaints", "feedback"),
        words=_words(r"(?:formal )?complaints?", "stage (?:1|2|one|two)"),
        asks=_words(r"(?:formal(?:ly)? )?complain", r"wish to complain", r"make a complaint"),
        of_body="kent.gov.uk",
    ),
    _Sign(
        clock="lgsco-s1",
        what="a complaint",
        local_parts=("complaints", "complaint", "customercomplaints", "feedback"),
        words=_words(r"(?:formal )?complaints?", "stage (?:1|2|one|two)"),
        asks=_words(r"(?:formal(?:ly)? )?complain", r"wish to complain", r"make a complaint"),
    ),
)
_CHASING = _words(r"chas(?:e|er|ing)", r"any (?:news|update)", r"still waiting")


def suggest(verdict: Verdict) -> Suggestion | None:
    """Return the clock that a thread's unanswered message looks made for, or None.

    Only where no rule and no person has chosen a clock, and only a service standard runs: a clock
    set by law was chosen for a reason. One hint in the text alone is not enough.
    """
    wait = verdict.wait
    if wait is None or not wait.is_open or verdict.rule != "default":
        return None
    if verdict.due is not None and verdict.due.clock.legal_force not in _STANDARDS:
        return None
    box = verdict.thread.council_mailbox
    found = suggest_for(wait.unanswered, mailbox=box.address, body=box.body)
    return None if found is None or found.clock == verdict.clock else found


def suggest_for(message: Message, *, mailbox: str, body: str = "") -> Suggestion | None:
    """Return the clock that one message to a council mailbox looks made for, or None."""
    best: tuple[float, Suggestion] | None = None
    for sign in _SIGNS:
        if sign.of_body is not None and sign.of_body != body:
            continue
        weight, evidence = _weigh(sign, message, mailbox)
        if weight >= _ENOUGH and (best is None or weight > best[0]):
            suggestion = Suggestion(clock=sign.clock, what=sign.what, evidence=tuple(evidence))
            best = (weight, suggestion)
    return None if best is None else best[1]


def _weigh(sign: _Sign, message: Message, mailbox: str) -> tuple[float, list[str]]:
    weight, evidence = 0.0, []
    local = mailbox.partition("@")[0].replace(".", "").replace("-", "").replace("_", "")
    if local in sign.local_parts:
        weight += 2.0
        evidence.append(f"it went to {mailbox}")
    in_subject = sign.words.search(message.subject)
    if in_subject is not None:
        # Asking about a request is not making one.
        weight += 1.0 if _CHASING.search(message.subject) else sign.subject_weight
        evidence.append(f"the subject says “{one_line(in_subject[0], 60)}”")
    text = message.own_text[:_OPENING]
    hits = dict.fromkeys(
        one_line(hit[0], 60).casefold() for hit in _hits(text, (sign.words, sign.asks))
    )
    if hits:
        weight += 1.0 + 0.5 * (len(hits) > 1)
        said = " and ".join(f"“{hit}”" for hit in list(hits)[:2])
        evidence.append(f"the text says {said}")
    return weight, evidence


def _hits(text: str, patterns: Iterable[re.Pattern[str] | None]) -> list[re.Match[str]]:
    found = [pattern.search(text) for pattern in patterns if pattern is not None]
    return [hit for hit in found if hit is not None]
