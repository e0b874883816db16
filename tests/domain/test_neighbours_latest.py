"""To tell that an acknowledgement goes by its subject, not all mail with that is read."""

from __future__ import annotations

from datetime import datetime

from inboxwatch.domain.keys import keys
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.neighbours import neighbourhood
from inboxwatch.domain.threads import Entry
from tests.builders import WATCH, from_council, from_us, loader

ASKED = from_us("2026-03-02 09:00", "asked@example.org", subject="Transport to school")
ACK = from_council("2026-03-02 09:02", Kind.ACKNOWLEDGEMENT, subject="Re: Transport to school")
EARLIER = tuple(
    from_us(f"2026-02-{day:02} 09:00", f"{day}@example.org", subject="Transport to school")
    for day in range(1, 9)
)
NEW = from_us("2026-03-02 09:01", "new@example.org", subject="Therapy")
STORED = (ASKED, ACK, *EARLIER, NEW)


def around(latest: Entry | None) -> tuple[set[str], set[str]]:
    """What belongs to the new message, and what was read to tell."""
    read: set[str] = set()
    load = loader(STORED, lambda entry: keys(entry, WATCH))

    def loading(wanted: frozenset[str]) -> tuple[Entry, ...]:
        found = load(wanted)
        read.update(entry.message_id for entry in found)
        return found

    def last(_wanted: frozenset[tuple[str, datetime]]) -> tuple[Entry, ...]:
        return () if latest is None else (latest,)

    found = neighbourhood((NEW,), loading, WATCH, latest=last)
    return {entry.message_id for entry in found}, read


def test_one_message_of_ours_with_its_subject_is_enough() -> None:
    found, read = around(ASKED)
    assert found == {NEW.message_id}
    assert read == {NEW.message_id, ACK.message_id}


def test_without_one_all_of_that_subject_is_read() -> None:
    """So it is where the one that is given proves to be of another subject, or later."""
    every = {entry.message_id for entry in STORED}
    for given in (None, from_us("2026-03-02 09:03", subject="Transport to school")):
        found, read = around(given)
        assert found == {NEW.message_id}
        assert read == every


def test_mail_of_machines_too_far_in_time_to_be_meant_is_left_alone() -> None:
    """The keys tell half hours: what may come to ours came up to half an hour after it."""
    for at, belongs in (("08:58", False), ("09:00", True), ("09:31", True), ("09:32", False)):
        bare = from_council(f"2026-03-02 {at}", Kind.ACKNOWLEDGEMENT, subject="")
        load = loader((NEW, bare), lambda entry: keys(entry, WATCH))
        found = {entry.message_id for entry in neighbourhood((NEW,), load, WATCH)}
        assert found == {NEW.message_id} | ({bare.message_id} if belongs else set())
