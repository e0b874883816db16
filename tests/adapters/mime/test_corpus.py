"""Each trap of the corpus: what must come out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inboxwatch.domain.message import Address, FolderRole, Message, ReportType
from tests.mime_corpus import (
    FALLBACK,
    a_reader,
    as_a_server_describes,
    at,
    corpus_names,
    raw,
    read,
    read_raw,
)


@pytest.mark.parametrize("name", corpus_names())
def test_every_trap_is_read_within_a_second_and_can_be_stored(name: str) -> None:
    message = read(name, received_at=FALLBACK)

    texts = (
        message.message_id, message.subject, message.own_text, message.quoted_text,
        *(v for _, v in message.headers), *(a.name for a in message.attachments),
        *(f"{a}" for a in message.recipients),
    )  # fmt: skip
    for text in texts:
        assert "\x00" not in text
        text.encode("utf-8")
    assert len(message.own_text) <= 16_000
    assert len(message.quoted_text) <= 16_000


@pytest.mark.parametrize("name", corpus_names())
def test_parts_from_a_server_give_the_same_message_as_the_whole(name: str) -> None:
    header, parts = as_a_server_describes(raw(name))

    whole = read(name, received_at=FALLBACK)
    fetched = a_reader().read_parts(
        header, parts, location=at(), received_at=FALLBACK, size=len(raw(name))
    )

    assert isinstance(fetched, Message)
    assert _without_bytes(fetched) == _without_bytes(whole)


def _without_bytes(message: Message) -> Message:
    """Leave out what only the whole shows: exact sizes, and how its parts were torn apart."""
    attachments = tuple(replace(a, size=0) for a in message.attachments)
    return replace(message, attachments=attachments, defects=())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plain-utf8-8bit", "Café plan – the child’s review is on Friday. Cost: £20."),
        ("plain-utf8-8bit-without-charset", "The child’s plan – café, £20."),
        ("charset-wrong-ascii-with-cp1252", "The child’s plan is ready – call us."),
        ("charset-unknown", "Café meeting at ten."),
        ("charset-latin1-means-cp1252", "We’ll write – soon."),
        ("charset-is-a-codec-bomb", "Plain words that punycode would take long over."),
        ("nul-bytes-everywhere", "Hello there."),
        ("crlf-and-quoted-printable", "A long line that was broken for the journey: café."),
        ("html-only-gmail-quote", "The plan is ready."),
        ("html-only-outlook-quote", "We will write again."),
        ("html-beside-plain-stub", "Your application was refused."),
        ("signature-and-disclaimer", "Your case was closed on Monday."),
        ("disclaimer-without-signature", "Your case was closed on Monday.\n\nJane Officer"),
        ("attachment-named-in-rfc2231", "The plan is attached."),
        ("attached-message-is-not-own-text", "See the mail attached."),
        ("multipart-cut-off", "The beginning of a letter that was cut"),
        ("multipart-without-its-boundary", "The words stand here nevertheless."),
        ("report-failed", "I could not deliver your message."),
        ("reply-outlook-header-block", "I have passed this on.\n\nJane Officer\nSEN Team"),
    ],
)
def test_the_author_s_own_words_come_out(name: str, text: str) -> None:
    assert read(name).own_text == text


def test_quotation_is_kept_apart_from_own_words() -> None:
    message = read("reply-quotes-below")

    assert message.own_text.startswith("Dear Parent,\n\nThe plan will be issued on Friday.")
    assert "Jane Officer" in message.own_text
    assert "When will you" not in message.own_text
    assert "When will you issue the plan?" in message.quoted_text


def test_answers_between_quoted_lines_are_own_words() -> None:
    message = read("reply-inline-between-quotes")

    assert message.own_text == "It will be issued on Friday.\n\n\nThe panel does."
    assert "Who decides?" in message.quoted_text


def test_hidden_html_is_nobody_s_words_and_quoted_html_is_quoted() -> None:
    message = read("html-only-gmail-quote")

    assert "hidden" not in message.own_text + message.quoted_text
    assert "When will you issue the plan?" in message.quoted_text


def test_a_disclaimer_is_kept_with_the_rest() -> None:
    message = read("disclaimer-without-signature")

    assert "intended solely" in message.quoted_text
    assert "before printing" in message.quoted_text


def test_styles_cannot_blow_html_up() -> None:
    message = read("html-padding-bomb")

    assert message.own_text.startswith("Your plan.")
    assert len(message.own_text) < 2_000


@pytest.mark.parametrize(
    "name", ["from-display-name-poses-as-council", "from-encoded-word-poses-as-council"]
)
def test_a_display_name_is_never_the_address(name: str) -> None:
    sender = read(name).sender

    assert sender is not None
    assert sender.address == "x@evil.example"
    assert "send@kent.gov.uk" in sender.name


def test_a_look_alike_letter_does_not_become_a_watched_domain() -> None:
    sender = read("from-kelvin-sign-poses-as-council").sender

    assert sender is not None
    assert sender.domain != "kent.gov.uk"


def test_the_first_of_two_froms_and_message_ids_counts_and_is_noted() -> None:
    twice, doubled = read("from-two-headers"), read("message-id-two")

    assert twice.sender == Address(address="send@kent.gov.uk", name="SEND Team")
    assert "it has more than one From; the first counts" in twice.defects
    assert doubled.message_id == "first@kent.gov.uk"
    assert "it has more than one Message-ID; the first counts" in doubled.defects


def test_groups_give_their_members() -> None:
    assert [a.address for a in read("to-group-syntax").to] == [
        "parent@example.org",
        "b@example.net",
    ]


def test_quotes_comments_and_commas_do_not_split_addresses_wrongly() -> None:
    assert read("to-comments-quotes-and-commas").to == (
        Address(address="parent@example.org", name="Parent, A (mum)"),
        Address(address="john@example.net", name="John"),
        Address(address="bare@example.net", name="Bare Name"),
        Address(address='"quoted local"@example.net'),
    )


def test_headers_in_any_encoding_are_readable() -> None:
    eight_bit = read("header-8bit-raw")

    assert eight_bit.subject == "Café review £20"
    assert eight_bit.sender == Address(address="send@kent.gov.uk", name="Zoë Example")
    assert "café" in read("header-rfc2047-rubbish").subject


def test_ids_are_found_in_prose_and_folded_lines() -> None:
    message = read("references-folded-and-prose")

    assert message.in_reply_to == ("q1@example.org",)
    assert message.references == ("root@example.org", "q1@example.org")
    assert message.related_ids == ("q2@example.org",)
    assert message.thread_keys == ("thread-index:" + bytes(range(22)).hex(),)


def test_a_message_without_id_gets_a_stable_one() -> None:
    first, again = read("message-id-missing"), read("message-id-missing")
    other = read_raw(raw("message-id-missing").replace(b"09:00:00", b"09:00:01"))
    as_crlf = read_raw(raw("message-id-missing").replace(b"\n", b"\r\n"))

    assert not first.has_own_id
    assert first.message_id == again.message_id == as_crlf.message_id
    assert first.message_id != other.message_id


def test_two_messages_with_neither_id_nor_date_stay_two() -> None:
    content = raw("message-id-missing").replace(b"Date: Tue, 3 Mar 2026 09:00:00 +0000\n", b"")

    first = read_raw(content, received_at=datetime(2026, 3, 3, 9, tzinfo=UTC))
    second = read_raw(content, received_at=datetime(2026, 3, 4, 9, tzinfo=UTC))

    assert first.message_id != second.message_id


def test_evidence_headers_are_kept_and_private_ones_are_not() -> None:
    message = read("evidence-of-a-machine")

    assert message.header("auto-submitted") == "auto-replied"
    assert message.header("list-id") == "Parents <parents.example.org>"
    assert message.header("x-auto-response-suppress") == "All"
    assert message.header("x-private-thing") is None


def test_gmail_s_thread_and_labels_are_evidence() -> None:
    message = read("gmail-labels-and-thread")

    assert message.thread_keys == ("gmail:1759000000000000001",)
    assert message.header("x-gmail-labels") == "Sent,Café"


def test_attachments_are_named_and_their_text_is_not_the_author_s() -> None:
    message = read("attachment-named-in-rfc2231")

    assert [(a.name, a.content_type) for a in message.attachments] == [
        ("Plän final.pdf", "application/pdf"),
        ("Notes café.txt", "text/plain"),
    ]
    assert message.content_types == (
        "multipart/mixed", "text/plain", "application/pdf", "text/plain",
    )  # fmt: skip


def test_a_report_within_an_attached_message_is_not_this_message_s() -> None:
    message = read("attached-message-is-not-own-text")

    assert message.report is None
    assert message.content_types == ("multipart/mixed", "text/plain", "message/rfc822")


def test_an_invitation_tells_its_method() -> None:
    assert read("calendar-invitation").calendar_method == "REQUEST"


@pytest.mark.parametrize("name", ["report-failed", "report-inside-mixed-with-footer"])
def test_a_failure_report_names_recipient_and_original(name: str) -> None:
    report = read(name).report

    assert report is not None
    assert report.type is ReportType.DELIVERY
    assert [(r.address, r.action) for r in report.recipients] == [("send@kent.gov.uk", "failed")]
    assert report.recipients[0].status.startswith("5.")
    assert report.original_message_id == "q1@example.org"
    assert report.original_subject == "Plan review"
    assert read(name).attachments == ()


def test_a_delay_is_told_from_a_failure_and_named_by_returned_headers() -> None:
    report = read("report-delayed").report

    assert report is not None
    assert report.recipients[0].action == "delayed"
    assert report.recipients[0].diagnostic == "timed out"
    assert report.original_message_id == "q1@example.org"


def test_an_encoded_status_part_is_read() -> None:
    report = read("report-status-in-base64").report

    assert report is not None
    assert report.recipients[0].action == "failed"


def test_receipts_tell_what_became_of_the_message() -> None:
    seen, deleted = read("receipt-read").report, read("receipt-deleted-quota").report

    assert seen is not None
    assert (seen.type, seen.disposition) == (ReportType.DISPOSITION, "displayed")
    assert seen.original_message_id == "q1@example.org"
    assert deleted is not None
    assert deleted.disposition == "deleted"
    assert deleted.disposition_modifiers == ("rejected", "quota")


def test_outlook_s_own_format_is_read_for_reports() -> None:
    receipt, failure = read("receipt-tnef").report, read("report-tnef-undelivered").report

    assert receipt is not None
    assert (receipt.disposition, receipt.original_subject) == ("displayed", "Plan review")
    assert failure is not None
    assert failure.type is ReportType.DELIVERY
    assert [r.action for r in failure.recipients] == ["failed"]


def test_a_cut_off_multipart_says_so() -> None:
    assert "it ends before its last part does" in read("multipart-cut-off").defects


def test_the_place_is_kept() -> None:
    message = read_raw(raw("plain-utf8-8bit"), role=FolderRole.JUNK)

    assert message.locations == (at(FolderRole.JUNK),)
    assert message.size == len(raw("plain-utf8-8bit"))
