"""Hide small numbers, and as many others as it takes that nobody can work them out again. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

SMALLEST = 5  # a number below this and above 0 says too much about single families

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Generic[K]):
    """A total that is published beside its parts."""

    total: K
    parts: tuple[K, ...]


def hidden(
    values: Mapping[K, int],
    sums: Sequence[Sum[K]],
    *,
    withheld: Iterable[K] = (),
    smallest: int = SMALLEST,
) -> frozenset[K]:
    """Return which numbers must not be shown.

    First every number from 1 to below `smallest`, and those `withheld` for another reason; then,
    in each sum, further parts until what is hidden cannot be found by taking the shown parts from
    the total: at least two numbers, that come to at least `smallest`. Zeros stay: they hide
    nothing and say that nothing happened.
    """
    gone = {key for key in withheld if values[key]}
    gone |= {key for key, value in values.items() if 0 < value < smallest}
    while True:
        asked_for = (_needed(one, values, gone, smallest) for one in sums)
        more = next((key for key in asked_for if key is not None), None)
        if more is None:
            return frozenset(gone)
        gone.add(more)


def _needed(one: Sum[K], values: Mapping[K, int], gone: set[K], smallest: int) -> K | None:
    """Return what must be hidden as well in one sum, if anything."""
    parts = [key for key in one.parts if key in gone]
    if one.total in gone:
        if parts:
            return None
    elif not parts or (len(parts) > 1 and sum(values[key] for key in parts) >= smallest):
        return None
    shown = [key for key in one.parts if key not in gone and values[key]]
    if shown:
        return min(shown, key=lambda key: (values[key], str(key)))
    return None if one.total in gone else one.total
