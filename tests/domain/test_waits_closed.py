"""What a person's word does to a wait."""

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import NONE, Decisions, Verb
from inboxwatch.domain.threads import Entry
from inboxwatch.domain.verdict import Wait
from inboxwatch.domain.waits import waits
from tests.builders import (
    a_thread,
    decided,
    from_council,
    from_us,
    moment,
    said,
)

ASKED = from_us("2026-03-02 09:00")


def waits_of(
    *entries: Entry, decisions: Decisions = NONE, as_of: str = "2026-09-01 09:00"
) -> tuple[Wait, ...]:
    return waits(a_thread(*entries, decisions=decisions), decisions, as_of=moment(as_of))


def the_wait(*entries: Entry, decisions: Decisions = NONE) -> Wait:
    (wait,) = waits_of(*entries, decisions=decisions)
    return wait


def test_a_persons_word_closes_a_wait_until_they_watch_it_again() -> None:
    closing = said(Verb.MARK, ASKED, "answered", note="by telephone", at="2026-03-10 09:00")

    wait = the_wait(ASKED, decisions=decided(closing))

    assert wait.closed_at == closing.at
    assert (wait.closed_as, wait.closed_note) == ("answered", "by telephone")
    assert the_wait(ASKED, decisions=decided(closing, said(Verb.MARK, ASKED, "watch"))).is_open


def test_a_message_after_the_closing_begins_a_new_wait() -> None:
    closing = said(Verb.MARK, ASKED, "answered", at="2026-03-10 09:00")
    before = from_us("2026-03-09 09:00", in_reply_to=ASKED.message_id)
    after = from_us("2026-03-12 09:00", in_reply_to=ASKED.message_id)

    first, second = waits_of(ASKED, before, after, decisions=decided(closing))

    assert first.closed_at == closing.at
    assert [m.message_id for m in first.chasers] == [before.message_id]
    assert second.unanswered == after.message


def test_after_stop_watching_nothing_begins_anew() -> None:
    closing = said(Verb.MARK, ASKED, "stop-watching", at="2026-03-10 09:00")
    after = from_us("2026-03-12 09:00", in_reply_to=ASKED.message_id)

    assert the_wait(ASKED, after, decisions=decided(closing)).closed_as == "stop-watching"


def test_to_watch_again_sets_aside_the_possible_answers_until_then() -> None:
    before = from_council("2026-03-05 09:00", Kind.UNSURE, to=ASKED)
    after = from_council("2026-03-15 09:00", Kind.UNSURE, to=ASKED)
    watch = said(Verb.MARK, ASKED, "watch", at="2026-03-10 09:00")

    wait = the_wait(ASKED, before, after, decisions=decided(watch))

    assert [p.entry for p in wait.possible] == [after]
