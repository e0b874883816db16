"""Hostile text shown in one line is harmless."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.plain import many_lines, one_line


@given(st.text())
def test_nothing_that_moves_the_cursor_or_the_reading_order_is_left(text: str) -> None:
    shown = one_line(text)
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") for c in shown)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(shown)
    assert one_line(shown) == shown


def test_escapes_and_line_breaks_become_spaces() -> None:
    assert one_line("a\x1b[31mred\r\nBcc: x") == "a [31mred Bcc: x"


def test_direction_marks_vanish() -> None:
    assert one_line("invoice\u202egpj.exe") == "invoicegpj.exe"


@given(st.text(), st.integers(1, 40))
def test_a_limit_is_kept(text: str, limit: int) -> None:
    assert len(one_line(text, limit)) <= limit


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert many_lines("a\x07\nb") == "a\nb"
