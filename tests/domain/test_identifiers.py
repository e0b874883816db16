"""Message ids and thread ids."""

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.identifiers import (
    is_synthetic,
    message_ids_in,
    normalise_message_id,
    synthetic_message_id,
    thread_id,
)


def test_brackets_and_folding_are_removed_and_case_is_kept() -> None:
    assert normalise_message_id(" <AbC@\r\n x> ") == "AbC@x"
    assert normalise_message_id("bare@x") == "bare@x"


def test_prose_in_in_reply_to_gives_only_the_id() -> None:
    assert message_ids_in('Your message of "Tue, 1 Mar" <0@x>') == ("0@x",)


def test_several_ids_keep_their_order_and_repeats_go() -> None:
    assert message_ids_in("<a@x> <b@x>\t<a@x>") == ("a@x", "b@x")


def test_ids_without_brackets_are_read_too() -> None:
    assert message_ids_in("a@x b@x") == ("a@x", "b@x")


@given(st.text())
def test_any_text_gives_a_bounded_number_of_ids(text: str) -> None:
    assert len(message_ids_in(text * 50)) <= 200


@given(st.binary())
def test_a_made_id_depends_only_on_the_bytes_not_on_line_ends(raw: bytes) -> None:
    made = synthetic_message_id(raw)
    assert is_synthetic(made)
    assert synthetic_message_id(raw.replace(b"\r\n", b"\n")) == made


@given(st.text(), st.text())
def test_a_thread_id_is_short_and_stable(mailbox: str, message: str) -> None:
    made = thread_id(
        mailbox.encode("utf-8", "replace").decode(), message.encode("utf-8", "replace").decode()
    )
    assert len(made) == 10
    assert made.isalnum()
    assert made == made.lower()
