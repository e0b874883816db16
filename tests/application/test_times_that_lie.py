"""A message that claims to be older than what it answers is judged once the talk has begun."""

from __future__ import annotations

from inboxwatch.domain.verdict import Status
from tests.builders import from_us, moment
from tests.household import PERSON, Household


def statuses(home: Household) -> dict[str, Status]:
    with home.store.transaction(read_only=True) as tx:
        return {one: kept.status for kept in tx.pages(PERSON) for one in kept.page.ids}


def unsent(home: Household) -> set[str]:
    with home.store.transaction(read_only=True) as tx:
        return {d.state.value for d in tx.deliveries(PERSON)}


def test_it_is_overdue_as_soon_as_its_talk_has_begun() -> None:
    home = Household().at("2026-03-02 09:00")
    old = from_us(
        moment("2026-02-09 13:00"), in_reply_to=("first@example.org",),
        references=("first@example.org",),
    )  # fmt: skip
    home.receive(old)
    home.review()
    assert statuses(home) == {old.message_id: Status.OVERDUE}
    assert unsent(home) == {"pending"}

    first = from_us(home.now, message_id="first@example.org", to="complaints@kent.gov.uk")
    home.receive(first)
    home.review()
    assert statuses(home) == {old.message_id: Status.WAITING, first.message_id: Status.WAITING}
    assert unsent(home) == {"failed"}  # taken back: its talk is yet to begin

    home.at("2026-03-02 09:01").review()
    assert statuses(home) == {old.message_id: Status.OVERDUE, first.message_id: Status.WAITING}
