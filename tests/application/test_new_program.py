"""Judgements of another state of the code are made anew, and only those."""

from __future__ import annotations

from dataclasses import replace

from inboxwatch.domain.keys import keys
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import Entry
from tests.builders import WATCH, from_council, from_us, moment
from tests.household import PERSON, Household


def kind_of(home: Household, message: Entry) -> Kind:
    with home.store.transaction(read_only=True) as tx:
        (entry,) = tx.entries(PERSON, [message.message_id])
    return entry.classification.kind


def test_what_older_code_judged_is_judged_again() -> None:
    home = Household(program="older").at("2026-03-10 09:00")
    question = from_us(moment("2026-03-02 10:00"))
    answer = from_council(moment("2026-03-04 11:00"), to=question)
    home.receive(question, answer)
    home.review()
    judged = kind_of(home, answer)
    assert judged is Kind.HUMAN
    with home.store.transaction() as tx:  # as if the older code had taken it for a machine's
        (entry,) = tx.entries(PERSON, [answer.message_id])
        wrong = replace(
            entry, classification=replace(entry.classification, kind=Kind.ACKNOWLEDGEMENT)
        )
        tx.judge_entries(PERSON, [(wrong, keys(wrong, WATCH))])

    home.review()
    assert kind_of(home, answer) is Kind.ACKNOWLEDGEMENT

    home.program = "newer"
    home.review()
    assert kind_of(home, answer) is Kind.HUMAN
