"""The shapes that others script against."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.application.listing import (
    CSV_COLUMNS,
    csv_rows,
    iso,
    local_day,
    parse_as_of,
    picture_json,
)
from inboxwatch.application.picture import ORDER, chosen
from inboxwatch.domain.message import FolderRole, Location, Unreadable
from inboxwatch.domain.verdict import Status
from tests.demo_mail import AS_OF, demo_picture

THREAD_KEYS = {
    "id", "status", "body", "council_mailbox", "subject", "unanswered", "due_on", "clock", "case",
    "waiting_days", "waiting_working_days", "chasers", "last_chased_at", "acknowledged_at",
    "read_at", "promised_on", "holding_at", "deleted_at", "closed_at", "action", "answered_at",
    "undelivered_at", "reason", "messages",
}  # fmt: skip


def test_json_has_every_promised_name_and_is_plain_json() -> None:
    value = json.loads(json.dumps(picture_json(demo_picture())))
    assert {"as_of", "threshold", "calendar", "scanned", "threads"} <= value.keys()
    assert value["as_of"] == "2026-06-01T08:00:00+01:00"
    assert value["threshold"] == "10 working days"
    assert value["scanned"]["unreadable"] == 0
    assert len(value["threads"]) == 15
    for thread in value["threads"]:
        assert thread.keys() >= THREAD_KEYS
        assert thread["status"] in {s.value for s in Status}
        for message in thread["messages"]:
            assert message.keys() >= {
                "message_id", "at", "direction", "kind", "from", "subject", "folder", "link",
                "evidence",
            }  # fmt: skip
            assert message["direction"] in ("sent", "received")
            assert not message["message_id"].startswith("<")


def test_what_needs_the_reader_first_stands_first() -> None:
    picture = demo_picture()
    places = [ORDER.index(v.status) for v in picture.verdicts]
    assert places == sorted(places)
    assert picture.verdicts[0].status is Status.UNDELIVERED


def test_csv_rows_follow_the_columns() -> None:
    rows = csv_rows(demo_picture().verdicts)
    by_subject = {str(r[3]): dict(zip(CSV_COLUMNS, r, strict=True)) for r in rows}
    row = by_subject["Request for an EHC needs assessment - A.H."]
    assert row["status"] == "overdue"
    assert row["first_sent"] == date(2026, 3, 2)
    assert row["last_chased"] == date(2026, 4, 20)
    assert row["chasers"] == 2
    assert row["due_on"] == date(2026, 3, 16)
    assert row["acknowledged_on"] == date(2026, 3, 2)
    assert row["answered_on"] is None
    assert all(len(r) == len(CSV_COLUMNS) for r in rows)


def test_unplaced_and_unreadable_mail_is_listed_apart() -> None:
    from dataclasses import replace

    picture = replace(
        demo_picture(),
        unreadable=(
            Unreadable(
                location=Location(
                    account="home", folder="INBOX", role=FolderRole.INBOX, uidvalidity=1, uid=7
                ),
                reason="broken",
            ),
        ),
    )
    value = picture_json(picture)
    assert value["scanned"]["unreadable"] == 1
    assert value["unreadable"][0] == {
        "account": "home", "folder": "INBOX", "uid": 7, "reason": "broken",
    }  # fmt: skip
    assert len(value["unplaced"]) == len(picture.unplaced)


def test_a_picture_can_be_narrowed() -> None:
    picture = demo_picture()
    overdue = chosen(picture, statuses=frozenset({Status.OVERDUE}), body="medway.gov.uk")
    assert [v.thread.council_mailbox.address for v in overdue.verdicts] == [
        "admissions@medway.gov.uk"
    ]
    assert chosen(picture, case="nobody").verdicts == ()
    assert len(chosen(picture).verdicts) == len(picture.verdicts)


def test_a_bare_date_means_the_end_of_that_local_day() -> None:
    assert parse_as_of("2026-06-01") == datetime(2026, 6, 1, 22, 59, 59, tzinfo=UTC)
    assert parse_as_of("2026-06-01T09:00") == datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    assert parse_as_of("2026-06-01T09:00:00+00:00") == datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="Invalid isoformat"):
        parse_as_of("yesterday!")


@given(
    st.datetimes(
        timezones=st.just(UTC), min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)
    )
)
def test_times_are_written_with_their_local_offset(moment: datetime) -> None:
    written = iso(moment)
    assert written is not None
    assert datetime.fromisoformat(written) == moment.replace(microsecond=0)


def test_nothing_stays_nothing() -> None:
    assert iso(None) is None
    assert local_day(None) is None
    assert local_day(AS_OF) == date(2026, 6, 1)
