"""Sets of UIDs as the protocol writes them: ranges, split to the length of a command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MAX_MEMBERS = 5_000_000  # a set that names more than any folder holds is nonsense


def ranges(uids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last UID of each unbroken run, ascending."""
    ordered = sorted(set(uids))
    if not ordered:
        return
    first = last = ordered[0]
    for uid in ordered[1:]:
        if uid != last + 1:
            yield first, last
            first = uid
        last = uid
    yield first, last


def compress(uids: Iterable[int]) -> str:
    """Write a set as short as the protocol allows: `1:3,7`."""
    return ",".join(_written(first, last) for first, last in ranges(uids))


def split(uids: Iterable[int], *, max_bytes: int, max_members: int = 1_000) -> Iterator[str]:
    """Yield sets that together hold all of `uids`, none longer than `max_bytes`.

    Nor with more than `max_members`: some servers answer no command about more messages.
    """
    parts: list[str] = []
    length = members = 0
    for run_first, run_last in ranges(uids):
        for first in range(run_first, run_last + 1, max_members):
            last = min(run_last, first + max_members - 1)
            part = _written(first, last)
            count = last - first + 1
            if parts and (length + len(part) + 1 > max_bytes or members + count > max_members):
                yield ",".join(parts)
                parts, length, members = [], 0, 0
            parts.append(part)
            length += len(part) + 1
            members += count
    if parts:
        yield ",".join(parts)


def expand(text: str) -> frozenset[int]:
    """Read a set.

    Raises:
        ValueError: it is not one, or names more than `MAX_MEMBERS`.
    """
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        low, _, high = part.partition(":")
        first, last = sorted((int(low), int(high or low)))
        if len(found) + last - first >= MAX_MEMBERS:
            raise ValueError("a set of UIDs larger than any folder")
        found.update(range(first, last + 1))
    return frozenset(found)


def chunks(uids: Iterable[int], size: int, *, newest_first: bool) -> Iterator[tuple[int, ...]]:
    """Yield all of `uids` in portions, each portion ascending."""
    ordered = sorted(set(uids), reverse=newest_first)
    for start in range(0, len(ordered), size):
        yield tuple(sorted(ordered[start : start + size]))


def _written(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}:{last}"
