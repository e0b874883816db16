"""Reads the answers to LIST, STATUS, EXAMINE, SEARCH and FETCH into values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from inboxwatch.adapters.imap.tokens import Garbled, Response, Value, as_int, as_text, read
from inboxwatch.adapters.imap.uidset import expand

_FETCH = re.compile(rb"\* \d+ FETCH ", re.IGNORECASE)
# What a server nearly always answers when only header fields were asked for.
_ONE_HEADER = re.compile(
    rb"\* \d+ FETCH \(UID (\d+) BODY\[HEADER\.FIELDS \([^)\r\n]*\)\] \{\d+\}\r\n\Z"
)
# The same where more was asked for, the header last.
_HEADER_LAST = re.compile(
    rb"\* \d+ FETCH \(UID (\d+) [^\r\n]*BODY\[HEADER\.FIELDS \([^)\r\n]*\)\] \{\d+\}\r\n\Z"
)
# The same for one part of a message.
_ONE_PART = re.compile(rb"\* \d+ FETCH \(UID (\d+) BODY\[([\d.]+)\](?:<\d+>)? \{\d+\}\r\n\Z")
# What nearly every server answers to STATUS: a plain name, each count after its word.
_ONE_STATUS = re.compile(
    rb'\* STATUS (?:"([^"\\\r\n]+)"|([^\s"(){\\]+)) \(((?:[A-Z]+ \d+ ?)+)\)\r\n\Z'
)
_SECTION = re.compile(rb"BODY\[([^\]]*)\](?:<[\d.]+>)?\Z", re.IGNORECASE)
_UID = re.compile(rb"[( ]UID (\d+)[ )]", re.IGNORECASE)
_CODE = re.compile(rb"\[(UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ) (\d+)\]", re.IGNORECASE)
_EXISTS = re.compile(rb"\* (\d+) EXISTS", re.IGNORECASE)
_WHEN = re.compile(r" ?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

Items = dict[bytes, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of LIST: the name as the server wrote it, its separator, its flags in lower case."""

    raw: bytes
    separator: str
    flags: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What STATUS or EXAMINE tells of a folder; None where it told nothing."""

    uidvalidity: int | None = None
    uidnext: int | None = None
    messages: int | None = None
    highestmodseq: int | None = None


def listed(responses: Iterable[Sequence[bytes]]) -> Iterator[Listed]:
    """Yield every folder of a LIST answer; a line that cannot be read is passed over."""
    for response in responses:
        if response[0][:7].upper() != b"* LIST ":
            continue
        try:
            flags, separator, raw = read(response, 7)[:3]
        except (Garbled, ValueError):
            continue
        if isinstance(raw, bytes) and isinstance(flags, list):
            yield Listed(
                raw=raw,
                separator=as_text(separator),
                flags=frozenset(as_text(flag).lower() for flag in flags),
            )


def statuses(responses: Iterable[Response]) -> Iterator[tuple[bytes, Counts]]:
    """Yield the folder's name and its counts of each STATUS among responses."""
    for response in responses:
        name: Value
        if len(response) == 1 and (usual := _ONE_STATUS.match(response[0])) is not None:
            name, words = usual[1] or usual[2], usual[3].split()
            told = dict(zip(words[::2], map(int, words[1::2]), strict=True))
        elif response[0][:9].upper() != b"* STATUS ":
            continue
        else:
            try:
                name, values = read(response, 9)
                pairs = _pairs(values) if isinstance(values, list) else {}
                told = {word: n for word, said in pairs.items() if (n := as_int(said)) is not None}
            except (Garbled, ValueError):
                continue
        if isinstance(name, bytes):
            # INBOX is the one name whose letters may be of any case.
            key = name.upper() if name.upper() == b"INBOX" else name
            yield (
                key,
                Counts(
                    uidvalidity=told.get(b"UIDVALIDITY"),
                    uidnext=told.get(b"UIDNEXT"),
                    messages=told.get(b"MESSAGES"),
                    highestmodseq=told.get(b"HIGHESTMODSEQ"),
                ),
            )


def examined(responses: Iterable[Response]) -> Counts:
    """Return what EXAMINE told."""
    codes: dict[bytes, int] = {}
    messages = None
    for response in responses:
        line = response[0]
        if (code := _CODE.search(line)) is not None:
            codes[code[1].upper()] = int(code[2])
        elif (exists := _EXISTS.match(line)) is not None:
            messages = int(exists[1])
    return Counts(
        uidvalidity=codes.get(b"UIDVALIDITY"),
        uidnext=codes.get(b"UIDNEXT"),
        messages=messages,
        highestmodseq=codes.get(b"HIGHESTMODSEQ"),
    )


def found(responses: Iterable[Response]) -> frozenset[int]:
    """Return the numbers of SEARCH, or of ESEARCH where the server answers with that.

    Raises:
        Garbled: the answer names no such numbers.
    """
    numbers: set[int] = set()
    for response in responses:
        line = response[0]
        start = line[:10].upper()
        try:
            if start.startswith(b"* SEARCH"):
                words = line[8:].partition(b"(")[0].split()  # "(MODSEQ n)" may follow
                numbers.update(map(int, words))
            elif start.startswith(b"* ESEARCH"):
                values = read(response, 9)
                said = {
                    name.upper(): value
                    for name, value in pairwise(values)
                    if isinstance(name, bytes)
                }
                if b"ALL" not in said and as_int(said.get(b"COUNT")):
                    raise Garbled("a SEARCH answer counts what it does not name")
                numbers.update(expand(as_text(said.get(b"ALL"))))
        except ValueError as error:
            raise Garbled("a SEARCH answer holds something else than numbers") from error
    return frozenset(numbers)


def vanished(responses: Iterable[Response]) -> frozenset[int]:
    """Return the UIDs of `VANISHED (EARLIER)`.

    Raises:
        Garbled: the answer is not a set.
    """
    gone: set[int] = set()
    for response in responses:
        if response[0][:11].upper() == b"* VANISHED ":
            last = read(response, 11)[-1:]
            try:
                gone.update(expand(as_text(last[0] if last else b"")))
            except ValueError as error:
                raise Garbled("a VANISHED answer is not a set of UIDs") from error
    return frozenset(gone)


def headers(responses: Iterable[Response]) -> Iterator[tuple[int, bytes]]:
    """Yield UID and header block of each FETCH answer that has both."""
    for response in responses:
        if len(response) == 3 and (usual := _ONE_HEADER.match(response[0])) is not None:
            yield int(usual[1]), response[1]
            continue
        if _FETCH.match(response[0]) is None:
            continue
        try:
            items = fetched(response)
        except Garbled:
            continue
        uid, block = as_int(items.get(b"UID")), items.get(b"HEADER.FIELDS")
        if uid is not None and isinstance(block, bytes):
            yield uid, block


def header_of(response: Response) -> tuple[int, bytes] | None:
    """Return UID and header block of a FETCH answer in the usual form, the rest of it unread."""
    if len(response) != 3 or response[2] != b")\r\n":
        return None
    usual = _HEADER_LAST.match(response[0])
    return None if usual is None else (int(usual[1]), response[1])


def fetched_all(responses: Iterable[Response]) -> tuple[dict[int, Items], set[int]]:
    """Return the items of each UID, merged, and the UIDs whose answer could not be read."""
    return taken(responses, None)[:2]


def taken(
    responses: Iterable[Response], uids: frozenset[int] | None
) -> tuple[dict[int, Items], set[int], list[Response]]:
    """Return the same for the UIDs asked for (None: for all), and the FETCHes about others."""
    items: dict[int, Items] = {}
    garbled: set[int] = set()
    rest: list[Response] = []
    for response in responses:
        if _FETCH.match(response[0]) is None:
            continue
        try:
            one = fetched(response)
            uid = as_int(one.get(b"UID"))
        except Garbled as error:
            one, uid = {}, error.uid
            if uid is not None and (uids is None or uid in uids):
                garbled.add(uid)
                continue
        if uid is None:
            continue
        if uids is not None and uid not in uids:
            rest.append(response)
        else:
            items.setdefault(uid, {}).update(one)
    return items, garbled, rest


def fetched(response: Response) -> Items:
    """Return the items of one FETCH response by name; a section goes by its own name.

    `BODY[1.2]<0>` becomes `1.2`, `BODY[HEADER.FIELDS (…)]` becomes `HEADER.FIELDS`.

    Raises:
        Garbled: it cannot be read.
    """
    usual = _ONE_PART.match(response[0])
    if usual is not None and len(response) == 3 and response[2] == b")\r\n":
        return {b"UID": usual[1], usual[2]: response[1]}
    match = _FETCH.match(response[0])
    try:
        values = read(response, match.end() if match else 0)
        if len(values) != 1 or not isinstance(values[0], list):
            raise Garbled("a FETCH answer is not one list")
        return _pairs(values[0])
    except Garbled as error:
        uid = next((u for line in response[::2] if (u := _UID.search(line))), None)
        raise Garbled(str(error), uid=int(uid[1]) if uid else None) from error


def _pairs(values: list[Value]) -> Items:
    if len(values) % 2:
        raise Garbled("a name without a value")
    pairs: Items = {}
    for name, value in zip(values[::2], values[1::2], strict=True):
        if not isinstance(name, bytes):
            raise Garbled("a name is not an atom")
        section = _SECTION.match(name)
        key = section[1].split(b" ")[0] if section else name
        pairs[key.upper()] = value
    return pairs


def internal_date(value: Value) -> datetime | None:
    """Read an INTERNALDATE; None when it is none or impossible."""
    match = _WHEN.fullmatch(as_text(value))
    if match is None or match[2].lower() not in _MONTHS:
        return None
    offset = timedelta(hours=int(match[8]), minutes=int(match[9]))
    try:
        when = datetime(
            int(match[3]),
            _MONTHS.index(match[2].lower()) + 1,
            int(match[1]),
            int(match[4]),
            int(match[5]),
            min(int(match[6]), 59),  # a leap second
            tzinfo=timezone(-offset if match[7] == "-" else offset),
        )
        return when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
