"""What the shape of a message tells."""

import pytest

from inboxwatch.domain.evidence.folding import fold
from inboxwatch.domain.evidence.shape import carries_a_document, observe_shape
from inboxwatch.domain.message import Address, Attachment
from tests.domain.evidence.mails import a_mail

PDF = Attachment(name="Decision.pdf", content_type="application/pdf", size=9)
LOGO = Attachment(name="logo.pdf", content_type="application/pdf", size=9)
UNIT = Address(address="unit@brackford.gov.uk", name="Mail Unit")
THERAPIST = Address(address="k@trust.example", name="OYELARAN, Karen (KENT COMMUNITY TRUST)")
PICTURE = Attachment(name="image001.png", content_type="image/png", size=9)


def rows(text: str = "Yes", **changes: object) -> list[str]:
    given = {"subject": "Annual review", **changes}
    return [seen.row for seen in observe_shape(a_mail(text, **given), fold(text))]


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("Yes", {}, []),
        ("word " * 200, {}, ["long text"]),
        ("Spam", {"content_types": ("message/feedback-report",)}, ["feedback report"]),
        ("Yes", {"attachments": (PDF,)}, ["document attached"]),
        ("Yes", {"in_reply_to": ("a@b",)}, ["names a message"]),
        ("Yes", {"references": ("a@b",)}, ["names a message"]),
        ("Yes", {"subject": "Re: Annual review"}, ["reply subject"]),
        ("Yes", {"quoted_text": "> earlier"}, ["quotes a message"]),
        ("Yes", {"quoted_text": "From: Sam\nSent: Monday"}, ["quotes a message"]),
        ("Yes", {"quoted_text": "Sent from my phone"}, []),
        ("Is it?", {}, ["asks something"]),
        ("Yes", {"subject": "[Ref: 12345] Review"}, ["ticket number in the subject"]),
        ("https://a.example " * 12, {}, ["web page"]),
        ("Yes.\n\nKind regards\nRuth Amory\nOfficer", {}, ["personal sign-off"]),
        ("Yes.\n\nThanks,\nRuth", {}, ["personal sign-off"]),
        ("Yes.\n\nKind regards\nThe SEND Team", {}, ["team sign-off"]),
        ("Yes.\n\nKind regards\n0123", {}, []),
        ("Yes.", {"quoted_text": "Cofion gorau\nRhian Morgan"}, ["personal sign-off"]),
        ("Yes.", {"quoted_text": "> Yes?\n> Kind regards\n> Sam Hollis"}, ["quotes a message"]),
        ("Yes.", {"quoted_text": "On Monday, Sam wrote:\nThanks\nSam Hollis"}, []),
        ("Yes.\nMail Unit", {"sender": UNIT}, ["team sign-off"]),
        ("Yes.\nKaren", {"sender": THERAPIST}, ["personal sign-off"]),
    ],
)
def test_a_shape_is_seen(text: str, changes: dict[str, object], expected: list[str]) -> None:
    assert rows(text, **changes) == expected


def test_a_logo_or_a_picture_is_no_document() -> None:
    assert not carries_a_document(a_mail("Yes", attachments=(LOGO, PICTURE)))
