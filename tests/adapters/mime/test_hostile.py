"""Mail made to break a reader: it never raises, and never takes long or much memory."""

from __future__ import annotations

import logging
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxwatch.application.records import FetchedPart
from inboxwatch.domain.message import Message, Unreadable
from tests.mime_corpus import FALLBACK, a_reader, at, corpus_names, raw, read_raw

HEAD = (
    b"From: send@kent.gov.uk\nTo: parent@example.org\nSubject: x\nMessage-ID: <h@kent.gov.uk>\n"
    b"Date: Tue, 3 Mar 2026 09:00:00 +0000\nMIME-Version: 1.0\n"
)
SECONDS = 5.0  # on a busy machine; each takes well under one


def nested(depth: int) -> bytes:
    """Return multiparts within multiparts, with a text in the innermost."""
    opening = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    closing = b"".join(b"\n--b%d--" % n for n in reversed(range(depth)))
    return HEAD + opening + b"Content-Type: text/plain\n\nInnermost.\n" + closing


def test_five_hundred_nested_multiparts_are_read_as_far_as_sense_goes() -> None:
    shallow, deep = read_raw(nested(5)), read_raw(nested(500))

    assert shallow.own_text == "Innermost."
    assert deep.message_id == "h@kent.gov.uk"
    assert any("nested more than" in defect for defect in deep.defects)


def test_five_hundred_nested_messages_are_one_attachment() -> None:
    content = HEAD + b"Content-Type: message/rfc822\n\n" * 500 + b"Subject: y\n\nHello\n"

    assert read_raw(content).content_types == ("message/rfc822",)


def test_a_message_of_60_mb_takes_little_more_than_its_own_bytes() -> None:
    line = b"A" * 76 + b"\n"
    content = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        b"The plan is attached.\n--b\nContent-Type: application/pdf; name=plan.pdf\n"
        b"Content-Transfer-Encoding: base64\n\n" + line * (60_000_000 // len(line)) + b"--b--\n"
    )
    tracemalloc.start()
    began = time.perf_counter()
    try:
        message = read_raw(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert message.own_text == "The plan is attached."
    assert message.attachments[0].size > 59_000_000
    assert message.size == len(content)
    assert peak < 8_000_000
    assert time.perf_counter() - began < SECONDS


HOSTILE = {
    "text of 60 MB": b"Content-Type: text/plain\n\n" + b"word " * 12_000_000,
    "html of 20 MB": b"Content-Type: text/html\n\n" + b"<p>word</p>" * 2_000_000,
    "one endless line": b"\n" + b"a" * 5_000_000,
    "On without end": b"\n" + b"On Monday, x\n" * 20_000,
    "quotes without end": b"\n" + b"> " * 500_000,
    "dashes without end": b"\n" + b"-" * 500_000,
    "disclaimers without end": b"\nHello\n\n" + b"This email including \n\n" * 20_000,
    "blockquotes without end": b"Content-Type: text/html\n\n" + b"<blockquote>x" * 50_000,
    "reply marks without end": b"Content-Type: text/html\n\n"
    + b"<p id=appendonsend>x</p>" * 20_000,
    "tables in tables": b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 10_000,
    "a thousand parts": b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\nContent-Type: text/plain\n\nx\n" * 5_000,
    "boundaries that only begin alike": b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--bb\n" * 500_000,
    "parameters without end": b"Content-Type: text/plain" + b"; a=b" * 50_000 + b"\n\nx",
    "status without end": b"Content-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822; a@example.org\nAction: failed\n\n" * 20_000,
    "base64 of nothing": b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
    + b"=" * 1_000_000,
    "uuencode rubbish": b"Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n\n"
    + b"begin 644 a\nM" * 10_000,
    "tnef of nothing": b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22" + b"\xff" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bodies_are_read_in_bounded_time(name: str) -> None:
    began = time.perf_counter()
    message = read_raw(HEAD + HOSTILE[name])

    assert time.perf_counter() - began < SECONDS
    assert message.message_id == "h@kent.gov.uk"
    assert len(message.own_text) <= 16_000
    assert len(message.quoted_text) <= 16_000


HEADERS = {
    "addresses": b"To: " + b"a@example.org, " * 100_000,
    "groups": b"To: " + b"a:" * 200_000,
    "quotes": b"To: " + b'"' * 200_001,
    "comments": b"To: " + b"(" * 200_000,
    "at signs": b"To: " + b"@" * 200_000,
    "encoded words": b"Subject: " + b"=?utf-8?Q?=C3=A9?= " * 20_000,
    "half encoded words": b"Subject: " + b"=?" * 100_000,
    "references": b"References: " + b"<a@b> " * 50_000,
    "open brackets": b"References: " + b"<" * 200_000,
    "received": b"Received: from a by b; Tue, 3 Mar 2026 09:00:00 +0000\n" * 5_000,
    "odd received": b"Received: " + b"from (" * 30_000,
    "headers": b"".join(b"X-%d: y\n" % n for n in range(100_000)),
    "one header": b"X: " + b"y" * 10_000_000,
    "folds": b"X-Mailer: y" + b"\n y" * 100_000,
    "dates": b"Date: " + b"1 " * 100_000,
}


@pytest.mark.parametrize("name", HEADERS)
def test_hostile_headers_are_read_in_bounded_time(name: str) -> None:
    began = time.perf_counter()
    message = read_raw(HEAD + HEADERS[name] + b"\n\nHello.\n")

    assert time.perf_counter() - began < SECONDS
    assert message.message_id == "h@kent.gov.uk"
    assert len(message.to) <= 5_000


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n\r\n", b"\x00" * 100, b"\xff\xfe" * 50])
def test_what_is_no_mail_is_quarantined_with_a_reason(content: bytes) -> None:
    found = a_reader().read(content, location=at())

    assert isinstance(found, Unreadable)
    assert found.reason
    assert found.size == len(content)


@settings(max_examples=150, deadline=5_000)
@given(st.binary(max_size=3_000))
def test_random_bytes_never_raise(content: bytes) -> None:
    for candidate in (content, HEAD + content, HEAD + b"\n" + content):
        found = a_reader().read(candidate, location=at(), received_at=FALLBACK)
        assert isinstance(found, Message | Unreadable)


@settings(max_examples=150, deadline=5_000)
@given(name=st.sampled_from(corpus_names()), data=st.data())
def test_damaged_mail_never_raises(name: str, data: st.DataObject) -> None:
    content = bytearray(raw(name))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
        content = content or bytearray(b"x")

    found = a_reader().read(bytes(content), location=at(), received_at=FALLBACK)

    assert isinstance(found, Message | Unreadable)


part = st.builds(
    FetchedPart,
    path=st.just("1"),
    content_type=st.sampled_from(
        ["text/plain", "TEXT/HTML", "message/delivery-status", "message/rfc822",
         "application/ms-tnef", "text/calendar", "message/disposition-notification", "x", ""]
    ),
    parameters=st.lists(
        st.tuples(st.sampled_from(["charset", "method", "x"]), st.text(max_size=20)), max_size=3
    ).map(tuple),
    encoding=st.sampled_from(["7bit", "base64", "quoted-printable", "x-uuencode", "", "é"]),
    name=st.text(max_size=20),
    disposition=st.sampled_from(["", "attachment", "inline", "x"]),
    raw=st.none() | st.binary(max_size=400),
    truncated=st.booleans(),
)  # fmt: skip


@settings(max_examples=200, deadline=5_000)
@given(header=st.binary(max_size=300), parts=st.lists(part, max_size=4).map(tuple))
def test_no_parts_from_a_server_raise(header: bytes, parts: tuple[FetchedPart, ...]) -> None:
    found = a_reader().read_parts(HEAD + header, parts, location=at(), received_at=FALLBACK)

    assert isinstance(found, Message | Unreadable)


def test_a_part_cut_in_the_middle_of_a_letter_or_code_reads_to_the_cut() -> None:
    for encoding, whole in (
        ("8bit", "Grüße é".encode()[:-1]),
        ("base64", b"R3LDvMOfZSDDqQ=="[:-3]),
    ):
        cut = FetchedPart(
            path="1", content_type="text/plain", parameters=(("charset", "utf-8"),),
            encoding=encoding, size=99, raw=whole, truncated=True,
        )  # fmt: skip
        found = a_reader().read_parts(HEAD, (cut,), location=at())
        assert isinstance(found, Message)
        assert found.own_text == "Grüße"


def test_no_word_of_a_mail_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canary = b"canary-7731"
    content = (
        HEAD + b"X-Mailer: " + canary + b"\nReceived: from " + canary + b" by; rubbish\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/x-" + canary
        + b"\n\n" + canary + b"\n--b\nContent-Type: text/plain; name=\"=?" + canary
        + b"?Q?x?=\"\n\n" + canary + b"\n--b--\n"
    )  # fmt: skip

    read_raw(content)

    assert canary.decode() not in caplog.text
