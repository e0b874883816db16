"""Case references are found in the councils' forms, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.evidence.references import (
    MAX_REFERENCES,
    canonical_reference,
    case_references,
)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Our reference: 1640333", "1640333"),
        ("[Ref: 12345] Transport", "12345"),
        ("Re: Transport KCC-1234567", "KCC-1234567"),
        ("KCC 1234567", "KCC-1234567"),
        ("CRM:0098 Case created", "CRM-0098"),
        ("FS-Case-123456789", "FS-CASE-123456789"),
        ("Enforcement case update (ref: ENF/26/0041)", "ENF-26-0041"),
        ("[Ticket#89123] Thanks for your inquiry", "89123"),
        ("[council.example #33575] AutoReply: Missed bin", "33575"),
        ("##1640333##", "1640333"),
        ("#512345", "512345"),
        ("FMS7654321 Scaffold application received", "FMS-7654321"),
        ("26-00123-HAPP", "26-00123-HAPP"),
        ("your case number is 88213.", "88213"),
        ("Our ref JS/12345/KCC", "JS-12345-KCC"),
        ("FOI/2026/01234", "FOI-2026-01234"),
        ("Eich cyfeirnod yw ADY-20419", "ADY-20419"),
        ("[ref:_00D58JvQ1._5004J1xyz:ref]", "SF-5004J1XYZ"),
    ],
)
def test_a_reference_is_found(text: str, reference: str) -> None:
    assert case_references(text) == (reference,)


@pytest.mark.parametrize(
    "text",
    [
        "Ring 01632 960 123 or 0300 333 5539",
        "ref: 01632 960123",
        "ref: 01632960123",
        "+44 1632 960 123",
        "ME14 1XQ",
        "on 12/06/2026 at 10:30",
        "2024-25",
        "the Children and Families Act 2014",
        "COVID-1919",
        "UPRN 100023336956",
        "case 12",
        "https://example.org/case/1234567",
        "write to team1234567@example.org",
        "reference ME141XQ",
        "reference 2026",
        "reference: 12/06/2026",
        "ref A1234567890123B-1234567890123C-12345",
    ],
)
def test_what_is_no_reference_is_not_taken_for_one(text: str) -> None:
    assert case_references(text) == ()


def test_all_spellings_of_one_reference_are_equal() -> None:
    spellings = ("KCC-1234567", "kcc 1234567", "KCC1234567", "[KCC/1234567]")

    assert {canonical_reference(one) for one in spellings} == {"KCC-1234567"}


def test_subject_and_text_are_read_once_each_and_repeats_count_once() -> None:
    found = case_references("KCC-1234567", "Our reference: KCC-1234567\nKCC-7654321")

    assert found == ("KCC-1234567", "KCC-7654321")


def test_a_list_of_numbers_does_not_become_a_list_of_cases() -> None:
    text = "\n".join(f"KCC-{number}" for number in range(1000000, 1000040))

    assert len(case_references(text)) == MAX_REFERENCES


@given(st.text(max_size=60))
def test_a_canonical_reference_stays_as_it_is(text: str) -> None:
    once = canonical_reference(text)

    assert canonical_reference(once) == once
