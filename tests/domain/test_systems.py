"""Mail of case systems counts for a body only where it speaks for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters import presets
from inboxwatch.domain.bodies import Body, Watch
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.message import Address, Message
from inboxwatch.domain.systems import may_concern, spoken_for
from inboxwatch.domain.threading import assemble
from inboxwatch.domain.threads import Entry, LinkKind, Standing
from tests.builders import ME, from_council, from_us, moment

KENT = Body(name="kent.gov.uk", title="Kent County Council", domains=("kent.gov.uk",))
MEDWAY = Body(name="medway.gov.uk", title="Medway Council", domains=("medway.gov.uk",))
WATCH = Watch(
    bodies=(KENT, MEDWAY), own_addresses=frozenset({ME}), systems=("firmstep.com", "icasework.com")
)
NOTIFY = "noreply@icasework.com"


def a_mail(
    address: str,
    name: str = "",
    subject: str = "Update",
    text: str = "",
    *,
    reply_to: tuple[Address, ...] = (),
    in_reply_to: tuple[str, ...] = (),
) -> Message:
    return Message(
        message_id="s1@icasework.com",
        at=moment("2026-04-10 09:00"),
        sender=Address(address=address, name=name),
        to=(Address(address=ME),),
        subject=subject,
        own_text=text,
        reply_to=reply_to,
        in_reply_to=in_reply_to,
    )


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("do-not-reply=kent.gov.uk@email.firmstep.com", ""),
        ("kent.gov.uk@firmstep.com", "Forms"),
        (NOTIFY, "Kent County Council"),
        (NOTIFY, "KENT COUNTY COUNCIL (Information Governance)"),
        (NOTIFY, "Kent Council"),
        ("noreply@kent.icasework.com", ""),
    ],
)
def test_the_sender_says_for_whom_it_speaks(address: str, name: str) -> None:
    found = spoken_for(a_mail(address, name), WATCH)

    assert found is not None
    assert (found.body, found.surely) == (KENT, True)


def test_where_an_answer_goes_says_it_too() -> None:
    answer_to = (Address(address="foi@medway.gov.uk"),)

    found = spoken_for(a_mail(NOTIFY, reply_to=answer_to), WATCH)

    assert found is not None
    assert (found.body, found.surely) == (MEDWAY, True)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Your request to Kent County Council", ""),
        ("Update", "See www.kent.gov.uk/send for how we decide."),
        ("Update", "Kent County Council has considered your request."),
    ],
)
def test_words_alone_are_not_sure(subject: str, text: str) -> None:
    found = spoken_for(a_mail(NOTIFY, "Casework", subject, text), WATCH)

    assert found is not None
    assert (found.body, found.surely) == (KENT, False)


@pytest.mark.parametrize(
    ("address", "name", "text"),
    [
        (NOTIFY, "Casework", "Your parking fine is due."),
        (NOTIFY, "Kent Police", ""),
        (NOTIFY, "Casework", "Kent County Council and Medway Council"),
        ("do-not-reply=notkent.gov.uk@email.firmstep.com", "", ""),
        ("do-not-reply=kent.gov.uk.evil.example@email.firmstep.com", "", ""),
        ("do-not-reply=kent.gov.uk@email.firmstep.com.evil.example", "Kent County Council", ""),
        ("noreply@kent.noticasework.com", "Kent County Council", ""),
        (ME, "Kent County Council", "kent.gov.uk"),
    ],
)
def test_others_and_look_alikes_speak_for_nobody(address: str, name: str, text: str) -> None:
    assert spoken_for(a_mail(address, name, "Update", text), WATCH) is None


def test_a_message_that_names_two_bodies_as_sender_is_nobodys() -> None:
    both = a_mail("kent.gov.uk=medway.gov.uk@firmstep.com")

    assert spoken_for(both, WATCH) is None


@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=80))
def test_no_message_from_elsewhere_is_ever_a_case_systems(
    name: str, subject: str, text: str
) -> None:
    mail = a_mail("someone@elsewhere.example", name, subject, f"{text} kent.gov.uk")

    assert spoken_for(mail, WATCH) is None
    assert not may_concern(mail, WATCH)


def _theirs(mail: Message, kind: Kind = Kind.SYSTEM_ANSWER, *references: str) -> Entry:
    entry = from_council("2026-04-10 09:00", kind)
    judged = Classification(kind=kind, case_references=references)
    return replace(entry, message=mail, classification=judged)


def _placed(mail: Message, *references: str) -> tuple[Standing, LinkKind] | None:
    asked = from_us(
        "2026-04-01 09:00", "ours@example.org", to=("foi@kent.gov.uk",),
        subject="Therapy vacancies",
    )  # fmt: skip
    receipt = from_council(
        "2026-04-01 09:01",
        Kind.ACKNOWLEDGEMENT,
        "ack@kent.gov.uk",
        to=asked,
        sender="foi@kent.gov.uk",
    )
    seen = Classification(kind=Kind.ACKNOWLEDGEMENT, case_references=("FOI-6642019",))
    receipt = replace(receipt, classification=seen)
    found = assemble((asked, receipt, _theirs(mail, Kind.SYSTEM_ANSWER, *references)), WATCH)
    for thread in found.threads:
        for placed in thread.placed:
            if placed.entry.message_id == mail.message_id:
                return placed.standing, placed.link.kind
    return None


def test_a_sure_answer_with_the_same_subject_answers() -> None:
    mail = a_mail("noreply@kent.icasework.com", subject="RE: Therapy vacancies")

    assert _placed(mail) == (Standing.COUNTS, LinkKind.SUBJECT)


def test_an_unsure_one_goes_to_review() -> None:
    mail = a_mail(NOTIFY, "Casework", "RE: Therapy vacancies", "Kent County Council decided.")

    assert _placed(mail) == (Standing.DOUBTED, LinkKind.SUBJECT)


def test_a_reference_seen_in_a_thread_places_one_that_names_nobody() -> None:
    mail = a_mail(NOTIFY, "Casework", "FOI-6642019 response")

    assert _placed(mail, "FOI-6642019") == (Standing.COUNTS, LinkKind.CASE_REFERENCE)
    assert may_concern(mail, WATCH)


def test_any_other_mail_of_a_system_is_shown_nowhere() -> None:
    mail = a_mail(NOTIFY, "Casework", "RE: Therapy vacancies", "Your parking permit.")

    assert _placed(mail) is None
    found = assemble((_theirs(mail),), WATCH)
    assert found.threads == ()
    assert found.unplaced == ()
    assert not may_concern(mail, WATCH)


def test_an_answer_by_reference_needs_no_name() -> None:
    mail = a_mail(NOTIFY, "Casework", "Reply", in_reply_to=("ours@example.org",))

    placed = _placed(mail)

    assert placed is not None
    assert placed[0] is Standing.COUNTS


def test_the_shipped_systems_belong_to_no_shipped_body() -> None:
    bodies = presets.load().bodies.values()

    assert "icasework.com" in presets.systems()
    assert not [
        (system, body.name)
        for system in presets.systems()
        for body in bodies
        if body.owns(f"anyone@{system}")
    ]
