"""Mail of case systems is asked for and read, and kept only where it may speak for a body."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from inboxwatch.adapters.imap.interest import Interest, Why
from inboxwatch.adapters.imap.search import gmail, wanted
from inboxwatch.adapters.mailfile import MailFiles
from inboxwatch.adapters.mime import MimeReader
from inboxwatch.domain.bodies import Body, Watch
from inboxwatch.domain.message import Address, Message

ME = "parent@example.org"
WATCH = Watch(
    bodies=(Body(name="kent.gov.uk", title="Kent County Council", domains=("kent.gov.uk",)),),
    own_addresses=frozenset({ME}),
    systems=("firmstep.com", "icasework.com"),
)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def header(sender: str, subject: str = "Update") -> bytes:
    return (
        f"From: {sender}\r\nTo: {ME}\r\nSubject: {subject}\r\n"
        f"Date: Thu, 05 Mar 2026 09:00:00 +0000\r\nMessage-ID: <{hash(sender + subject)}@x>\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("sender", "why"),
    [
        ("Casework <noreply@icasework.com>", Why.SYSTEM),
        ("do-not-reply=kent.gov.uk@email.firmstep.com", Why.SYSTEM),
        ("noreply@icasework.com.evil.example", None),
        ("noreply@noticasework.com", None),
        ("news@shop.example", None),
        ('"noreply@icasework.com" <x@evil.example>', None),
    ],
)
def test_a_header_from_a_case_system_is_looked_into(sender: str, why: Why | None) -> None:
    assert Interest(WATCH, lambda _: False).why(header(sender)) is why


def test_what_was_read_stays_only_where_it_may_speak_for_a_body() -> None:
    interest = Interest(WATCH, lambda _: False)

    def kept(name: str, subject: str) -> bool:
        message = Message(
            message_id="a@b",
            at=NOW,
            sender=Address(address="noreply@icasework.com", name=name),
            subject=subject,
        )
        return interest.concerns_us(message, Why.SYSTEM)

    assert kept("Kent County Council", "Update")
    assert kept("Casework", "FOI-6642019 response")
    assert not kept("Parking", "Your permit")


def test_the_systems_cost_a_search_one_key_each() -> None:
    """In the one command with all the others."""
    programs = wanted(Interest(WATCH, lambda _: False), max_bytes=7_900)

    assert len(programs) == 1
    assert programs[0].count(b"firmstep.com") == 1
    assert b'FROM "icasework.com"' in programs[0]
    assert b"from:icasework.com" in gmail(Interest(WATCH, lambda _: False), max_bytes=900)[0]


def test_mail_files_are_read_by_the_same_rule(tmp_path: Path) -> None:
    mails = (
        header("do-not-reply=kent.gov.uk@email.firmstep.com"),
        header("Casework <noreply@icasework.com>", "Your permit"),
        header("Casework <noreply@icasework.com>", "FOI-6642019 response"),
        header("Kent County Council <noreply@icasework.com.evil.example>"),
    )
    for number, head in enumerate(mails):
        (tmp_path / f"{number}.eml").write_bytes(head + b"\r\nHello.\r\n")

    found = MailFiles([tmp_path], reader=MimeReader(now=lambda: NOW), now=lambda: NOW).scan(WATCH)

    assert sorted(m.sender.address for m in found.messages if m.sender) == [
        "do-not-reply=kent.gov.uk@email.firmstep.com",
        "noreply@icasework.com",
    ]
