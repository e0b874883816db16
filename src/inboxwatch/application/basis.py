"""What stored judgements rest on: as long as it is the same, only what changed is judged again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from inboxwatch import __version__
from inboxwatch.application.ports import Transaction
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.kinds import Kind

_BASIS = "judged-on:"
_PLAIN = frozenset({str, int, float, bool})

Lessons = tuple[tuple[str, str, Kind], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a person's stored judgements, places and reminders were made on.

    `judged_by` names program and wording, `stands_on` all else that was given: settings, rules,
    the day. What was learned is kept as it is. `as_of` is aware UTC. `round` counts the reviews,
    so that one can tell that another came between. `checked` names the unsent deliveries that
    said what was known. `in_review` counts the threads in review.
    """

    judged_by: str = ""
    stands_on: str = ""
    keyed_for: str = ""  # the watch list that the threading keys were made for
    as_of: datetime | None = None
    aliases: frozenset[str] = frozenset()
    places: tuple[tuple[str, str], ...] = ()
    lessons: Lessons = ()
    round: int = 0
    checked: frozenset[str] = frozenset()
    in_review: int = 0


def basis_name(person: str) -> str:
    """Return the name of the setting in which it is kept on what a person was reviewed."""
    return _BASIS + person


def read_basis(tx: Transaction, person: str) -> Basis:
    """Return what a person was last reviewed on; an empty one before the first review."""
    text = tx.setting(basis_name(person))
    if not text:
        return Basis()
    known = json.loads(text)
    return Basis(
        judged_by=known["judged_by"],
        stands_on=known["stands_on"],
        keyed_for=known["keyed_for"],
        as_of=datetime.fromisoformat(known["as_of"]) if known["as_of"] else None,
        aliases=frozenset(known["aliases"]),
        places=tuple((place, body) for place, body in known["places"]),
        lessons=tuple((sender, said, Kind(kind)) for sender, said, kind in known["lessons"]),
        round=known["round"],
        checked=frozenset(known["checked"]),
        in_review=known["in_review"],
    )


def write_basis(tx: Transaction, person: str, basis: Basis) -> None:
    """Remember what a person was reviewed on."""
    tx.set_setting(
        basis_name(person),
        json.dumps(
            {
                "judged_by": basis.judged_by,
                "stands_on": basis.stands_on,
                "keyed_for": basis.keyed_for,
                "as_of": basis.as_of.isoformat() if basis.as_of is not None else "",
                "aliases": sorted(basis.aliases),
                "places": [list(pair) for pair in basis.places],
                "lessons": [[sender, said, kind.value] for sender, said, kind in basis.lessons],
                "round": basis.round,
                "checked": sorted(basis.checked),
                "in_review": basis.in_review,
            }
        ),
    )


def begin_basis(tx: Transaction, person: str, judged_by: str, watch: Watch) -> None:
    """Note by what the first messages of a person are judged and keyed, before any is stored."""
    if not tx.setting(basis_name(person)) and not tx.message_ids(person):
        write_basis(tx, person, Basis(judged_by=judged_by, keyed_for=watch_mark(watch)))


def watch_mark(watch: Watch) -> str:
    """Return a short text that changes with anything that a watch list says."""
    own = ",".join(sorted(watch.own_addresses))
    return mark(repr(watch.bodies), own, repr(sorted(watch.learned)), repr(watch.systems))


def mark(*parts: str) -> str:
    """Return a short text for some parts, made by this version of the program."""
    whole = "\n".join((__version__, *parts)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:32]


def said_by(value: Any) -> str:
    """Write a value of ours so that equal values give the same text in every process."""
    if value.__class__ in _PLAIN:  # most of what there is
        return repr(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        given = [f.name for f in dataclasses.fields(value) if f.init and f.compare]
        return f"({','.join(said_by(getattr(value, name)) for name in given)})"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted(f'{said_by(k)}:{said_by(v)}' for k, v in value.items()))}}}"
    if isinstance(value, Set):
        return f"{{{','.join(sorted(map(said_by, value)))}}}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return f"[{','.join(map(said_by, value))}]"
    return repr(value)
