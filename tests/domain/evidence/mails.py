"""One invented mail at a time, for tests of the evidence in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from inboxwatch.adapters.wording import shipped_wording
from inboxwatch.domain.classify import Context, classify
from inboxwatch.domain.kinds import Classification
from inboxwatch.domain.message import Address, Message

AT = datetime(2026, 6, 3, 10, 0, tzinfo=UTC)  # a Wednesday
OFFICER = Address(address="ruth.amory@brackford.gov.uk", name="Ruth Amory")
TEAM = Address(address="sen@brackford.gov.uk", name="SEN Team")
ME = Address(address="sam@example.org", name="Sam Hollis")
WORDING = shipped_wording()


def a_mail(text: str = "", **changes: Any) -> Message:
    """A mail from an officer to the parent; `headers` is given as a dict."""
    headers = tuple(changes.pop("headers", {}).items())
    given: dict[str, Any] = {
        "message_id": "m1@brackford.gov.uk",
        "at": AT,
        "sender": OFFICER,
        "to": (ME,),
        "subject": "RE: Annual review",
        "own_text": text,
        "headers": headers,
    }
    return Message(**{**given, **changes})


def judged(message: Message, **known: Any) -> Classification:
    """Judge a mail with the shipped wording."""
    return classify(message, Context(**{"wording": WORDING, **known}))
