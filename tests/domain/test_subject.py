"""What is left of a subject: equal results mean the same subject."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.subject import base_subject, is_forward, is_reply, tagged_subject


@pytest.mark.parametrize(
    "subject",
    [
        "EHCP review",
        "RE: EHCP review",
        "Re: Re: FW: ehcp  review",
        "Re[2]: EHCP review (fwd)",
        "AW: SV: EHCP review",
        "[KCC-1234567] Re: EHCP review",
        "RE: EHCP review KCC-1234567",
        "CRM:0100037 - RE: EHCP review",
        "[Ref: 100064] EHCP review",
        "EHCP review [Case 100102]",
        "EHCP review (Ref 100102)",
        "FS-Case-123456789 EHCP review",
        "ENF/26/0041: EHCP review",
        "Our reference: 1640333 - EHCP review",
        "EHCP review #12345",
        "[EXTERNAL] EHCP review",
        "OFFICIAL: EHCP review",
        "EHCP review - OFFICIAL SENSITIVE",
        "Automatic reply: EHCP review",
        "Out of Office: EHCP review",
        "Undeliverable: EHCP review",
        "Read: EHCP review",
        "Recall: EHCP review",
        "Not read: EHCP review",
        "Accepted: EHCP review",
        " EHCP review. ",
    ],
)
def test_marks_tags_and_references_are_taken_off(subject: str) -> None:
    assert base_subject(subject) == "ehcp review"


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Year 2026 review", "year 2026 review"),
        ("Meeting 12/03/2026", "meeting 12/03/2026"),
        ("Request for information", "request for information"),
        ("Reference request for Sam", "reference request for sam"),
        ("case 4 of complaint", "case 4 of complaint"),
        ("KCC-1234567", "kcc-1234567"),
        ("Reading list", "reading list"),
        ("Recollect: a school", "recollect: a school"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_what_is_no_mark_stays(subject: str, base: str) -> None:
    assert base_subject(subject) == base


def test_tags_can_be_kept() -> None:
    assert tagged_subject("CRM:0100037 - RE: [PATCH v3] media: x") == "[patch v3] media: x"


@pytest.mark.parametrize(
    ("subject", "reply", "forward"),
    [
        ("Re: x", True, False),
        ("[EXT] RE: x", True, False),
        ("OFFICIAL: Re: x", True, False),
        ("Fwd: x", False, True),
        ("FW: Re: x", False, True),
        ("Regarding x", False, False),
    ],
)
def test_answers_and_forwards_are_told_by_their_mark(
    subject: str, reply: bool, forward: bool
) -> None:
    assert (is_reply(subject), is_forward(subject)) == (reply, forward)


@given(st.text(max_size=200))
def test_taking_marks_off_twice_takes_no_more(subject: str) -> None:
    once = base_subject(subject)

    assert base_subject(once) == once or not once


@given(st.text(alphabet="[]():#-/re1 fwd", max_size=2000))
def test_hostile_subjects_end(subject: str) -> None:
    base_subject(subject)
    is_reply(subject)
