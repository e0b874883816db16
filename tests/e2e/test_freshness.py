"""The minute's review is skipped while nothing can have changed, and never when something has."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from inboxwatch.bootstrap import App, open_app
from tests.e2e.household import ANY_TIME, Household


class Later(App):
    """The program some days later."""

    days: int = 0

    def now(self) -> datetime:
        return super().now() + timedelta(days=self.days)


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
