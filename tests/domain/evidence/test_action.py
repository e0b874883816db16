"""What the user must do after a challenge."""

import pytest

from inboxwatch.domain.evidence.action import challenge_action
from tests.domain.evidence.mails import WORDING, a_mail


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("This mailbox is no longer in use. Please send mail to hub@kent.gov.uk.",
         "write elsewhere: hub@kent.gov.uk"),
        ("See https://kent.gov.uk/news. Please use the online form at www.kent.gov.uk/foi.",
         "write elsewhere: www.kent.gov.uk/foi"),
        ("See https://kent.gov.uk/portal first.\n\n\n" + "We are busy. " * 9
         + "Your email will not be actioned.", "write elsewhere: https://kent.gov.uk/portal"),
        ("Please click below to confirm that you are a real person: https://v.example/a",
         "confirm: https://v.example/a"),
        ("Your email will not be actioned.", "write elsewhere: Your email will not be actioned."),
        ("Ring us.", "write elsewhere: Ring us."),
        ("", "write elsewhere: Mailbox closed"),
    ],
)  # fmt: skip
def test_the_place_to_write_to_is_named(text: str, action: str) -> None:
    assert challenge_action(a_mail(text, subject="Mailbox closed"), WORDING) == action
