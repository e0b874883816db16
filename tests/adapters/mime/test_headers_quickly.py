"""The quick way through a header block gives what the standard library gives."""

from __future__ import annotations

from email.parser import BytesHeaderParser
from email.policy import compat32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.mime.headers import parse_headers

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"Subject: Plan", b"Subject:", b"To:\tone@example.org", b" folded", b"\tfolded",
                b"no colon here", b"From someone", b"X Y: space in name", b"", b"Caf\xc3\xa9: no",
                b"Subject: caf\xe9", b"A:b:c", b": empty name", b"Odd\rline: x", b"Nul: \x00 in",
                b"Trailing: blank \t",
            ]
        ),
        st.binary(max_size=12).filter(lambda raw: b"\n" not in raw),
    ),
    max_size=8,
)  # fmt: skip


@given(LINES, st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_any_block_is_split_as_the_library_splits_it(
    lines: list[bytes], end: bytes, closed: bool
) -> None:
    block = end.join(lines) + (end if closed else b"")
    library = BytesHeaderParser(policy=compat32).parsebytes(block.replace(b"\x00", b""))

    found = parse_headers(block)

    wanted = [(str(name).lower(), str(value)) for name, value in library.raw_items()]
    assert list(found.items) == (wanted if block.strip() else [])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_folded_lines_keep_their_breaks(end: str) -> None:
    block = f"References: <a@b>{end} <c@d>{end}Subject: x{end}{end}".encode()

    assert parse_headers(block).items == (("references", f"<a@b>{end} <c@d>"), ("subject", "x"))
