"""Hostile text shown in one line is harmless, and what people write stays."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inboxwatch.domain.plain import many_lines, one_line


@given(st.text())
@example("e\u200b\u0301")  # what is dropped may leave something to compose
@example("q" + "\u0323\u0323\u200b" * 3)
@example("\x1b\x1b[31m [31m \x9b\x1b[0m \x1b[")
@example("\ufdd0\U0010ffff\ue000\ud800\U000e0041")
def test_nothing_that_moves_the_cursor_or_the_reading_order_is_left(text: str) -> None:
    shown = one_line(text)
    seen = {unicodedata.category(c) for c in shown if c not in "\u200c\u200d"}
    assert not seen & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert shown == shown.strip()
    assert one_line(shown) == shown


def test_line_breaks_become_spaces() -> None:
    assert one_line("a red\r\nBcc: x") == "a red Bcc: x"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m and \x1b[4:3mlined\x1b[m", "red and lined"),
        ("\x1b]0;a new title\x07plan", "plan"),
        ("see \x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\", "see here"),
        ("\x1bPq#0;2;0\x1b\\picture", "picture"),
        ("never closed \x1b]0;words stay", "never closed ]0;words stay"),
        ("Windows' letters: \x9e and \x9c", "Windows' letters: and"),
        ("[31m as text, 3[b] and Array[0]m", "[31m as text, 3[b] and Array[0]m"),
    ],
)
def test_the_escape_sequences_of_terminals_vanish_whole(written: str, shown: str) -> None:
    assert one_line(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("pay\u200bpal \u00adsoft\ufeff", "paypal soft"),
        ("hidden\U000e0068\U000e0069", "hidden"),
        (
            "broken \udc80, private \ue000, none \uffff",
            "broken \ufffd, private \ufffd, none \ufffd",
        ),
        ("q" + "\u0323" * 50, "q" + "\u0323" * 3),
    ],
)
def test_what_deceives_vanishes_and_what_is_broken_is_seen(written: str, shown: str) -> None:
    assert one_line(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Réunion – 👩\u200d👧 naïve",
        "می\u200cخواهم",
        "Ŵyl Llŷr",
        "العربية",
        "\U0001fae8 newer than some",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert one_line(f"  {text} \t\n") == text


@given(st.text(), st.integers(1, 40))
def test_a_limit_is_kept(text: str, limit: int) -> None:
    assert len(one_line(text, limit)) <= limit


def test_a_huge_text_costs_no_more_than_a_long_one() -> None:
    assert one_line("x" * 50_000_000, 10) == "x" * 9 + "…"


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert many_lines("a\x07\nb") == "a\nb"
