"""One family's figures without anybody's mail: written for `pool`, and read back with suspicion."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from inboxwatch.application.statistics import Asked, Outcome, Statistics
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.london import local_day
from inboxwatch.domain.survival import Spell

FORMAT = "inboxwatch-statistics"
VERSION = 1
COUNTS = ("sent", "acknowledged", "answered", "no_reply", "unsettled")
OTHER = "other"  # a correspondent that may be a single person
OTHER_BODY = "another body"
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DOMAIN = re.compile(r"(?=.{3,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_MOST = 100_000  # a number above it is a mistake or a prank
# Words of shared mailboxes. A local part made of anything else may be somebody's name.
_SHORT = "send|sen|ehcp|ehc|foi|sar|eis|hr|cx|la"
_LONG = (
    "access|admin|admission|advice|appeal|assessment|attendance|casework|children|complain|contact"
    "|council|customer|dataprotection|education|ehcneeds|elected|enquir|exclusion|families|family"
    "|feedback|finance|freedom|governance|health|hello|help|inclusion|information|legal|mediation|office"
    "|panel|payment|portage|psycholog|records|request|review|school|service|social|specialeducation"
    "|statutory|support|team|therap|transport|travel|tribunal|tuition|info|east|west|north|south"
    "|mid|county|area|early|years|needs|special|home|short|breaks|post|mail|annual|plan|the|and|of"
)
_SHARED = re.compile(rf"(?:(?:{_SHORT})|(?:{_SHORT})?(?:{_LONG})[a-z]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyGroup:
    """One family's figures at one council mailbox. Counts by month, as `COUNTS` names them."""

    body: str
    council_mailbox: str
    months: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    spells: tuple[Spell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One family's file. Two that are equal are the same file given twice."""

    as_of: str  # ISO date
    groups: tuple[FamilyGroup, ...]


def anonymous_json(found: Statistics) -> dict[str, Any]:
    """Return one family's figures for `pool`: counts and waits, no subject, id, time or name."""
    places: dict[tuple[str, str], list[Asked]] = {}
    for one in found.asked:
        if one.outcome is not Outcome.UNDELIVERED:
            body = one.body if "@" not in one.body else OTHER_BODY
            place = shared_name(one.council_mailbox, body)
            places.setdefault((body, place), []).append(one)
    return {
        "format": FORMAT,
        "version": VERSION,
        "as_of": local_day(found.as_of).isoformat(),
        "calendar": found.calendar,
        "groups": [
            {
                "body": body,
                "council_mailbox": place,
                "months": _months(asked),
                "waits": _waits(asked),
            }
            for (body, place), asked in sorted(places.items())
        ],
    }


def shared_name(address: str, body: str) -> str:
    """Return a council mailbox's address where it plainly is a shared one, else `other`."""
    local, _, domain = address.rpartition("@")
    words = [word for word in re.split(r"[^a-z]+", local) if word]
    labels = set(body.split("."))
    is_shared = bool(words) and all(w in labels or _SHARED.fullmatch(w) for w in words)
    return address if is_shared and _DOMAIN.fullmatch(domain) else OTHER


def _months(asked: Iterable[Asked]) -> dict[str, dict[str, int]]:
    months: dict[str, Counter[str]] = {}
    for one in asked:
        counts = months.setdefault(one.month, Counter())
        counts["sent"] += 1
        counts["acknowledged"] += one.acknowledged
        counts[one.outcome.value.replace("-", "_")] += 1
    return {month: {name: months[month][name] for name in COUNTS} for month in sorted(months)}


def _waits(asked: Iterable[Asked]) -> list[list[int]]:
    """Return triples: working days, how many were answered then, how many only known till then."""
    spells = Counter(one.spell for one in asked if one.spell is not None)
    days = sorted({spell.days for spell in spells})
    return [
        [n, spells[Spell(days=n, answered=True)], spells[Spell(days=n, answered=False)]]
        for n in days
    ]


def read_family(value: object, *, name: str) -> Family:
    """Read one family's file; believes nothing that is not of the form.

    Args:
        name: of the file, for the error.

    Raises:
        ConfigError: it is no such file, or damaged.
    """
    try:
        return _family(value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"{name} is not a file of `stats --anonymous`",
            remedy="Ask the family for a new one: inboxwatch stats --anonymous -o my-figures.json",
        ) from error


def _family(value: Any) -> Family:
    if value["format"] != FORMAT or value["version"] != VERSION:
        raise ValueError("another format")
    groups = tuple(_group(group) for group in value["groups"])
    if len({(g.body, g.council_mailbox) for g in groups}) != len(groups):
        raise ValueError("a group stands twice")
    return Family(as_of=date.fromisoformat(value["as_of"]).isoformat(), groups=groups)


def _group(value: Any) -> FamilyGroup:
    body, place = value["body"], value["council_mailbox"]
    if body != OTHER_BODY and not _DOMAIN.fullmatch(body):
        raise ValueError("not a body")
    if shared_name(place, body) != place:
        raise ValueError("not a shared mailbox")
    months = tuple(sorted((_month(m), _counts(counts)) for m, counts in value["months"].items()))
    spells = tuple(
        spell for days, done, still in value["waits"] for spell in _spells(days, done, still)
    )
    sums = Counter[str]()
    for _, counts in months:
        sums.update(dict(counts))
    if sums["sent"] != len(spells) or sums["answered"] != sum(s.answered for s in spells):
        raise ValueError("the waits do not fit the counts")
    return FamilyGroup(body=body, council_mailbox=place, months=months, spells=spells)


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise ValueError("not a month")
    return text


def _counts(value: Any) -> tuple[tuple[str, int], ...]:
    counts = tuple((name, _number(value[name])) for name in COUNTS)
    known = dict(counts)
    parts = known["answered"] + known["no_reply"] + known["unsettled"]
    if parts != known["sent"] or known["acknowledged"] > known["sent"]:
        raise ValueError("the counts do not add up")
    return counts


def _spells(days: Any, answered: Any, still: Any) -> list[Spell]:
    length = _number(days)
    return [
        *[Spell(days=length, answered=True)] * _number(answered),
        *[Spell(days=length, answered=False)] * _number(still),
    ]


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError("not a count")
    return value
