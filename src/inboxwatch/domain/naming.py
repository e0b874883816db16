"""Whom a question is about: the names in it, by which a new message may speak of it. Pure.

Children's names stand in no list. What is written with a capital wherever it stands is one, unless
everybody at a council writes it so.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_CAPITALISED = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]{2,}")  # of three letters or more
_SHORTEST = 3  # characters
_TEXT = 1500  # characters of a message in which names are looked for
_CAPITALS_FOR_ALL = (
    "dear hello good morning afternoon evening many thanks thank you regards kind kindest best"
    " wishes yours sincerely faithfully please sorry could can would will when what where who why"
    " how this that there here the and but for from our your you his her their she they has have"
    " had was were are not yes january february march april may june july august september october"
    " november december monday tuesday wednesday thursday friday saturday sunday easter christmas"
    " summer autumn winter spring mrs miss councillor cllr officer team service services council"
    " county borough city district authority local department education health care special needs"
    " school schools primary secondary academy college nursery request requests complaint question"
    " questions enquiry query report reports review reviews annual draft drafts final plan plans"
    " assessment assessments appeal appeals tribunal mediation meeting panel decision placement"
    " provision transport travel transfer phase speech language therapy therapist occupational"
    " educational psychologist psychology physiotherapy advice personal budget budgets freedom"
    " information subject access section medical tuition hours missing urgent update reply response"
    " email message letter case child children support enquiries casework data file records named"
    " send sen ehcp ehc stage chasing reminder follow following re fwd as all any act code"
)
_COMMON = frozenset(_CAPITALS_FOR_ALL.split())


def names_in(text: str, among: str | None = None) -> frozenset[str]:
    """Return the names in a text, folded: words of three letters or more, always capitalised.

    Args:
        among: only those that stand in this part of the text.
    """
    text = text[:_TEXT]
    written = {word.casefold() for word in _capitalised(text if among is None else among)}
    if not (written := written - _COMMON):  # most mail
        return frozenset()
    small = {word for word in _WORD.findall(text) if word[0].islower()}
    return frozenset(written - small)


def _capitalised(text: str) -> list[str]:
    """Return the words of three letters or more that begin with a capital and go on without."""
    if text.isascii():  # most mail; a range of letters is found many times faster
        words = _CAPITALISED.findall(text)
    else:
        words = [w for w in _WORD.findall(text) if len(w) >= _SHORTEST and w[0].isupper()]
    return [word for word in words if not word.isupper()]
