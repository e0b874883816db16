"""Mail of every kind for the twins, by dice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from inboxwatch.domain.message import FolderRole, Location, Message
from tests.builders import (
    COMPLAINTS,
    COUNCIL,
    COUNCILLOR,
    ME,
    MEDWAY,
    OFFICER,
    a_bounce,
    from_council,
    from_us,
)

ALIAS = "the.smiths@family.example"
ELSEWHERE = "therapist@nhs.example"
SUBJECTS = ("Annual review for Sam", "Transport to school for Kim", "Therapy")
QUESTIONS = (
    "Please tell me when the annual review report will be sent to us at home.",
    "The taxi did not come on three mornings of last week, who can help with it?",
    "When?",
)
ANSWERS = (
    "Dear parent, the review will be on Monday at ten in the small hall. Jane Doe",
    "Thank you for your email about the taxi. A new firm drives from next week. Jane",
    "I have passed this on to my colleague, who will answer by 20 March. Jane Doe",
    "In answer to your email of 2 March: yes, we can do that. Best wishes, Jane",
    "About the Annual review for Sam: it was sent by post yesterday. Jane Doe",
    "As to Transport to school for Kim, a new firm drives from Monday. Jane Doe",
    "I answer both, the annual review for Sam and transport to school for Kim. Jane Doe",
    "Our reference: KCC-1234567. A place was found for your child. Jane Doe, officer",
    "As for Sam, a place was found and will be kept. Jane Doe",
    "Kim can begin on Monday, the taxi knows. Jane Doe",
    "Yes.",
)
MACHINES = (
    "Thank you for contacting us. Your message has been received and we aim to respond within"
    " 20 working days. Please do not reply to this email.",
    "This is to let you know that your enquiry KCC-1234567 was passed on to the right team here.",
    "I am out of the office until 9 March and have no access to my email.",
)
FLAVOURS: tuple[dict[str, Any], ...] = (
    {},
    {"headers": (("auto-submitted", "auto-replied"),)},
    {"calendar_method": "REQUEST", "content_types": ("text/calendar",)},
    {"headers": (("list-unsubscribe", "<x>"), ("precedence", "bulk"))},
)


def any_message(dice: Random, at: datetime, number: int, mail: Mapping[str, Message]) -> Message:
    """A message of ours or theirs that may name or quote any of some mail."""
    write = _ours if dice.random() < 0.5 else _theirs
    return write(dice, at, number, mail)


def place(role: FolderRole, number: int) -> Location:
    """Where a copy lies."""
    return Location(account="home", folder=role.value, role=role, uidvalidity=1, uid=number)


def _shared(dice: Random, mail: Mapping[str, Message]) -> dict[str, Any]:
    known = [*sorted(mail), "ghost@x.example"]
    named = dice.sample(known, min(len(known), dice.choice((0, 0, 0, 1, 1, 2))))
    quoted = f"> {dice.choice(QUESTIONS)}" if dice.random() < 0.3 else ""
    return {
        "in_reply_to": tuple(named[:1]),
        "references": tuple(named),
        "subject": dice.choice(("", "Re: ", "Fwd: ")) + dice.choice(SUBJECTS),
        "thread_keys": ("gmail:1",) if dice.random() < 0.08 else (),
        "quoted_text": quoted,
    }


def _ours(dice: Random, at: datetime, number: int, mail: Mapping[str, Message]) -> Message:
    sender = ALIAS if dice.random() < 0.06 else ME
    given = _shared(dice, mail) | {
        "sender": sender,
        "to": dice.choice(((COUNCIL,), (COUNCIL,), (COMPLAINTS,), (MEDWAY,), (COUNCIL, MEDWAY))),
        "cc": dice.choice(((), (), (OFFICER,), (ELSEWHERE,))),
        "own_text": dice.choice((*QUESTIONS, "Thank you very much!")),
        "locations": (place(FolderRole.SENT, number),),
    }
    return from_us(at, f"{number:03}@example.org", **given).message


def _theirs(dice: Random, at: datetime, number: int, mail: Mapping[str, Message]) -> Message:
    mine = [m for m in mail.values() if m.message_id.endswith("@example.org")]
    id = f"{number:03}@kent.gov.uk"
    places = (place(dice.choice((FolderRole.INBOX, FolderRole.JUNK)), number),)
    if mine and dice.random() < 0.5:
        of = dice.choice(mine)
        soon = timedelta(seconds=dice.choice((20, 90, 400, 4000, 200_000)))
        at = of.at + soon
        if dice.random() < 0.2:
            entry = from_us(of.at, of.message_id, subject=of.subject)
            named = dice.random() < 0.5
            report: dict[str, Any] = {"message_id": id, "locations": places}
            if dice.random() < 0.3:  # in words alone
                lost = f"Your message could not be delivered to <{of.to[0].address}>: unknown user."
                report |= {"report": None, "own_text": lost}
            return a_bounce(at, entry, named=named, **report).message
        if dice.random() < 0.6:
            given = _of_two(dice, of) | {"locations": places}
            return from_council(at, message_id=id, **given).message
    given = _shared(dice, mail) | dice.choice((*FLAVOURS, {}, {}, {}))
    given |= {
        "sender": dice.choice(
            (COUNCIL, COUNCIL, COMPLAINTS, OFFICER, MEDWAY, COUNCILLOR, ELSEWHERE)
        ),
        "own_text": dice.choice((*ANSWERS, *MACHINES, *MACHINES)),
        "locations": places,
    }
    return from_council(at, message_id=id, **given).message


def _of_two(dice: Random, of: Message) -> dict[str, Any]:
    """An answer to one message of ours that names what another may ask."""
    return {
        "sender": of.to[0].address if dice.random() < 0.7 else OFFICER,
        "subject": f"Re: {of.subject.removeprefix('Re: ')}",
        "in_reply_to": (of.message_id,),
        "references": (of.message_id,),
        "own_text": f"It will be on Monday. As to {dice.choice(SUBJECTS)}: yes, we can. Jane Doe",
    }
