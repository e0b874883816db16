"""A correction reaches the same text at the next review, though nothing else of it changed."""

from __future__ import annotations

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import Entry
from tests.builders import from_council, from_us, moment, said
from tests.household import PERSON, Household

TEXT = "Your case has been noted by us and somebody will look at what you have asked about it."


def kinds(home: Household, *entries: Entry) -> list[Kind]:
    with home.store.transaction(read_only=True) as tx:
        known = {e.message_id: e for e in tx.entries(PERSON, [e.message_id for e in entries])}
    return [known[entry.message_id].classification.kind for entry in entries]


def test_what_one_message_is_said_to_be_its_like_becomes_and_back() -> None:
    home = Household().at("2026-03-10 09:00")
    first, second = (from_us(moment(f"2026-03-0{day} 10:00")) for day in (2, 4))
    answers = [
        from_council(moment(f"2026-03-0{day} 11:00"), to=asked, own_text=TEXT)
        for day, asked in ((3, first), (5, second))
    ]
    home.receive(first, second, *answers)
    home.review()
    before = kinds(home, *answers)

    home.decide(said(Verb.CLASSIFY, answers[0].message_id, Kind.BULK.value))
    home.review()
    assert kinds(home, *answers) == [Kind.BULK, Kind.BULK]

    with home.store.transaction() as tx:
        tx.undo_override(PERSON, tx.overrides(PERSON)[-1].id, home.now)
    home.review()
    assert kinds(home, *answers) == before
    assert Kind.BULK not in before
