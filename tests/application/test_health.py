"""How the watching itself does: stalled polls and failing folders are told, mail never is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from inboxwatch.application.health import AccountHealth, account_health, health_json, notices
from inboxwatch.application.records import FolderState, PollRecord
from inboxwatch.application.standing import standing_of
from inboxwatch.domain.message import FolderRole
from tests.fakes_store import FakeStore

NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
POLL = PollRecord(
    account="home", person="me", started_at=NOW - DAY / 2, ended_at=NOW - DAY / 2, complete=True
)
BROKEN = FolderState(
    account="home",
    folder="Archive",
    role=FolderRole.ARCHIVE,
    failing_since=NOW - 4 * DAY,
    problem="refused",
)


def health(*polls: PollRecord, folders: tuple[FolderState, ...] = ()) -> AccountHealth:
    store = FakeStore()
    with store.transaction() as tx:
        for poll in polls:
            tx.save_poll(poll)
        for folder in folders:
            tx.save_folder_state(folder)
        return account_health(
            standing_of(tx, "home"),
            "home",
            "me",
            now=NOW,
            stalled_after=DAY,
            started_at=NOW - 2 * DAY,
        )


def test_a_fresh_complete_poll_is_well() -> None:
    found = health(POLL)
    assert found.is_well
    assert notices((found,)) == ()
    assert health_json((found,), now=NOW, version="1", pending=0)["status"] == "ok"


def test_without_a_complete_poll_for_too_long_it_says_since_when_and_why() -> None:
    old = replace(POLL, started_at=NOW - 3 * DAY, ended_at=NOW - 3 * DAY)
    failed = replace(POLL, complete=False, problem="the password was refused")
    found = health(old, failed)
    assert found.stalled_since == NOW - 3 * DAY
    (line,) = notices((found,))
    assert "the password was refused" in line
    assert "7 June 2026" in line
    told = health_json((found,), now=NOW, version="1", pending=2)
    assert told["status"] == "degraded"
    assert told["pending_deliveries"] == 2


def test_an_account_never_polled_counts_from_the_first_run() -> None:
    found = health()
    assert found.stalled_since == NOW - 2 * DAY
    assert "has not been read completely" in notices((found,))[0]


def test_a_folder_that_fails_for_three_days_is_named_unless_it_is_excluded() -> None:
    found = health(POLL, folders=(BROKEN,))
    assert not found.is_well
    assert "'Archive'" in notices((found,))[0]
    assert "exclude_folders" in notices((found,))[0]
    assert health(POLL, folders=(replace(BROKEN, excluded=True),)).is_well
    assert health(POLL, folders=(replace(BROKEN, failing_since=NOW - DAY),)).is_well


def test_folders_that_hide_or_miss_mail_are_named_and_the_watch_is_well() -> None:
    read = replace(BROKEN, failing_since=None, problem="")
    found = health(
        POLL,
        folders=(
            replace(read, folder="School", search_lied_at=NOW - 9 * DAY),
            replace(read, folder="All Mail", view_limited=True),
            read,
        ),
    )

    (said,) = health_json((found,), now=NOW, version="1", pending=0)["accounts"]

    assert said["folders_searched_in_vain"] == ["School"]
    assert said["folders_shown_in_part"] == ["All Mail"]
    assert found.is_well
