"""Corrections, as a user makes them: each is remembered, holds for the next mail, and is shown."""

from __future__ import annotations

from tests.e2e.household import Household

FIRST, SECOND = "asked-1@example.org", "asked-2@example.org"
CANNED = (
    "Dear parent,\n\nI read every message myself and I will see to it that yours finds its way to"
    " the right desk in our building.\n\nRuth Amory"
)


def _statuses(household: Household) -> dict[str, str]:
    return {
        t["unanswered"]["message_id"]: t["status"] for t in household.threads() if t["unanswered"]
    }


def _thread_of(household: Household, message_id: str) -> str:
    found = [
        str(thread["id"])
        for thread in household.threads()
        if any(message["message_id"] == message_id for message in thread["messages"])
    ]
    return found[0]


def test_a_kind_corrected_once_holds_for_the_same_words_next_time(household: Household) -> None:
    household.asks("Speech therapy hours", days=60, message_id=FIRST)
    household.hears(
        "RE: Speech therapy hours",
        CANNED,
        days=59,
        message_id="canned-1@kent.gov.uk",
        answers=FIRST,
    )
    household.must("poll")
    assert [t["status"] for t in household.threads()] == ["answered"]

    told = household.must("classify-as", "canned-1@kent.gov.uk", "acknowledgement")
    assert "'Speech therapy hours' now: past its day: no human reply" in told

    assert _statuses(household) == {FIRST: "overdue"}
    explained = household.must("explain", _thread_of(household, FIRST))
    assert "acknowledgement (your word)" in explained
    assert "you said that it is acknowledgement" in explained

    household.asks("Transport to school", days=40, message_id=SECOND)
    household.hears(
        "RE: Transport to school",
        CANNED,
        days=38,
        message_id="canned-2@kent.gov.uk",
        answers=SECOND,
    )
    household.must("poll")

    assert _statuses(household) == {FIRST: "overdue", SECOND: "overdue"}
    taught = household.must("explain", _thread_of(household, SECOND))
    assert "a person said so about the same words from this sender" in taught

    household.must("undo")
    assert {t["status"] for t in household.threads()} == {"answered"}


def test_an_address_confirmed_once_belongs_to_the_body_from_then_on(household: Household) -> None:
    household.asks("Speech therapy hours", days=60, message_id=FIRST)
    outside = "casework@outsourced-send.example"
    household.hears(
        "RE: Speech therapy hours",
        "Dear parent,\n\nthe hours stay as they are until July, see page nine.\n\nJane Doe",
        days=50,
        message_id="outside-1@outsourced-send.example",
        answers=FIRST,
        sender=outside,
    )
    household.must("poll")
    thread = _thread_of(household, FIRST)
    household.must("link", "outside-1@outsourced-send.example", thread)
    assert "What you said" in household.must("explain", thread)

    household.asks("Transport to school", days=40, message_id=SECOND)
    household.hears(
        "RE: Transport to school",
        "Dear parent,\n\nthe taxi will come on Monday at eight.\n\nJane Doe",
        days=30,
        message_id="outside-2@outsourced-send.example",
        sender=outside,
    )
    household.must("poll")

    assert {t["status"] for t in household.threads()} == {"answered"}

    household.must("unlink", "outside-2@outsourced-send.example")
    assert "overdue" in _statuses(household).values()
    assert "unlink <outside-2@outsourced-send.example>" in household.must("undo", "--list")
    household.must("undo")
    assert {t["status"] for t in household.threads()} == {"answered"}


def test_who_calls_a_holding_reply_human_learns_why_nothing_changed(household: Household) -> None:
    household.asks("Speech therapy hours", days=60, message_id=FIRST)
    household.hears(
        "RE: Speech therapy hours",
        "Dear parent, I have passed this on to my manager and will reply soon. Jane Doe",
        days=58,
        message_id="holding@kent.gov.uk",
        answers=FIRST,
    )
    household.must("poll")

    told = household.must("classify-as", "<holding@kent.gov.uk>", "human")

    thread = _thread_of(household, FIRST)
    assert "now: past its day" in told
    assert "It only says that somebody will answer." in told
    assert f"inboxwatch mark {thread} answered" in told
