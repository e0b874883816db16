"""What every store promises of the pages of threads."""

from __future__ import annotations

from dataclasses import replace

from inboxwatch.application.ports import Transaction
from inboxwatch.application.records import ThreadPage
from inboxwatch.domain.keys import said_key
from inboxwatch.domain.pages import Page, Spell, case_mark, day_mark
from inboxwatch.domain.threads import Direction
from inboxwatch.domain.verdict import Status
from tests.builders_store import COUNCIL, a_placement, an_entry, at

BODY = "kent.gov.uk"


def a_page(thread_id: str, begun: int = 0, ended: int = 60, body: str = BODY) -> Page:
    spell = Spell(begun=at(begun), ended=at(ended), names=(" annual review ",), days=("2 march",))
    return Page(
        thread_id=thread_id,
        body=body,
        ids=(f"{thread_id}@x",),
        writers=(COUNCIL,),
        references=("kcc-12345",),
        spells=(spell,),
    )


def kept(page: Page, status: Status = Status.WAITING) -> ThreadPage:
    return ThreadPage(page=page, status=status)


def test_pages_are_replaced_counted_and_dropped(tx: Transaction) -> None:
    first, second = a_page("t1"), a_page("t2", 30)
    tx.save_pages("anna", [kept(first), kept(second, Status.REVIEW)])
    tx.save_pages("bob", [kept(first, Status.REVIEW)])
    assert set(tx.pages("anna")) == {kept(first), kept(second, Status.REVIEW)}
    assert tx.pages("anna", ["t1", "t9"]) == (kept(first),)
    tx.save_pages("anna", [kept(second, Status.OVERDUE)])
    tx.drop_pages("anna", ["t1", "t9"])
    assert tx.pages("anna") == (kept(second, Status.OVERDUE),)
    assert tx.pages("bob") == (kept(first, Status.REVIEW),)


def test_pages_are_found_by_the_time_they_were_open(tx: Transaction) -> None:
    tx.save_pages(
        "anna", [kept(a_page("t1")), kept(a_page("t2", 30)), kept(a_page("t3", body="b"))]
    )
    bare = Page(thread_id="t4", body=BODY, ids=(), writers=(), references=(), spells=())
    tx.save_pages("anna", [kept(bare)])

    def open_at(minutes: int, sender: str | None = None, at_most: int = 9) -> set[str]:
        found = tx.pages_from("anna", BODY, at(minutes), sender, at_most)
        return {page.thread_id for page in found}

    for sender in (None, COUNCIL):
        found = [open_at(n, sender) for n in (-1, 0, 30, 59)]
        assert found == [set(), {"t1"}, {"t1", "t2"}, {"t1", "t2"}]
        assert open_at(60, sender) == set()
        assert len(open_at(30, sender, 0)) > 0
        assert tx.pages_from("bob", BODY, at(0), sender, 9) == ()
    assert open_at(30, "other@x") == set()


def test_pages_between_two_questions_are_not_taken_for_open_ones(tx: Transaction) -> None:
    """However many there are before one that is open."""
    spells = (*a_page("x", 0, 10).spells, *a_page("x", 50, 60).spells)
    pages = [replace(a_page(f"t{n:02}"), spells=spells) for n in range(30)]
    tx.save_pages("anna", [kept(page) for page in (*pages, a_page("u1"), a_page("u2"))])
    for sender in (None, COUNCIL):
        found = tx.pages_from("anna", BODY, at(30), sender, 1)
        assert {page.thread_id for page in found} == {"u1", "u2"}


def test_open_pages_are_found_by_their_marks(tx: Transaction) -> None:
    first = a_page("t1")
    tx.save_pages("anna", [kept(first), kept(replace(a_page("t2"), references=()))])

    def found(*marks: str, minutes: int = 0) -> set[str]:
        return {p.thread_id for p in tx.pages_named("anna", BODY, at(minutes), "", marks)}

    assert found(case_mark("kcc-12345")) == {"t1"}
    assert found(day_mark("2 march")) == {"t1", "t2"}
    assert found(day_mark("2 march"), minutes=60) == found(day_mark("3 march")) == set()
    closed = a_page("t1", ended=30)
    tx.save_pages("anna", [kept(closed)], {"t1": first})
    assert found(case_mark("kcc-12345"), minutes=29) == {"t1"}
    assert found(case_mark("kcc-12345"), minutes=30) == set()
    tx.save_pages("anna", [kept(first)], {"t1": closed})
    assert found(case_mark("kcc-12345"), minutes=30) == {"t1"}
    tx.save_pages("anna", [kept(replace(first, references=("kcc-77777",)))], {"t1": first})
    assert found(case_mark("kcc-12345")) == set()
    assert found(case_mark("kcc-77777"), case_mark("none")) == {"t1"}


def test_a_page_is_found_by_whoever_writes_in_it_too(tx: Transaction) -> None:
    """Whether or not the question's end moves with that; and by nobody who does not any more."""

    def found_by(sender: str, minutes: int) -> set[str]:
        return {p.thread_id for p in tx.pages_from("anna", BODY, at(minutes), sender, 9)}

    first = a_page("t1")
    tx.save_pages("anna", [kept(first)])
    joined = replace(first, writers=(COUNCIL, "officer@x"))
    tx.save_pages("anna", [kept(joined)], {"t1": first})
    answered = replace(a_page("t1", ended=90), writers=(COUNCIL, "manager@x", "officer@x"))
    tx.save_pages("anna", [kept(answered)], {"t1": joined})
    for sender in answered.writers:
        assert [found_by(sender, n) for n in (-1, 0, 89, 90)] == [set(), {"t1"}, {"t1"}, set()]
    left = replace(answered, writers=(COUNCIL, "manager@x"))
    tx.save_pages("anna", [kept(left)], {"t1": answered})
    assert found_by("manager@x", 89) == {"t1"}
    assert found_by("officer@x", 89) == set()
    spells = (*answered.spells, *a_page("x", 100, 110).spells)
    again = replace(left, spells=spells)
    tx.save_pages("anna", [kept(again)], {"t1": left})
    later = replace(again, spells=(spells[0], *a_page("x", 100, 120).spells))
    tx.save_pages("anna", [kept(later)], {"t1": again})
    assert [found_by("manager@x", n) for n in (95, 105, 119)] == [set(), {"t1"}, {"t1"}]


def test_open_pages_are_found_by_the_names_that_words_say(tx: Transaction) -> None:
    called = replace(
        a_page("t1").spells[0], names=(" letter from the panel ", " bus pass for school ")
    )
    named = replace(a_page("t1"), spells=(called,))
    tx.save_pages("anna", [kept(named), kept(a_page("t2"))])

    def found(said: str, minutes: int = 0) -> tuple[Page, ...]:
        return tx.pages_named("anna", BODY, at(minutes), said)

    assert found(" about your bus pass for school and more ") == (named,)
    assert found(" letter from the panel ", 59) == (named,)
    assert found(" letter from the panel ", 60) == ()
    assert found(" your bus pass ") == ()
    assert tx.pages_named("bob", BODY, at(0), " letter from the panel ") == ()
    assert tx.pages_named("anna", "other.gov.uk", at(0), " letter from the panel ") == ()


def test_a_page_is_found_by_the_names_it_has_now(tx: Transaction) -> None:
    """Also where many questions share all words but one, and when one is asked no more."""
    pages = []
    for number in range(12):
        spell = replace(a_page("x").spells[0], names=(f" annual review for child {number} ",))
        pages.append(replace(a_page(f"t{number}"), spells=(spell,)))
    tx.save_pages("anna", [kept(page) for page in pages])

    def found(said: str) -> set[str]:
        named = tx.pages_named("anna", BODY, at(0), said)
        return {p.thread_id for p in named if any(n in said for s in p.spells for n in s.names)}

    for number in range(12):
        assert found(f" this annual review for child {number} is done ") == {f"t{number}"}
    renamed = replace(pages[3], spells=pages[4].spells)
    tx.save_pages("anna", [kept(renamed)], {"t3": pages[3]})
    assert found(" annual review for child 3 ") == set()
    assert found(" annual review for child 4 ") == {"t3", "t4"}
    tx.save_pages("anna", [kept(renamed, Status.OVERDUE)], {"t3": renamed})
    assert found(" annual review for child 4 ") == {"t3", "t4"}
    tx.drop_pages("anna", ["t4"])
    assert found(" annual review for child 4 ") == {"t3"}


def test_pages_are_found_by_what_we_wrote(tx: Transaction) -> None:
    line = frozenset({said_key(BODY, "line1")})
    tx.save_entry("anna", an_entry("a@x", direction=Direction.SENT), line)
    tx.save_entry("anna", an_entry("b@x"), line)  # from an address that was once ours
    tx.save_placements("anna", [a_placement("a@x", "t1"), a_placement("a@x", "t2")])
    tx.save_placements("anna", [a_placement("b@x", "t3")])
    tx.save_pages("anna", [kept(a_page("t1")), kept(a_page("t2", body="other.gov.uk"))])
    tx.save_pages("anna", [kept(a_page("t3"))])
    assert tx.pages_saying("anna", BODY, ["line1", "line2"]) == {"line1": (a_page("t1"),)}
    assert tx.pages_saying("bob", BODY, ["line1"]) == {}
