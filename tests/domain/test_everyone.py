"""Threads of mail in which no side is ours."""

from dataclasses import replace
from typing import Any

from inboxwatch.domain.everyone import assemble_all
from inboxwatch.domain.threads import Entry, LinkKind, Thread
from tests.builders import from_council

LIST = "list@lists.example"


def mail(at: str, name: str, **changes: Any) -> Entry:
    given: dict[str, Any] = {
        "receivers": LIST,
        "sender": f"{name[0]}@people.example",
        "subject": "The fox",
    }
    return from_council(at, message_id=f"{name}@people.example", **(given | changes))


def ids(threads: tuple[Thread, ...]) -> list[list[str]]:
    return [[p.entry.message_id.partition("@")[0] for p in t.placed] for t in threads]


def test_ids_join_also_through_mail_that_is_not_there() -> None:
    one = mail("2026-03-02 09:00", "a", references=("gone@x.example",))
    two = mail("2026-03-02 10:00", "b", subject="Re: The dog", references=("gone@x.example",))

    assert ids(assemble_all((two, one))) == [["a", "b"]]


def test_an_answer_without_headers_joins_the_one_thread_of_its_subject() -> None:
    first = mail("2026-03-02 09:00", "a")
    answer = mail("2026-03-02 10:00", "b", subject="[Ref: 100064] Re: The fox")

    (thread,) = assemble_all((first, answer))

    assert thread.placed[1].link.kind is LinkKind.SUBJECT


def test_new_mail_under_an_old_subject_begins_a_thread() -> None:
    assert len(assemble_all((mail("2026-03-02 09:00", "a"), mail("2026-03-03 09:00", "b")))) == 2


def test_an_answer_that_fits_two_threads_joins_the_one_it_quotes_or_none() -> None:
    words = "The quick brown fox jumps over the lazy dog again."
    one = mail("2026-03-02 09:00", "a", own_text=words)
    two = mail("2026-03-03 09:00", "b")
    lost = mail("2026-03-04 09:00", "c", subject="Re: The fox")
    found = replace(lost, message=replace(lost.message, quoted_text=f"> {words}"))

    assert ids(assemble_all((one, two, lost))) == [["a"], ["b"], ["c"]]
    assert ids(assemble_all((one, two, found))) == [["a", "c"], ["b"]]


def test_an_answer_long_after_or_among_other_people_stands_alone() -> None:
    first = mail("2026-03-02 09:00", "a")
    late = mail("2026-09-02 10:00", "b", subject="Re: The fox")
    strangers = mail("2026-03-02 11:00", "c", subject="Re: The fox", receivers="other@x.example")

    assert len(assemble_all((first, late, strangers))) == 3


def test_a_fallback_attaches_one_message_and_merges_no_two_threads() -> None:
    first = mail("2026-03-02 09:00", "a")
    other = mail("2026-03-02 10:00", "b", subject="Re: The fox")
    answer = mail("2026-03-02 11:00", "c", subject="Re: The fox", in_reply_to=other.message_id)

    assert ids(assemble_all((first, other, answer))) == [["a"], ["b", "c"]]


def test_mail_without_subject_or_sender_breaks_nothing() -> None:
    bare = mail("2026-03-02 09:00", "a", subject="")
    answer = mail("2026-03-02 10:00", "b", subject="Re:")
    answer = replace(answer, message=replace(answer.message, sender=None))

    assert len(assemble_all((bare, answer))) == 2
