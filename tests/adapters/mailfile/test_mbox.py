"""Where an mbox is cut, and where not."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxwatch.adapters.mailfile import mbox as module
from inboxwatch.adapters.mailfile.from_line import date_of, is_trustworthy
from inboxwatch.adapters.mailfile.items import Item, Sighting
from inboxwatch.adapters.mailfile.mbox import MboxStream, is_mbox
from tests.mail_files import mail, mbox


def everything(_header: bytes, _line: bytes, _position: int) -> Sighting:
    return Sighting(wanted=True)


def items(content: bytes) -> list[Item]:
    return list(MboxStream(io.BytesIO(content), everything))


def raws(content: bytes) -> list[bytes]:
    return [item.raw or b"" for item in items(content)]


def test_every_message_comes_out_as_it_went_in() -> None:
    mails = [mail(n, body="Hello\n\nFrom here on\nFrom a Mon to a Tue\n") for n in range(5)]

    assert raws(mbox(*mails)) == mails


def test_crlf_files_are_cut_too() -> None:
    mails = [mail(n).replace(b"\n", b"\r\n") for n in range(3)]
    content = b"".join(b"From a@b Mon Mar  2 09:00:00 2026\r\n" + m + b"\r\n" for m in mails)

    assert raws(content) == mails


@pytest.mark.parametrize(
    "line",
    [
        b"From x@example.org Mon Mar  2 09:00:00 2026",
        b"From 1545668983435175434@xxx Mon Mar 02 09:00:00 +0000 2026",
        b"From - Mon Mar  2 09:00:00 2026",
        b"From MAILER-DAEMON Mon Mar  2 09:00:00 2026",
        b"From x at example.org  Mon Mar  2 09:00:00 2026",
        b'From "A B"@example.org Mon, 2 Mar 2026 09:00:00 +0000',
        b"From x@example.org Mon Mar  2 09:00 GMT 2026",
        b"From x@example.org",
        b"From ",
        b"From -",
    ],
)
def test_the_separators_of_many_programs_are_known(line: bytes) -> None:
    mails = [mail(1), mail(2)]

    assert raws(mbox(*mails, line=line)) == mails
    assert is_mbox(mbox(*mails, line=line))


@pytest.mark.parametrize(
    "body",
    [
        b"\nFrom the desk of Jane\nDear: Parent\n",
        b"\nFrom what I know: nothing\nx: y\n",
        b"\nFrom 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: a\n",
        b"\nFrom x@example.org Mon Mar  2 09:00:00 2026\n\nno header follows\n",
    ],
)
def test_a_letter_that_says_from_is_not_cut(body: bytes) -> None:
    content = b"From x@example.org Mon Mar  2 09:00:00 2026\n" + mail(1) + body

    assert len(items(content)) == 1


def test_messages_without_a_blank_line_between_are_told_apart() -> None:
    line = b"From x@example.org Mon Mar  2 09:00:00 2026\n"

    assert raws(line + mail(1) + line + mail(2)) == [mail(1), mail(2)]


def test_content_length_is_not_trusted() -> None:
    mails = [mail(n, extra="Content-Length: 999999\n") for n in range(3)]

    assert raws(mbox(*mails)) == mails


@settings(deadline=None, max_examples=60)
@given(
    sizes=st.lists(st.integers(0, 30_000), min_size=1, max_size=6), chunk=st.integers(2_100, 9_000)
)
def test_the_size_of_the_window_changes_nothing(sizes: list[int], chunk: int) -> None:
    mails = [mail(n, body="word of a letter\n" * (size // 17)) for n, size in enumerate(sizes)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CHUNK", chunk)
        found = items(mbox(*mails))

    assert [item.raw for item in found] == mails
    assert [item.position for item in found] == list(range(1, len(mails) + 1))


def test_a_very_long_message_is_read_to_a_bound_and_its_size_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_READ", 100_000)
    long = mail(1, body="word of a letter\n" * 500_000)

    first, second = items(mbox(long, mail(2)))

    assert first.raw == long[:100_000]
    assert first.size >= len(long)
    assert second.raw == mail(2)


def test_what_stands_before_the_first_message_is_counted() -> None:
    stream = MboxStream(io.BytesIO(b"half a letter\n\n" + mbox(mail(1))), everything)

    assert [item.raw for item in stream] == [mail(1)]
    assert stream.stray == len(b"half a letter")


@settings(deadline=2_000)
@given(st.binary(max_size=4_000))
def test_no_bytes_break_the_stream_or_get_lost(content: bytes) -> None:
    stream = MboxStream(io.BytesIO(content), everything)
    found = list(stream)

    assert sum(item.size for item in found) + stream.stray <= len(content)
    assert found or stream.stray == len(content.strip())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"From a@b Mon Mar  2 09:00:00 2026", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        (b"From 1@xxx Mon Mar 02 09:00:00 +0100 2026", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        (b"From a@b Mon, 2 Mar 2026 09:00:00 -0100", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        (b"From a@b Mon Feb 31 09:00:00 2026", None),
        (b"From a@b Mon Mar  2 09:00:00", None),
        (b"From -", None),
    ],
)
def test_the_separator_s_date_is_read(line: bytes, expected: datetime | None) -> None:
    assert date_of(line) == expected


def test_only_a_mail_system_s_separator_is_trusted() -> None:
    assert is_trustworthy(b"From a@b Mon Mar  2 09:00:00 2026")
    assert not is_trustworthy(b"From - Mon Mar  2 09:00:00 2026")
    assert not is_trustworthy(b"From MAILER-DAEMON Mon Mar  2 09:00:00 2026")
    assert not is_trustworthy(b"From ")
