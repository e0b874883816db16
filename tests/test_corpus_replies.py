"""Invented replies to one question, through the whole chain: each file is named for what it is.

They were written in lots, each before it was judged, with what is true of them put down first.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from inboxwatch.adapters.mime import MimeReader
from inboxwatch.application.draw import draw, read_mail
from inboxwatch.domain.bodies import Body, Watch
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.message import FolderRole, Location, Message
from inboxwatch.domain.verdict import Verdict, Wait
from tests.world.scoring import yardstick

CORPUS = Path(__file__).parent / "corpus_replies"
QUESTION = CORPUS / "question.eml"
FILES = sorted(path for path in CORPUS.glob("*.eml") if path != QUESTION)
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads(
    (CORPUS / "expected.toml").read_text(encoding="utf-8")
)
FLOORS = EXPECTED.pop("floors")
MAY_BE_UNSURE = frozenset(EXPECTED.pop("may_be_unsure")["files"])
TAKEN_FOR_A_PERSON = frozenset(EXPECTED.pop("taken_for_a_person")["files"])
ONLY_ACKNOWLEDGED = frozenset(EXPECTED.pop("only_acknowledged")["files"])
ELSEWHERE = frozenset(EXPECTED.pop("elsewhere")["files"])
AS_OF = datetime(2026, 4, 20, 8, 0, tzinfo=UTC)
MEASURE = yardstick()
ASKED, COUNCIL = "send@kent.example", "kent.example"
STATUS = {
    Kind.HUMAN: "answered",
    Kind.SYSTEM_ANSWER: "answered",
    Kind.BOUNCE: "undelivered",
    Kind.UNSURE: "review",
    Kind.CALENDAR: "review",
}


def read(raw: bytes, role: FolderRole, uid: int) -> Message:
    place = Location(account="home", folder=role.value, role=role, uidvalidity=1, uid=uid)
    message = MimeReader(now=lambda: AS_OF).read(raw, location=place)
    assert isinstance(message, Message)
    return message


@cache
def judged(path: Path) -> tuple[Classification, Verdict, Wait]:
    """Judge a reply beside the question, which went to the body that the reply comes from."""
    reply = read(path.read_bytes(), FolderRole.INBOX, 2)
    assert reply.sender is not None
    domain = COUNCIL if path.stem in ELSEWHERE else reply.sender.domain
    asked = QUESTION.read_bytes().replace(ASKED.encode(), f"send@{domain}".encode())
    if reply.sender.domain == "mx.example.org":  # the parent's own mail system
        domain, asked = COUNCIL, QUESTION.read_bytes()
    question = read(asked, FolderRole.SENT, 1)
    watch = Watch(
        bodies=(Body(name="council", title="Council", domains=(domain,)),),
        own_addresses=frozenset({"parent@example.org"}),
    )
    mail = read_mail((question, reply), watch, MEASURE)
    entry = next(e for e in mail.entries if e.message_id == reply.message_id)
    picture = draw(mail, MEASURE, as_of=AS_OF)
    verdict = next(
        v
        for v in picture.verdicts
        if any(p.entry.message_id == question.message_id for p in v.thread.placed)
    )
    return entry.classification, verdict, verdict.waits[0]


def kind_of(path: Path) -> Kind:
    return Kind(path.name.partition("__")[0])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_reply_is_judged_to_be_what_its_name_says(path: Path) -> None:
    found, verdict, wait = judged(path)

    allowed = {kind_of(path)}
    allowed |= {Kind.UNSURE} if path.stem in MAY_BE_UNSURE else set()
    allowed |= {Kind.HUMAN} if path.stem in TAKEN_FOR_A_PERSON else set()
    allowed |= {Kind.ACKNOWLEDGEMENT} if path.stem in ONLY_ACKNOWLEDGED else set()
    expected = EXPECTED.get(path.stem, {})
    assert found.kind in allowed, found.reasons
    assert verdict.status.value == expected.get("status", STATUS.get(found.kind, "overdue"))
    assert found.holding == expected.get("holding", False)
    if found.holding:
        assert wait.promised_on == expected.get("promised_on")


def test_none_that_is_no_answer_counts_as_one() -> None:
    for path in FILES:
        if not kind_of(path).stops_the_clock:
            assert judged(path)[1].status.value != "answered", path.name


def test_every_expectation_has_its_file() -> None:
    named = set(EXPECTED) | MAY_BE_UNSURE | TAKEN_FOR_A_PERSON | ONLY_ACKNOWLEDGED | ELSEWHERE

    assert named <= {path.stem for path in FILES}
    assert len(FILES) >= FLOORS["files"]
