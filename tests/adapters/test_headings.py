"""A subject arrives as it was written, whatever signs it has."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inboxwatch.adapters.headings import WholeSubjects
from inboxwatch.domain.plain import one_line

POLICY = WholeSubjects(linesep="\r\n", cte_type="7bit")


def on_the_wire(subject: str) -> bytes:
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = subject
    mail.set_content("x")
    return mail.as_bytes()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(one_line))
@example("Ask for a reply: “Café déjà vu était là où naïve” and 1 more")
@example("Ask for a reply: “plan <b>bold</b> 😀👩 very long very long very long very…” and 1 more")
@example("")
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    raw = on_the_wire(subject)
    read = message_from_bytes(raw, policy=default)["Subject"]
    assert str(read) == subject


@pytest.mark.parametrize("words", ["Café là où naïve " * 9, "plain words " * 30])
def test_its_lines_are_short_and_ascii_and_every_reader_joins_them(words: str) -> None:
    subject = one_line(words)
    head = on_the_wire(subject).partition(b"\r\nContent-")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    value = head.decode("ascii").partition(":")[2].replace("\r\n", "").strip()
    assert str(make_header(decode_header(value))) == subject
