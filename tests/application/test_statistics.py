"""Statistics: what counts as sent, answered, silent; and what stands apart."""

import json
from dataclasses import replace

from inboxwatch.application.picture import Picture
from inboxwatch.application.statistics import Outcome, Statistics, statistics, statistics_json
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.survival import Spell
from inboxwatch.domain.threads import Assembly
from inboxwatch.domain.verdict import Verdict
from tests.builders import (
    CALENDARS,
    a_bounce,
    decided,
    from_council,
    from_us,
    judged,
    moment,
    said,
)
from tests.demo_mail import demo_picture, demo_yardstick

ENGLAND = CALENDARS["england-and-wales"]


def of(*verdicts: Verdict) -> Statistics:
    picture = Picture(
        as_of=moment("2026-06-01 09:00"),
        threshold="10 working days",
        calendar="england-and-wales",
        verdicts=verdicts,
        assembly=Assembly(threads=tuple(v.thread for v in verdicts)),
    )
    return statistics(picture, ENGLAND)


def test_each_question_of_a_thread_counts_once_and_a_chaser_never() -> None:
    first = from_us("2026-03-02 09:00")
    chaser = from_us("2026-03-05 09:00", references=(first.message_id,))
    reply = from_council("2026-03-09 09:00", to=chaser)
    again = from_us("2026-03-16 09:00", references=(first.message_id, reply.message_id))
    found = of(judged(first, chaser, reply, again))
    assert (found.whole.sent, found.whole.answered, found.whole.no_reply) == (2, 1, 1)
    assert found.whole.chasers == 1
    assert [a.spell for a in found.asked] == [
        Spell(days=5, answered=True),
        Spell(days=51, answered=False),
    ]
    assert found.whole.longest_days == 51
    assert found.whole.median_days == 5


def test_an_acknowledgement_is_counted_apart_from_an_answer() -> None:
    asked = from_us("2026-03-02 09:00")
    ack = from_council("2026-03-02 09:01", Kind.ACKNOWLEDGEMENT, to=asked)
    whole = of(judged(asked, ack)).whole
    assert (whole.sent, whole.acknowledged, whole.answered, whole.no_reply) == (1, 1, 0, 1)


def test_what_did_not_arrive_was_not_sent_to_anyone() -> None:
    asked = from_us("2026-03-02 09:00")
    found = of(judged(asked, a_bounce("2026-03-02 09:01", asked)))
    assert (found.whole.sent, found.whole.undelivered) == (0, 1)
    assert found.asked[0].outcome is Outcome.UNDELIVERED
    assert found.asked[0].spell is None
    assert found.whole.longest_days is None


def test_what_may_be_a_reply_is_neither_answered_nor_silent() -> None:
    asked = from_us("2026-03-02 09:00")
    invited = from_council("2026-03-09 09:00", Kind.CALENDAR, to=asked)
    found = of(judged(asked, invited))
    assert (found.whole.answered, found.whole.no_reply, found.whole.unsettled) == (0, 0, 1)
    assert found.asked[0].spell == Spell(days=5, answered=False)


def test_what_the_user_closed_is_known_until_then_and_never_past_as_of() -> None:
    asked = from_us("2026-03-02 09:00")
    for at, days in (("2026-03-09 12:00", 5), ("2026-08-01 12:00", 61)):
        mark = said(Verb.MARK, asked, "no-reply-needed", at=at)
        found = of(judged(asked, decisions=decided(mark)))
        assert found.asked[0].outcome is Outcome.UNSETTLED
        assert found.asked[0].spell == Spell(days=days, answered=False)


def test_an_earlier_question_closed_by_hand_stays_closed() -> None:
    asked = from_us("2026-03-02 09:00")
    again = from_us("2026-04-07 09:00", references=(asked.message_id,))
    mark = said(Verb.MARK, asked, "answered", at="2026-03-09 12:00")
    verdict = judged(asked, again, decisions=decided(mark))
    found = of(replace(verdict, waits=verdict.waits))
    assert [a.outcome for a in found.asked] == [Outcome.UNSETTLED, Outcome.NO_REPLY]


def test_groups_are_named_and_add_up() -> None:
    picture = demo_picture()
    found = statistics(picture, demo_yardstick().calendars["england-and-wales"])
    for groups in (found.bodies, found.council_mailboxes, found.months):
        assert sum(g.figures.sent for g in groups) == found.whole.sent
        assert sum(g.figures.answered for g in groups) == found.whole.answered
        names = [(g.body, g.name) for g in groups]
        assert names == sorted(set(names))
    assert found.whole.longest_days == 61
    assert [g.name for g in found.months if g.body == "kent.gov.uk"][:2] == ["2026-02", "2026-03"]
    value = json.loads(json.dumps(statistics_json(found)))
    assert value["all"]["sent"] == found.whole.sent
    assert value["council_mailboxes"][0]["council_mailbox"] == "complaints@kent.gov.uk"
    assert value["months"][0]["month"] == "2026-02"
    assert "undelivered" in value["bodies"][0]


def test_no_mail_gives_no_figures() -> None:
    found = of()
    assert found.whole.sent == 0
    assert found.whole.median_days is None
    assert statistics_json(found)["bodies"] == []
