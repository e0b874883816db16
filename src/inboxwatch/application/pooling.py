"""Pool: many families' figures in one table, with small numbers hidden. Sees nobody's mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from inboxwatch.application.anonymous import COUNTS, Family, FamilyGroup
from inboxwatch.application.suppression import SMALLEST, Sum, hidden
from inboxwatch.domain.survival import HALF, NINE_TENTHS, Spell, days_until, survival

_PARTS = ("answered", "no_reply", "unsettled")
_UNACKNOWLEDGED = "unacknowledged"  # never shown, but anyone could take it from the others
_COLUMNS = (*COUNTS, _UNACKNOWLEDGED)
_BODY, _COUNCIL_MAILBOX, _MONTH = "body", "council_mailbox", "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledRow:
    """Figures of many families; None stands for a number that is too small to show.

    `kind` is `body`, `council_mailbox` or `month`. Days are working days to a human reply;
    `median_reached` is False when at least half still wait, so that there is no median.
    """

    body: str
    kind: str
    name: str
    sent: int | None
    acknowledged: int | None
    answered: int | None
    no_reply: int | None
    unsettled: int | None
    median_days: int | None = None
    p90_days: int | None = None
    median_reached: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """The table, and what it was made from. `families` None: too few to say how many."""

    families: int | None
    repeated: int  # files that were given twice
    left_out: int  # bodies with too few emails or families
    known_from: str  # the earliest and latest `as_of` of the families
    known_to: str
    smallest: int
    rows: tuple[PooledRow, ...]


@dataclass(slots=True)
class _Tally:
    """What one row sums up."""

    counts: Counter[str] = field(default_factory=Counter)
    families: set[int] = field(default_factory=set)
    spells: list[Spell] = field(default_factory=list)

    def add(self, family: int, counts: dict[str, int]) -> None:
        self.counts.update(counts)
        self.counts[_UNACKNOWLEDGED] += counts["sent"] - counts["acknowledged"]
        self.families.add(family)


_Row = tuple[str, str]  # kind, name
_Cell = tuple[_Row, str]
_WHOLE: _Row = (_BODY, "")


def pool(families: Sequence[Family], *, smallest: int = SMALLEST) -> Pooled:
    """Merge families' figures.

    A body is shown when at least `smallest` families wrote to it; so is a row within it. Numbers
    below `smallest` are hidden, and others with them where they could be worked out. There is no
    total over bodies, so that nothing can be found by subtracting.

    Raises:
        ValueError: `smallest` is below 5.
    """
    if smallest < SMALLEST:
        raise ValueError(f"groups below {SMALLEST} are never shown, got {smallest}")
    single = tuple(dict.fromkeys(families))
    bodies: dict[str, dict[_Row, _Tally]] = {}
    for number, family in enumerate(single):
        for group in family.groups:
            _add(bodies.setdefault(group.body, {}), number, group)
    rows: list[PooledRow] = []
    left_out = 0
    for body, table in sorted(bodies.items()):
        shown = _rows(body, table, smallest)
        rows += shown
        left_out += not shown
    known = sorted(family.as_of for family in single)
    return Pooled(
        families=len(single) if len(single) >= smallest else None,
        repeated=len(families) - len(single),
        left_out=left_out,
        known_from=known[0] if known else "",
        known_to=known[-1] if known else "",
        smallest=smallest,
        rows=tuple(rows),
    )


def _add(table: dict[_Row, _Tally], family: int, group: FamilyGroup) -> None:
    place = (_COUNCIL_MAILBOX, group.council_mailbox)
    for month, counts in group.months:
        for row in (_WHOLE, place, (_MONTH, month)):
            table.setdefault(row, _Tally()).add(family, dict(counts))
    for row in (_WHOLE, place):
        table.setdefault(row, _Tally()).spells += group.spells


def _rows(body: str, table: dict[_Row, _Tally], smallest: int) -> list[PooledRow]:
    whole = table[_WHOLE]
    if len(whole.families) < smallest or whole.counts["sent"] < smallest:
        return []
    values = {(row, name): tally.counts[name] for row, tally in table.items() for name in _COLUMNS}
    few = {row for row, tally in table.items() if len(tally.families) < smallest}
    gone = hidden(
        values,
        _sums(table),
        withheld=[(row, name) for row in sorted(few) for name in _COLUMNS],
        smallest=smallest,
    )
    order = {_BODY: 0, _COUNCIL_MAILBOX: 1, _MONTH: 2}
    made = [
        _row(body, row, table[row], gone)
        for row in sorted(table.keys() - few, key=lambda row: (order[row[0]], row[1]))
    ]
    return [row for row in made if any(getattr(row, name) for name in COUNTS)]


def _sums(table: dict[_Row, _Tally]) -> list[Sum[_Cell]]:
    """Return every total that could be compared with its parts."""
    sums = [
        Sum(total=(row, "sent"), parts=tuple((row, name) for name in parts))
        for row in table
        for parts in (_PARTS, ("acknowledged", _UNACKNOWLEDGED))
    ]
    for kind in (_COUNCIL_MAILBOX, _MONTH):
        rows = sorted(row for row in table if row[0] == kind)
        sums += [
            Sum(total=(_WHOLE, name), parts=tuple((row, name) for row in rows)) for name in _COLUMNS
        ]
    return sums


def _row(body: str, row: _Row, tally: _Tally, gone: frozenset[_Cell]) -> PooledRow:
    shown = {n: None if (row, n) in gone else tally.counts[n] for n in COUNTS}
    tells_days = row[0] != _MONTH and shown["sent"] is not None and shown["answered"] is not None
    curve = survival(tally.spells) if tells_days else ()
    median = days_until(curve, HALF)
    return PooledRow(
        body=body,
        kind=row[0],
        name=row[1] or body,
        sent=shown["sent"],
        acknowledged=shown["acknowledged"],
        answered=shown["answered"],
        no_reply=shown["no_reply"],
        unsettled=shown["unsettled"],
        median_days=median,
        p90_days=days_until(curve, NINE_TENTHS),
        median_reached=median is not None if tells_days else None,
    )


def pooled_json(pooled: Pooled) -> dict[str, Any]:
    """Return the JSON of `pool`; null is a number too small to show, or a median not reached."""
    return asdict(pooled)
