"""Asking the extractor only where needed gives what asking it always gives."""

from __future__ import annotations

import re
import time

import pytest
from email_reply_extractor import extract_new_text
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inboxwatch.adapters.mime.dialects import as_usual
from inboxwatch.adapters.mime.quotation import without_quotation
from tests.mime_corpus import corpus_names, raw

LINES = (
    "", "", " ", "\t ", "Dear Sam,", "we write about the plan.  ", "Best,", "Anna", "Thanks, Ben",
    "> quoted", "  > indented", "...> flowed", ">", "see <https://a.example/x>", "a > b",
    "On Monday, Anna wrote:", "On 3 May 2026 at 10:00, Anna <anna@a.example>", "wrote:",
    "On Tuesday", "Am Montag schrieb Anna:", "Le lundi, Anna a écrit :", "El lunes escribió:",
    "2026年5月3日 のメール:", "发件人: Anna", "Sent: Monday", "To: Sam", "Subject: plan",
    "Tel: 01632 960001", " References: <a@a.example>", "Message-ID: <b>", "主题：x",
    "-----Original Message-----", "--- Forwarded message ---", "so --original message-- so",
    "------", "  -------  ", "_______", " ________________", "-_-_-_-_-", "-- ", "--",
    "Sent from my iPhone", "word\u200b", "\ufeff> hidden", "\u00a0", "------\u00a0", "\\1 gone",
    "late\rr\r> line",
)  # fmt: skip
HEADERS = ("From: Anna <anna@a.example>\nSent: Monday\n", "From: Anna\nDate: 3 May\n")
TEXTS = st.lists(st.sampled_from(LINES), max_size=14).map("\n".join)


@settings(max_examples=1_000)
@given(TEXTS | st.text(alphabet="On wrote:>-_Fm.\n \t", max_size=60))
def test_what_the_extractor_gives_is_given_without_it(text: str) -> None:
    assume("From:" not in text and as_usual(text) == text)
    extracted = extract_new_text(text).text.strip()
    assert not extracted or without_quotation(text) == extracted


@settings(max_examples=1_000)
@given(TEXTS, st.sampled_from(HEADERS), TEXTS)
def test_and_so_above_the_header_under_which_outlook_quotes(
    above: str, header: str, below: str
) -> None:
    assume(as_usual(f"{above}\n{header}{below}") == f"{above}\n{header}{below}")
    assume(not re.match(r"[A-Za-z-]+:", above.rpartition("\n")[2]))  # it was pasted with others
    extracted = extract_new_text(f"{above}\n{header}").text.strip()
    assert not extracted or without_quotation(f"{above}\n{header}{below}") == extracted


def test_and_so_for_the_odd_mail_of_the_corpus() -> None:
    texts = [raw(name).decode("utf-8", "replace").replace("\r", "") for name in corpus_names()]
    compared = 0
    for text in (text.partition("\n\n")[2] for text in texts):
        extracted = extract_new_text(text).text.strip()
        if extracted and "\nFrom:" not in text:
            assert without_quotation(text) == extracted
            compared += 1
    assert compared > 20


def test_a_text_that_quotes_nothing_is_kept_whole() -> None:
    assert without_quotation("Dear Sam,\n\nyes.  \n_______\n") == "Dear Sam,\n\nyes.\n\n_______"


QUESTION = "When will it come?\nThe taxi did not come.\nSam"
MARKED = "\n".join(f"> {line}" for line in QUESTION.splitlines())


@pytest.mark.parametrize(
    "quoted",
    [
        f">>> Sam Hollis <sam@a.example> 02/03/26 10:04 >>>\n{QUESTION}",
        f"Oddi wrth: Sam Hollis <sam@a.example>\nAnfonwyd: 02 Mawrth 2026 10:04\nAt: SEN"
        f"\nPwnc: Tacsi\n\n{QUESTION}",
        f"Ar Llun, 2 Maw 2026 am 10:04, Sam Hollis <sam@a.example> ysgrifennodd:\n{MARKED}",
        f"On Monday, 2 March 2026 at 10:04, Sam Hollis <sam@a.example> wrote:\n\n{QUESTION}",
        f"On Monday, 2 March 2026 at 10:04, Sam Hollis\n<sam@a.example> wrote: \n{QUESTION}",
        f'"Sam Hollis" <sam@a.example> wrote on 02/03/2026 10:04:17:\n\n{MARKED}',
        f"Sam Hollis <sam@a.example>\n02/03/2026 10:04\n\nTo\nsen@b.example\ncc\n\n{QUESTION}",
    ],
)
def test_what_other_programs_quote_is_not_the_authors(quoted: str) -> None:
    assert without_quotation(f"I am away until Monday.\n\n{quoted}\n") == "I am away until Monday."


@pytest.mark.parametrize(
    "text",
    [
        "see a >>> b",
        "At: the hall\nCc: nobody",
        "On Monday Anna wrote:\nIt will come.",  # a letter may tell who wrote what
        "The report:\n\nTo\nthe school",
        "She wrote on Monday: it will come.",
    ],
)
def test_what_only_looks_like_their_beginning_is_kept(text: str) -> None:
    assert as_usual(text) == text


def test_an_answer_below_what_it_quotes_without_marks_is_kept() -> None:
    text = f"On 2 March 2026, Sam <sam@a.example> wrote:\n{QUESTION}\n\nOn Friday.\nAnna"

    assert "On Friday." in without_quotation(text)


@pytest.mark.parametrize(
    "line", ["On a@b.example 1 wrote:\n", "x wrote on 1\n", "x\n1/2/26 1:22\n"]
)
def test_hostile_introductions_end(line: str) -> None:
    begun = time.process_time()

    without_quotation(f"x\n{line * 20_000}")

    assert time.process_time() - begun < 5
