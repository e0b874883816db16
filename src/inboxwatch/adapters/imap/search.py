"""Writes SEARCH commands that find no less than what is ours to read. What they find is checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inboxwatch.adapters.imap.interest import REPORTERS, Interest

_FIELDS = (b"FROM", b"TO", b"CC")


def wanted(interest: Interest, *, max_bytes: int) -> tuple[bytes, ...]:
    """Return the search programs for the watched places and for reports, split by length."""
    places = sorted(interest.domains) + sorted(interest.addresses)
    keys = [
        field + b" " + quoted(place) for place in places if place.isascii() for field in _FIELDS
    ]
    keys += [b"FROM " + quoted(name) for name in (*sorted(interest.systems), *REPORTERS)]
    return tuple(_either(keys, max_bytes))


def gmail(interest: Interest, *, max_bytes: int) -> tuple[bytes, ...]:
    """Return the same in Gmail's own language, which knows parts of addresses."""
    programs = []
    terms: list[str] = []
    length = 0
    places = sorted(interest.domains) + sorted(interest.addresses)
    groups = [f"from:{place} to:{place} cc:{place}" for place in places]
    for group in (*groups, *(f"from:{system}" for system in sorted(interest.systems))):
        if terms and length + len(group) > max_bytes - 100:
            programs.append(b"X-GM-RAW " + quoted("{" + " ".join(terms) + "}"))
            terms, length = [], 0
        terms.append(group)
        length += len(group) + 1
    if terms:
        programs.append(b"X-GM-RAW " + quoted("{" + " ".join(terms) + "}"))
    return tuple(programs)


def naming(message_ids: Iterable[str], *, max_bytes: int) -> tuple[bytes, ...]:
    """Return programs that find whatever names one of these ids, and more.

    The right-hand sides of the ids are searched for: a program that makes ids uses few, and one
    key for each finds more than enough at a hundredth of the cost.
    """
    # Outlook makes a host name of its own for nearly each id; the last labels are the same.
    domains = sorted(
        {
            ".".join(d.split(".")[-3:])
            for i in message_ids
            if (d := i.rpartition("@")[2]) and _is_plain(d)
        }
    )
    keys = [
        b"HEADER " + field + b" " + quoted(domain)
        for domain in domains
        for field in (b"REFERENCES", b"IN-REPLY-TO")
    ]
    return tuple(_either(keys, max_bytes))


def probes(domains: Sequence[str], *, max_probes: int = 3) -> tuple[str, ...]:
    """Choose a few of the domains that occur most, to see whether SEARCH finds them."""
    common = sorted({d for d in domains if _is_plain(d)}, key=lambda d: (-domains.count(d), d))
    return tuple(common[:max_probes])


def quoted(text: str) -> bytes:
    """Write a string; ASCII only, so that no server has to know a CHARSET."""
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'


def _is_plain(domain: str) -> bool:
    return bool(domain) and all(c.isascii() and (c.isalnum() or c in ".-_") for c in domain)


def _either(keys: Sequence[bytes], max_bytes: int) -> Iterable[bytes]:
    """Yield programs that each hold as many of the keys as fit, joined by OR."""
    taken: list[bytes] = []
    length = 0
    for key in keys:
        if taken and length + len(key) + 4 > max_bytes:
            yield _tree(taken)
            taken, length = [], 0
        taken.append(key)
        length += len(key) + 4
    if taken:
        yield _tree(taken)


def _tree(keys: Sequence[bytes]) -> bytes:
    """Join keys by OR as a balanced tree: a list of hundreds would nest too deep for a server."""
    if len(keys) == 1:
        return keys[0]
    middle = len(keys) // 2
    return b"OR " + _tree(keys[:middle]) + b" " + _tree(keys[middle:])
