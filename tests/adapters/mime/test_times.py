"""Which of a message's times counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.mime.times import parse_date, settle
from inboxwatch.domain.message import FolderRole, Message, Unreadable
from tests.mime_corpus import NOW, a_reader, at, raw, read, read_raw, unreadable

DATES = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(["Mon, ", "", "Xyz, ", "Mon ", "mon, "]),
    st.sampled_from(["1", "01", "31", "30", "00", "5 "]),
    st.sampled_from([" Jan", " Feb", " Dec", " jan", "-Jan", " Mai"]),
    st.sampled_from([" 2026", " 1999", " 26", " 1850", " 0050"]),
    st.sampled_from([" 10:20:30", " 23:59:60", " 24:00:00", " 10:20", " 1:2:3"]),
    st.sampled_from([" +0000", " -0000", " +0130", " -1200", " +9999", " GMT", "", " BST"]),
    st.sampled_from(["", " (UTC)", " (Irish Time)", "\n", " ()"]),
)

ARRIVED = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def test_received_mail_counts_from_its_newest_received_header() -> None:
    assert read("date-missing-received-there").at == datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["date-in-2099-received-there", "date-lies-by-a-month"])
def test_a_date_that_lies_is_not_believed_but_kept_and_noted(name: str) -> None:
    message = read(name)

    assert message.at == ARRIVED
    assert message.date is not None
    assert message.date != ARRIVED
    assert any("its Date says" in defect for defect in message.defects)


@pytest.mark.parametrize("name", ["date-missing-altogether", "date-in-2099-alone", "date-rubbish"])
def test_without_any_believable_time_a_message_is_quarantined(name: str) -> None:
    assert unreadable(raw(name)).reason == "no believable date"


@pytest.mark.parametrize("name", ["date-missing-altogether", "date-in-2099-alone", "date-rubbish"])
def test_the_server_s_time_stands_in_for_a_date(name: str) -> None:
    message = read(name, received_at=ARRIVED)

    assert message.at == message.received_at == ARRIVED
    assert message.defects


def test_sent_mail_counts_from_its_date_and_received_mail_from_the_server_s_time() -> None:
    written = datetime(2026, 3, 3, 9, tzinfo=UTC)
    server = written + timedelta(hours=5)

    sent = read_raw(raw("plain-utf8-8bit"), role=FolderRole.SENT, received_at=server)
    received = read_raw(raw("plain-utf8-8bit"), role=FolderRole.INBOX, received_at=server)

    assert sent.at == written
    assert received.at == server


def test_a_writers_clock_that_is_ahead_of_the_servers_is_not_believed() -> None:
    """Else a reply of a person would seem to come at once, as a machine's does."""
    server = datetime(2026, 3, 3, 8, 56, tzinfo=UTC)

    assert read_raw(raw("plain-utf8-8bit"), role=FolderRole.SENT, received_at=server).at == server


def test_sent_mail_with_a_date_far_from_the_server_s_time_counts_from_the_latter() -> None:
    server = datetime(2026, 3, 20, tzinfo=UTC)

    assert read_raw(raw("plain-utf8-8bit"), role=FolderRole.SENT, received_at=server).at == server


def test_mail_imported_later_counts_from_when_it_arrived_first() -> None:
    content = b"Received: from a by b; Tue, 3 Mar 2026 09:00:30 +0000\n" + raw("plain-utf8-8bit")

    message = read_raw(content, received_at=datetime(2026, 5, 1, tzinfo=UTC))

    assert message.at == datetime(2026, 3, 3, 9, 0, 30, tzinfo=UTC)
    assert any("later import" in defect for defect in message.defects)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 3 Mar 2026 09:00:00 +0000", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("3 Mar 2026 09:00 GMT (UTC)", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("Tue, 03 Mar 2026 09:00:60 -0130", datetime(2026, 3, 3, 10, 30, 59, tzinfo=UTC)),
        ("Tue, 3 Mar 2026 09:00:00", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("31 Feb 2026 09:00 +0000", None),
        ("31 Dec 9999 23:00 -2300", None),
        ("Tue, 3 Mar 99999999999999999999 09:00:00 +0000", None),
        ("", None),
        ("soon", None),
    ],
)
def test_dates_are_read_as_written_or_not_at_all(text: str, expected: datetime | None) -> None:
    assert parse_date(text) == expected


@given(st.text(max_size=300))
def test_no_date_text_raises(text: str) -> None:
    found = parse_date(text)

    assert found is None or found.tzinfo is UTC


@given(
    received=st.lists(st.datetimes(timezones=st.just(UTC)), max_size=3),
    received_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    date=st.text(max_size=40),
    role=st.sampled_from(FolderRole),
)
def test_the_time_that_counts_is_never_in_the_future(
    received: list[datetime], received_at: datetime | None, date: str, role: FolderRole
) -> None:
    times = settle(date_header=date, received=received, received_at=received_at, role=role, now=NOW)

    assert times.at is None or times.at <= NOW + timedelta(days=2)


def test_a_message_of_1970_from_a_clock_that_never_ran_is_not_believed() -> None:
    content = raw("plain-utf8-8bit").replace(b"3 Mar 2026", b"1 Jan 1970")

    assert isinstance(a_reader().read(content, location=at()), Unreadable)
    assert isinstance(a_reader().read(content, location=at(), received_at=ARRIVED), Message)


def test_a_server_and_a_sender_who_agree_are_believed_against_our_own_clock() -> None:
    """A machine without a battery starts days or years behind; its mail must not be lost."""
    written = datetime(2026, 3, 4, 9, tzinfo=UTC)
    server = written + timedelta(minutes=2)

    def times(date: datetime, received_at: datetime | None, now: datetime) -> datetime | None:
        return settle(
            date_header=f"{date:%a, %d %b %Y %H:%M:%S} +0000",
            received=(),
            received_at=received_at,
            role=FolderRole.INBOX,
            now=now,
        ).at

    slow = datetime(2026, 2, 1, tzinfo=UTC)
    assert times(written, server, slow) == server
    assert times(written, server, datetime(2002, 1, 1, tzinfo=UTC)) == server
    assert times(written, None, slow) is None  # a Date alone may say anything
    assert times(written + timedelta(days=9), server, slow) is None  # they do not agree
    ancient = datetime(1971, 1, 1, tzinfo=UTC)
    assert times(ancient, ancient, slow) is None


@given(DATES)
def test_a_date_as_it_should_be_is_read_as_the_library_reads_it(text: str) -> None:
    found = parsedate_tz(text.replace("(UTC)", "").replace("(Irish Time)", "").replace("()", ""))
    expected = None
    if found is not None:
        year, month, day, hour, minute, second = found[:6]
        try:
            local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            expected = local - timedelta(seconds=found[9] or 0)
        except (ValueError, OverflowError):
            expected = None

    assert parse_date(text) == expected
