"""Why a message may or may not answer, in words for whoever has to look at it."""

from inboxwatch.domain.doubts import doubt
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.verdict import Status
from tests.builders import from_council, from_us, judged


def test_a_message_without_a_date_may_answer_what_it_names_and_nothing_later() -> None:
    """It stands just after the question that it names; who knows when it really came?"""
    asked = from_us("2026-03-02 09:00")
    undated = from_council("2026-03-02 09:00", to=asked, kind=Kind.UNSURE, is_undated=True)

    found = judged(asked, undated)

    assert found.status is Status.REVIEW
    assert found.wait is not None
    (possible,) = found.wait.possible
    assert doubt(possible) == "a message without a date, which may be the answer"

    answer = from_council("2026-03-04 09:00", to=asked)
    again = from_us("2026-03-06 09:00", references=(asked.message_id, answer.message_id))
    later = judged(asked, undated, answer, again)
    assert later.status is Status.OVERDUE
    assert later.wait is not None
    assert later.wait.unanswered == again.message
