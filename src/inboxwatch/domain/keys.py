"""Keys: the marks by which two messages can come to stand in one thread. Pure; decides nothing.

Two messages that can influence each other's place have keys that face each other (`facing`; most
keys face themselves), or are joined by a chain of messages that do (see `neighbours`).
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.evidence.timing import AT_ONCE
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.links import named
from inboxwatch.domain.sides import (
    MACHINE_KINDS,
    REPORT_KINDS,
    asked,
    bodies_of,
    copied,
    homes,
    is_ours,
    reported_addresses,
)
from inboxwatch.domain.subject import base_subject
from inboxwatch.domain.threads import Entry

NEAR = timedelta(minutes=30)  # an unmarked acknowledgement this soon after ours is about ours
_NEAR_SKEW = timedelta(minutes=2)  # two clocks may differ by that much
REPORT_WITHIN_DAYS = 5  # mail servers give up after at most five days (RFC 5321 section 4.5.4.1)
LINES_COMPARED = 40  # of a message of ours that mail may quote
_SLOT_SECONDS = int(NEAR.total_seconds())
_SOON_SECONDS = int(AT_ONCE.total_seconds())
_DAY_SECONDS = 86400
SOON, SAID, QUOTES = "soon:", "said:", "quotes:"
APART = (SOON, SAID, QUOTES)  # keys by which no message finds its place
_SEEKING = {"soon-after": "near", "reports": "sent", "cites": "line"}
_FACING = _SEEKING | {ours: seeking for seeking, ours in _SEEKING.items()}
_LINE_AT_LEAST = 30  # characters; shorter lines are said too often to prove anything
_LINES_OF_OURS = 3
_LINES_QUOTED = 24
_DIGITS = re.compile(r"\d")
_QUOTE_MARKS = re.compile(r"^[>|\s]+")


def server_key(key: str) -> str:
    """Return the key of a mail server's own conversation."""
    return f"server:{key}"


def case_key(body: str, reference: str) -> str:
    """Return the key of a body's case reference."""
    return f"case:{body}:{reference.casefold()}"


def subject_key(body: str, base: str) -> str:
    """Return the key of a base subject at a body."""
    return f"subject:{body}:{base}"


def near_key(body: str, at: datetime, back: int = 0) -> str:
    """Return the key of our mail to a body in a short span of time, or in one before it."""
    return f"near:{body}:{int(at.timestamp()) // _SLOT_SECONDS - back}"


def is_near(ours_at: datetime, at: datetime) -> bool:
    """Tell whether unmarked machine mail came so soon after ours that it may be about it."""
    return -_NEAR_SKEW <= at - ours_at <= NEAR


def is_seeking(key: str) -> bool:
    """Tell whether a key only looks for mail of ours, and is met by nothing else."""
    return key.partition(":")[0] in _SEEKING


def is_timed(key: str) -> bool:
    """Tell whether a key is that of mail which goes by its time alone."""
    return key.startswith("soon-after:")


def facing(key: str) -> str:
    """Return the key of the messages that one with a key can meet by it.

    What looks for our mail by its time, address or lines meets our mail, and that only such: not
    all that was written in the same half hour or to the same address.
    """
    kind = key.partition(":")[0]
    return _FACING.get(kind, kind) + key[len(kind) :]


def soon_key(body: str, at: datetime, back: int = 0) -> str:
    """Return the key of the moments at a body in which a machine answers, or of those before.

    It tells what a message is judged by, and nothing about its place.
    """
    return f"{SOON}{body}:{int(at.timestamp()) // _SOON_SECONDS - back}"


def said_key(body: str, line: str) -> str:
    """Return the key of a line that we wrote to a body, by which possible replies are found."""
    return f"{SAID}{body}:{line}"


def quotes_key(body: str, line: str) -> str:
    """Return the key of a line that unplaced mail of a body quotes."""
    return f"{QUOTES}{body}:{line}"


def sent_key(address: str, at: datetime, back: int = 0) -> str:
    """Return the key of a day's mail of ours to one address, or of a day before it."""
    return f"sent:{address}:{int(at.timestamp()) // _DAY_SECONDS - back}"


def case_references(entry: Entry) -> tuple[str, ...]:
    """Return the references that can tell a case: those with four digits or more."""
    found = entry.classification.case_references
    return tuple(ref for ref in found if len(_DIGITS.findall(ref)) >= 4)


def telling_lines(text: str, limit: int) -> tuple[str, ...]:
    """Return hashes of the first lines long enough to be somebody's own words."""
    found: dict[str, None] = {}
    for line in text.splitlines():
        plain = " ".join(_QUOTE_MARKS.sub("", line).split()).casefold()
        if len(plain) >= _LINE_AT_LEAST:
            found[hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:16]] = None
            if len(found) == limit:
                break
    return tuple(found)


def own_lines(entry: Entry) -> tuple[str, ...]:
    """Return the keys of what a message says in its author's own words."""
    return telling_lines(entry.message.own_text, _LINES_OF_OURS)


def quoted_lines(entry: Entry) -> tuple[str, ...]:
    """Return the keys of what a message quotes."""
    return telling_lines(entry.message.quoted_text, _LINES_QUOTED)


def line_key(box: str, line: str) -> str:
    """Return the key of a line that we wrote to one council mailbox."""
    return f"line:{box}:{line}"


def is_bare(entry: Entry) -> bool:
    """Tell whether a message names no other at all."""
    return not named(entry.message)


def has_keys_of(entry: Entry, other: Entry) -> bool:
    """Tell whether a message judged in two ways surely has the same `keys` with the same watch."""
    one, two = entry.classification, other.classification
    return (
        one.kind is two.kind
        and one.case_references == two.case_references
        and entry.direction is other.direction
    )


def keys(entry: Entry, watch: Watch) -> frozenset[str]:
    """Return every key by which a stored message can meet another.

    They depend on the watch list: index anew when it changes.
    """
    message = entry.message
    kind = entry.classification.kind
    if kind is Kind.OWN_REMINDER:
        return frozenset()
    made = {f"id:{message.message_id}", *(f"id:{one}" for one in named(message))}
    made |= {server_key(key) for key in message.thread_keys}
    base = base_subject(message.subject)
    for body in bodies_of(entry, watch):
        made.add(soon_key(body, entry.at))
        made |= {case_key(body, ref) for ref in case_references(entry)}
        if base:
            made.add(subject_key(body, base))
        if is_ours(entry):
            made.add(near_key(body, entry.at))
        elif kind in MACHINE_KINDS:
            made |= {facing(near_key(body, entry.at, back)) for back in (-1, 0, 1)}
    if is_ours(entry):
        told = {box.body for box in (*asked(message, watch), *copied(message, watch))}
        lines = telling_lines(message.own_text, LINES_COMPARED)
        made |= {said_key(body, line) for body in told for line in lines}
        for box in homes(message, watch):
            made.add(sent_key(box.address, entry.at))
            made |= {line_key(box.address, line) for line in own_lines(entry)}
        if is_bare(entry):
            boxes = asked(message, watch)
            quoted = quoted_lines(entry)
            made |= {facing(line_key(box.address, line)) for box in boxes for line in quoted}
    elif kind in REPORT_KINDS:
        made |= {
            facing(sent_key(address, entry.at, back))
            for address in reported_addresses(message)
            for back in range(-1, REPORT_WITHIN_DAYS + 1)
        }
    return frozenset(made)
