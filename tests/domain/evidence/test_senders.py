"""What the From address is taken for."""

import pytest

from inboxwatch.domain.evidence.senders import is_daemon, looks_like_a_person, observe_sender
from inboxwatch.domain.message import Address
from tests.domain.evidence.mails import ME, a_mail


def rows(address: str, name: str = "") -> list[str]:
    sender = Address(address=address, name=name)
    return [seen.row for seen in observe_sender(a_mail(sender=sender))]


@pytest.mark.parametrize(
    ("address", "name", "expected"),
    [
        ("mailer-daemon@mx.example", "", ["mailer-daemon"]),
        ("x@mx.example", "Mail Delivery Subsystem", ["mailer-daemon"]),
        ("postmaster@kent.gov.uk", "", ["postmaster"]),
        ("microsoftexchange329e71ec88ae@kent.gov.uk", "", ["postmaster"]),
        ("ci@kent.gov.uk", "Council Chat Bot", ["robot"]),
        ("box+canned.response@school.example", "", ["robot"]),
        ("no-reply@kent.gov.uk", "", ["no-reply sender"]),
        ("do-not-reply=kent.gov.uk@email.forms.example", "", ["no-reply sender"]),
        ("ruth.amory@kent.gov.uk", "Ruth Amory", ["personal sender"]),
        ("ruth.amory@kent.gov.uk", "Amory, Ruth", ["personal sender"]),
        ("send@kent.gov.uk", "SEND Team", []),
        ("send@kent.gov.uk", "", []),
        ("newsletter@kent.gov.uk", "", ["bulk sender"]),
        ("kent@public.govdelivery.com", "Kent County Council", ["bulk sender"]),
        ("robottom@kent.gov.uk", "Jo Robottom", ["personal sender"]),
    ],
)
def test_a_sender_is_taken_for_what_it_is(address: str, name: str, expected: list[str]) -> None:
    assert rows(address, name) == expected


def test_mail_to_its_own_sender_alone_went_to_many() -> None:
    sender = Address(address="update@council.example")

    assert "addressed to many" in [
        seen.row for seen in observe_sender(a_mail(sender=sender, to=(sender,)))
    ]
    assert "addressed to many" not in [
        seen.row for seen in observe_sender(a_mail(sender=sender, to=(sender, ME)))
    ]


def test_a_message_without_sender_tells_nothing() -> None:
    assert list(observe_sender(a_mail(sender=None))) == []
    assert not is_daemon(None)


@pytest.mark.parametrize(
    "name", ["Ruth Amory", "Dr L Aspinall", "Siân O'Neill-Jones", "LEE, Jo (SOME TRUST)"]
)
def test_a_person_is_told_by_the_name(name: str) -> None:
    assert looks_like_a_person(name)


@pytest.mark.parametrize("name", ["Ruth", "The SEND Team", "", "one two three four five"])
def test_a_service_is_no_person(name: str) -> None:
    assert not looks_like_a_person(name)
