"""Builders of mail and threads for tests. Every name, address and text is invented."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from inboxwatch.domain.allowance import Weeks, WorkingDays
from inboxwatch.domain.bodies import Body, Watch
from inboxwatch.domain.calendar import ENGLAND_AND_WALES, EVERY_DAY, Calendar
from inboxwatch.domain.clocks import Clock, LegalForce
from inboxwatch.domain.identifiers import message_ids_in
from inboxwatch.domain.judging import judge
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.message import (
    Address,
    FolderRole,
    Location,
    Message,
    Report,
    ReportedRecipient,
    ReportType,
)
from inboxwatch.domain.overrides import NONE, Decisions, Override, Verb
from inboxwatch.domain.reckoning import Reckoning, reckoning
from inboxwatch.domain.rules import Rule
from inboxwatch.domain.threading import assemble
from inboxwatch.domain.threads import Assembly, Direction, Entry, LinkKind, Placed, Thread
from inboxwatch.domain.verdict import Verdict

ME = "parent@example.org"
MY_ALIAS = "parent+send@example.org"
COUNCIL = "send@kent.gov.uk"
COMPLAINTS = "complaints@kent.gov.uk"
OFFICER = "jane.doe@kent.gov.uk"
MEDWAY = "sen@medway.gov.uk"
COUNCILLOR = "cllr.bold@members.kent.gov.uk"
KENT = Body(
    name="kent.gov.uk",
    title="Kent County Council",
    domains=("kent.gov.uk",),
    not_the_body=("members.kent.gov.uk", "iask@kent.gov.uk"),
)
MEDWAY_COUNCIL = Body(name="medway.gov.uk", title="Medway Council", domains=("medway.gov.uk",))
WATCH = Watch(bodies=(KENT, MEDWAY_COUNCIL), own_addresses=frozenset({ME, MY_ALIAS}))

_LONDON = ZoneInfo("Europe/London")
_HOLIDAYS = (
    (date(2026, 1, 1), "New Year's Day"),
    (date(2026, 4, 3), "Good Friday"),
    (date(2026, 4, 6), "Easter Monday"),
    (date(2026, 5, 4), "Early May bank holiday"),
    (date(2026, 5, 25), "Spring bank holiday"),
    (date(2026, 8, 31), "Summer bank holiday"),
    (date(2026, 12, 25), "Christmas Day"),
    (date(2026, 12, 28), "Boxing Day (substitute day)"),
)
CALENDARS = {
    ENGLAND_AND_WALES: Calendar(name=ENGLAND_AND_WALES, dates=_HOLIDAYS),
    EVERY_DAY.name: EVERY_DAY,
}
CLOCKS = {
    "ordinary-email": Clock(
        id="ordinary-email",
        title="Ordinary email",
        due=WorkingDays(count=10),
        chase=WorkingDays(count=5),
        legal_force=LegalForce.SERVICE_STANDARD,
    ),
    "ehcna-decision": Clock(
        id="ehcna-decision",
        title="Decide whether to assess",
        due=Weeks(count=6),
        legal_force=LegalForce.STATUTE,
    ),
}
ORDINARY = Rule(name="default", clock="ordinary-email")
STATUTORY = Rule(name="assess", clock="ehcna-decision")
RECKONING: Reckoning = reckoning(CLOCKS, CALENDARS, WATCH.bodies)

_numbers = itertools.count(1)


def moment(text: str | datetime) -> datetime:
    """Read "2026-03-02 09:00" as London time; give aware UTC."""
    if isinstance(text, datetime):
        return text
    return datetime.fromisoformat(text).replace(tzinfo=_LONDON).astimezone(UTC)


def addresses(*given: str) -> tuple[Address, ...]:
    return tuple(Address(address=one) for one in given)


def folder(role: FolderRole) -> Location:
    return Location(account="home", folder=role.value, role=role, uidvalidity=1, uid=1)


def _message(at: str | datetime, changes: dict[str, Any]) -> Message:
    given = dict(changes)
    for name in ("to", "cc", "bcc"):
        if name in given:
            value = given[name]
            given[name] = addresses(*((value,) if isinstance(value, str) else value))
    if "sender" in given:
        given["sender"] = Address(address=given["sender"])
    for name in ("in_reply_to", "references"):
        if name in given:
            value = given[name]
            given[name] = (
                tuple(message_ids_in(value) or (value,)) if isinstance(value, str) else tuple(value)
            )
    when = moment(at)
    return Message(**{"at": when, "date": when, **given})


def from_us(at: str | datetime, message_id: str = "", **changes: Any) -> Entry:
    """A message of ours to the council; `thanks=True` for one that needs no reply."""
    thanks = changes.pop("thanks", False)
    references = tuple(changes.pop("case_references", ()))
    given = {
        "message_id": message_id or f"ours-{next(_numbers)}@example.org",
        "sender": ME,
        "to": COUNCIL,
        "subject": "Annual review for Sam",
        "own_text": "Please tell me when the annual review report will be sent to us.",
        "locations": (folder(FolderRole.SENT),),
    }
    return Entry(
        message=_message(at, given | changes),
        classification=Classification(
            kind=Kind.HUMAN, needs_no_reply=thanks, case_references=references
        ),
        direction=Direction.SENT,
    )


_SAID = (
    "evidence",
    "holding",
    "may_hold",
    "promised_on",
    "machine_promise",
    "action",
    "case_references",
    "by_hand",
    "confidence",
)


def from_council(
    at: str | datetime,
    kind: Kind = Kind.HUMAN,
    message_id: str = "",
    *,
    to: Entry | None = None,
    **changes: Any,
) -> Entry:
    """A message of the council's; `to` makes it an answer by its headers."""
    said = {name: changes.pop(name) for name in _SAID if name in changes}
    given: dict[str, Any] = {
        "message_id": message_id or f"theirs-{next(_numbers)}@kent.gov.uk",
        "sender": COUNCIL,
        "subject": "Re: Annual review for Sam",
        "own_text": "Dear parent, the report was sent by post.",
        "locations": (folder(FolderRole.INBOX),),
    }
    receivers = {"to": changes.pop("receivers", ME)}
    if to is not None:
        given["in_reply_to"] = (to.message_id,)
        given["references"] = (*to.message.references, to.message_id)
    return Entry(
        message=_message(at, given | receivers | changes),
        classification=Classification(kind=kind, **said),
        direction=Direction.RECEIVED,
    )


def a_bounce(
    at: str | datetime,
    of: Entry,
    *,
    kind: Kind = Kind.BOUNCE,
    named: bool = True,
    failed: Iterable[str] = (COUNCIL,),
    **changes: Any,
) -> Entry:
    """A delivery report about a message of ours, with or without its id."""
    report = Report(
        type=ReportType.DELIVERY,
        recipients=tuple(
            ReportedRecipient(address=one, action="failed", status="5.1.1", diagnostic="no mailbox")
            for one in failed
        ),
        original_message_id=of.message_id if named else None,
        original_subject=of.message.subject,
    )
    given: dict[str, Any] = {
        "sender": "mailer-daemon@mail.example.org",
        "subject": "Undelivered Mail Returned to Sender",
        "report": report,
    }
    return from_council(at, kind, **(given | changes))


def a_receipt(
    at: str | datetime, of: Entry, disposition: str = "displayed", **changes: Any
) -> Entry:
    """A reading receipt about a message of ours."""
    report = Report(
        type=ReportType.DISPOSITION,
        disposition=disposition,
        original_message_id=of.message_id,
    )
    given: dict[str, Any] = {"subject": f"Read: {of.message.subject}", "report": report}
    return from_council(at, Kind.RECEIPT, **(given | changes))


def assembled(*entries: Entry, decisions: Decisions = NONE, watch: Watch = WATCH) -> Assembly:
    return assemble(entries, watch, decisions)


def a_thread(*entries: Entry, decisions: Decisions = NONE, watch: Watch = WATCH) -> Thread:
    """The one thread that these messages make."""
    (thread,) = assembled(*entries, decisions=decisions, watch=watch).threads
    return thread


def placed(thread: Thread, entry: Entry) -> Placed:
    """Where a message stands in a thread."""
    return next(p for p in thread.placed if p.entry.message_id == entry.message_id)


def link(thread: Thread, entry: Entry) -> LinkKind:
    """Why a message stands in a thread."""
    return placed(thread, entry).link.kind


def judged(
    *entries: Entry,
    as_of: str | datetime = "2026-06-01 09:00",
    rule: Rule = ORDINARY,
    decisions: Decisions = NONE,
) -> Verdict:
    """The verdict on the one thread that these messages make."""
    return judge(
        a_thread(*entries, decisions=decisions),
        rule,
        as_of=moment(as_of),
        reckoning=RECKONING,
        decisions=decisions,
    )


def said(
    verb: Verb,
    target: Entry | str,
    value: str = "",
    *,
    at: str | datetime = "2026-05-01 12:00",
    **changes: Any,
) -> Override:
    """One decision of a person."""
    return Override(
        **{
            "id": next(_numbers),
            "at": moment(at),
            "by": "cli",
            "verb": verb,
            "target": target if isinstance(target, str) else target.message_id,
            "value": value,
            **changes,
        }
    )


def decided(*overrides: Override) -> Decisions:
    return Decisions.of(overrides)


def loader(
    stored: Iterable[Entry], keys: Callable[[Entry], frozenset[str]]
) -> Callable[[frozenset[str]], tuple[Entry, ...]]:
    """What a store's index does: the messages that have any of some keys."""
    index: dict[str, list[Entry]] = {}
    for entry in stored:
        for key in keys(entry):
            index.setdefault(key, []).append(entry)

    def load(wanted: frozenset[str]) -> tuple[Entry, ...]:
        found = {e.message_id: e for key in wanted for e in index.get(key, ())}
        return tuple(found.values())

    return load
