"""The minute's review is skipped while nothing can have changed, and never when something has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from inboxwatch.application.ports import Store
from inboxwatch.application.records import PollRecord
from inboxwatch.bootstrap import App, open_app
from inboxwatch.domain.london import LONDON
from tests.e2e.household import ANY_TIME, Household

NOON = datetime.now(UTC).replace(hour=12) + timedelta(days=1)
MIDNIGHT = datetime(NOON.year, NOON.month, NOON.day, tzinfo=LONDON).astimezone(UTC)


class Later(App):
    """The program some days later."""

    days: int = 0
    fixed: datetime | None = None

    def now(self) -> datetime:
        return (self.fixed or super().now()) + timedelta(days=self.days)


@pytest.fixture
def app(household: Household) -> Iterator[Later]:
    """A parent with one open question, asked today; polled and reviewed until all is quiet."""
    household.configure(*ANY_TIME, "[email]", 'to = ["parent@example.org"]', 'host = "localhost"')
    household.asks("When is the review?", days=0.01, message_id="q1@example.org")
    opened = open_app(household.config, migrate=True)
    later = Later(settings=opened.settings, config=opened.config, store=opened.store)
    later.poll("home")
    assert later.review_if_changed("me") is not None
    later.review_if_changed("me")
    yield later
    later.close()


def test_a_quiet_account_costs_no_review(app: Later) -> None:
    assert app.review_if_changed("me") is None
    app.poll("home")
    assert not app.review_is_due("me")
    assert app.people_due() == ()
    assert app.review_if_changed("me") is None


def test_after_a_poll_nothing_is_even_looked_at_while_nothing_was_written(app: Later) -> None:
    assert app.review_after_poll("me") is None
    app.record.notes_may_wait = True
    app.poll("home")
    with no_transactions(app.store):
        polled = app.poll("home")
        assert app.review_after_poll("me") is None
        assert app.review_after_poll("me", polled) is None


def test_what_was_written_during_a_poll_without_news_is_seen_at_the_minutes_look(
    app: Later, household: Household
) -> None:
    app.record.notes_may_wait = True
    assert app.review_after_poll("me", app.poll("home")) is None
    polled = app.poll("home")
    (thread,) = household.threads()
    household.must("mark", thread["id"], "no-reply-needed")
    assert app.review_after_poll("me", polled) is None
    assert app.people_due() == ("me",)


def test_after_a_poll_what_another_program_wrote_and_a_new_day_are_seen(
    app: Later, household: Household
) -> None:
    assert app.review_after_poll("me") is None
    (thread,) = household.threads()
    household.must("mark", thread["id"], "no-reply-needed")
    assert app.review_after_poll("me") is not None
    assert app.review_after_poll("me") is None

    app.days = 1
    assert app.review_after_poll("me") is not None


def test_after_a_poll_with_news_it_is_reviewed(app: Later, household: Household) -> None:
    assert app.review_after_poll("me") is None
    household.asks("Who has my file?", days=0.01, message_id="q2@example.org")
    done = app.review_after_poll("me", app.poll("home"))
    assert done is not None
    assert done.threads == 1


def test_what_another_program_polled_meanwhile_is_not_read_again(
    app: Later, household: Household
) -> None:
    """What was read of the store before holds only as long as nobody wrote."""
    app.poll("home")
    household.asks("Who has my file?", days=0.01, message_id="q2@example.org")
    household.must("poll")
    polled = app.poll("home")
    assert (polled.new, polled.record.scanned) == (0, 0)


def test_polls_without_news_are_known_to_others_when_they_are_flushed(app: Later) -> None:
    app.record.notes_may_wait = True
    known = last_poll(app)
    polled = app.poll("home")
    assert last_poll(app) == known
    app.record.flush()
    assert last_poll(app) == polled.record


def test_a_review_and_the_end_of_the_program_leave_no_poll_unknown(
    app: Later, household: Household
) -> None:
    app.record.notes_may_wait = True
    polled = app.poll("home")
    app.review("me")
    assert last_poll(app) == polled.record

    polled = app.poll("home")
    app.close()
    again = open_app(household.config)
    assert last_poll(again) == polled.record
    again.close()


def last_poll(app: App) -> PollRecord | None:
    with app.store.transaction(read_only=True) as tx:
        return tx.last_poll("home")


@contextmanager
def no_transactions(store: Store) -> Iterator[None]:
    """Fail when the store is read or written inside, but for its version."""

    def refused(_engine: object, *_rest: object) -> None:
        raise AssertionError("a transaction was begun")

    engine = store._engine  # type: ignore[attr-defined]
    event.listen(engine, "begin", refused)
    try:
        yield
    finally:
        event.remove(engine, "begin", refused)


def quiet_at(app: Later, moment: datetime) -> None:
    """Let it be that moment, with a poll and a review just over and notes that wait."""
    app.fixed = moment
    app.record.notes_may_wait = True
    app.poll("home")
    app.record.flush()
    while app.review_if_changed("me") is not None:
        pass


def test_the_minutes_look_reads_nothing_while_nothing_was_written(app: Later) -> None:
    quiet_at(app, NOON)
    app.health()
    for minute in range(1, 5):
        app.fixed = NOON + timedelta(minutes=minute)
        app.poll("home")
        app.record.flush()
        with no_transactions(app.store):
            assert app.people_due() == ()
            ((health,), _pending) = app.health()
        assert health.last_complete_at == app.fixed


def test_the_minutes_look_sees_a_new_day_and_the_first_poll_of_it(app: Later) -> None:
    quiet_at(app, MIDNIGHT - timedelta(minutes=2))
    app.fixed = MIDNIGHT - timedelta(minutes=1)
    assert app.people_due() == ()

    app.fixed = MIDNIGHT + timedelta(minutes=1)
    assert app.people_due() == ("me",)
    app.review_if_changed("me")
    app.review_if_changed("me")
    assert app.people_due() == ()  # of a day of which no poll is known yet

    app.poll("home")
    app.record.flush()
    assert app.people_due() == ("me",)


def test_the_minutes_look_sees_when_the_time_of_a_message_has_come(app: Later) -> None:
    """Mail may be dated later than the poll that found it ended: a server's clock is ahead."""
    its_time = NOON + timedelta(hours=1)
    with app.store.transaction() as tx:
        (asked,) = tx.entries("me")
        later = replace(asked.message, message_id="q2@example.org", at=its_time, locations=())
        tx.save_entry("me", replace(asked, message=later), frozenset())
    quiet_at(app, NOON)
    app.fixed = its_time - timedelta(minutes=5)
    app.poll("home")
    app.record.flush()
    assert app.people_due() == ()

    app.fixed = its_time + timedelta(minutes=5)
    app.poll("home")
    app.record.flush()
    assert app.people_due() == ("me",)


def test_the_minutes_look_sees_an_account_that_stalls(app: Later) -> None:
    service = app.settings.service.model_copy(update={"stalled_after_hours": 2})
    app.settings = app.settings.model_copy(update={"service": service})
    quiet_at(app, NOON)
    app.fixed = NOON + timedelta(hours=2)
    assert app.people_due() == ()
    app.fixed = NOON + timedelta(hours=2, seconds=1)
    assert app.people_due() == ("me",)
    app.review_if_changed("me")
    app.review_if_changed("me")
    assert app.people_due() == ()

    app.poll("home")  # it is well again
    app.record.flush()
    assert app.people_due() == ("me",)


def test_the_minutes_look_sees_what_another_program_wrote(app: Later, household: Household) -> None:
    quiet_at(app, NOON)
    assert app.people_due() == ()
    (thread,) = household.threads()
    household.must("mark", thread["id"], "no-reply-needed")
    assert app.people_due() == ("me",)


def test_new_mail_is_reviewed(app: Later, household: Household) -> None:
    household.asks("Who has my file?", days=0.01, message_id="q2@example.org")
    assert not app.review_is_due("me")
    app.poll("home")
    assert app.people_due() == ("me",)
    done = app.review_if_changed("me")
    assert done is not None
    assert done.threads == 1  # the new one alone


def test_a_decision_made_elsewhere_is_reviewed(app: Later, household: Household) -> None:
    (thread,) = household.threads()
    household.must("mark", thread["id"], "no-reply-needed")
    assert app.review_if_changed("me") is not None
    household.must("undo")
    assert app.review_is_due("me")


def test_other_settings_are_reviewed(app: Later, household: Household) -> None:
    text = household.config.read_text().replace('after = "10wd"', 'after = "11wd"')
    household.config.write_text(text)
    other = open_app(household.config)
    assert other.review_is_due("me")
    other.close()


def test_what_turns_overdue_is_filed_on_its_day_and_not_before(app: Later) -> None:
    filed: dict[int, int] = {}
    for day in range(1, 31):
        app.days = day
        assert app.review_is_due("me")  # a new local day
        app.poll("home")
        done = app.review_if_changed("me")
        assert done is not None
        filed[day] = len(done.filed)
        app.review_if_changed("me")
        assert app.review_if_changed("me") is None
    (first,) = [day for day, count in filed.items() if count][:1]
    (verdict,) = app.picture("me").verdicts
    assert verdict.due_on is not None
    asked_on = verdict.as_of.date() - timedelta(days=30)
    assert first == (verdict.due_on - asked_on).days + 1


def test_a_stalled_account_is_told_without_any_news(app: Later) -> None:
    app.days = 2  # no poll since
    assert app.review_if_changed("me") is not None
    with app.store.transaction(read_only=True) as tx:
        assert [d.type for d in tx.deliveries("me")] == ["health"]
