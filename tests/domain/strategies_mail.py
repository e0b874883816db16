"""Strategies that make small mailboxes with every way of belonging together in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import Entry
from tests.builders import (
    COMPLAINTS,
    COUNCIL,
    COUNCILLOR,
    MEDWAY,
    OFFICER,
    a_bounce,
    from_council,
    from_us,
)

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SUBJECTS = ("Annual review", "Transport to school", "Re: Annual review", "FW: Transport to school")
TEXTS = (
    "The taxi did not come on three mornings of last week.",
    "Please tell me when the report will be sent to us all.",
)
GHOSTS = ("ghost1@x.example", "ghost2@x.example")
SENDERS = (COUNCIL, COMPLAINTS, OFFICER, MEDWAY, COUNCILLOR, "a@b.example")
KINDS = (
    Kind.HUMAN, Kind.HUMAN, Kind.HUMAN, Kind.ACKNOWLEDGEMENT, Kind.OUT_OF_OFFICE, Kind.UNSURE,
    Kind.SYSTEM_ANSWER, Kind.CALENDAR, Kind.BULK, Kind.DELAY,
)  # fmt: skip
AUTOMATIC = (
    Kind.ACKNOWLEDGEMENT, Kind.OUT_OF_OFFICE, Kind.CHALLENGE, Kind.DELAY, Kind.RECEIPT, Kind.BULK,
)  # fmt: skip


@st.composite
def mailboxes(draw: st.DrawFn, at_most: int = 12) -> tuple[Entry, ...]:
    """A mailbox of a few messages; the ids are stable, so that examples shrink well."""
    entries: list[Entry] = []
    for number in range(draw(st.integers(1, at_most))):
        minutes = draw(st.sampled_from((1, 5, 45, 1500, 9000, 60000)))
        at = START + timedelta(minutes=minutes * draw(st.integers(1, 9)), seconds=number)
        named = draw(
            st.lists(
                st.sampled_from([e.message_id for e in entries] or ["gone@x.example"]), max_size=2
            )
        )
        ghosts = draw(
            st.lists(st.sampled_from(("ghost1@x.example", "ghost2@x.example")), max_size=1)
        )
        shared: dict[str, Any] = {
            "subject": draw(st.sampled_from(SUBJECTS)),
            "references": (*named, *ghosts) if draw(st.booleans()) else (),
            "thread_keys": draw(st.sampled_from(((), (), (), ("gmail:1",), ("thread-index:2",)))),
            "case_references": draw(st.sampled_from(((), (), (), ("KCC-11111",), ("KCC-22222",)))),
            "own_text": draw(st.sampled_from(TEXTS)),
            "quoted_text": draw(st.sampled_from(("", "", f"> {TEXTS[0]}"))),
        }
        if draw(st.booleans()):
            to = draw(st.sampled_from(((COUNCIL,), (COMPLAINTS,), (MEDWAY,), (COUNCIL, MEDWAY))))
            cc = draw(st.sampled_from(((), (), (COMPLAINTS,))))
            thanks = draw(st.sampled_from((False, False, False, True)))
            entries.append(
                from_us(at, f"{number}@example.org", to=to, cc=cc, thanks=thanks, **shared)
            )
            continue
        ours = [e for e in entries if e.message.message_id.endswith("@example.org")]
        if ours and draw(st.integers(0, 5)) == 0:
            of = draw(st.sampled_from(ours))
            id = f"{number}@daemon.example"
            at = of.at + timedelta(minutes=3)
            entries.append(a_bounce(at, of, named=draw(st.booleans()), message_id=id))
            continue
        sender = draw(
            st.sampled_from((COUNCIL, COMPLAINTS, OFFICER, MEDWAY, COUNCILLOR, "a@b.example"))
        )
        kind = draw(st.sampled_from(KINDS))
        holding = kind is Kind.HUMAN and draw(st.integers(0, 4)) == 0
        entries.append(
            from_council(
                at, kind, f"{number}@kent.gov.uk", sender=sender, holding=holding, **shared
            )
        )
    return tuple(entries)
