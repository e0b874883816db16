"""Scenarios in which somebody answers, and those in which a person has to decide."""

from __future__ import annotations

import base64
from datetime import timedelta

from tests.world import words
from tests.world.mails import ARCHIVE, JUNK
from tests.world.story import Story


def by_the_book(s: Story) -> None:
    first = s.ask()
    s.say(first, days=4)
    s.expect(first, "answered", acknowledged=False)


def from_an_officer(s: Story) -> None:
    first = s.ask()
    s.say(first, days=6, sender=s.officer_address)
    s.expect(first, "answered")


def after_acknowledgement(s: Story) -> None:
    first = s.ask()
    s.acknowledge(first)
    s.say(first, days=9)
    s.expect(first, "answered", acknowledged=True)


def late_after_chaser(s: Story) -> None:
    first = s.ask()
    second = s.chase(first, 20)
    s.say(second, days=8, sender=s.officer_address)
    s.expect(first, "answered", chasers=1)


def reply_without_headers(s: Story) -> None:
    first = s.ask()
    s.say(first, days=5, linked=False)
    s.expect(first, "answered")


def reply_with_rewritten_subject(s: Story) -> None:
    first = s.ask()
    number = 100000 + s.number
    subject = s.rng.choice(
        (
            f"[Ref: {number}] RE: {first.subject}",
            f"CRM:0{number} - RE: {first.subject}",
            f"RE: {first.subject} [Case {number}]",
        )
    )
    s.say(first, days=5, linked=False, subject=subject)
    s.expect(first, "answered")


def by_case_reference(s: Story) -> None:
    first = s.ask()
    reference = f"KCC-{4000000 + s.number}"
    s.acknowledge(
        first,
        text=words.ACK_REFERENCE.format(reference=reference),
        subject=f"Your enquiry {reference}",
        sender=f"noreply@{s.domain}",
    )
    s.say(
        first,
        days=7,
        linked=False,
        quoted=False,
        subject=f"{reference}: our response",
        sender=s.officer_address,
    )
    s.expect(first, "answered", acknowledged=True)


def thanked(s: Story) -> None:
    first = s.ask()
    answer = s.say(first, days=3)
    s.ask(at=answer.at + timedelta(hours=2), after=answer, body=s.rng.choice(words.THANKS))
    s.expect(first, "answered", chasers=0)


def held_then_answered(s: Story) -> None:
    first = s.ask()
    s.say(first, days=2, body=s.fill(words.HOLDING[0]))
    s.say(first, days=10, sender=s.officer_address)
    s.expect(first, "answered")


def by_a_system(s: Story) -> None:
    first = s.ask()
    reference = f"FOI-{70000 + s.number}"
    s.say(
        first,
        days=12,
        body=words.SYSTEM_ANSWER.format(reference=reference),
        sender=f"noreply@{s.domain}",
        quoted=False,
    )
    s.expect(first, "answered")


def in_junk(s: Story) -> None:
    first = s.ask()
    s.say(first, days=4, place=JUNK)
    s.expect(first, "answered")


def from_elsewhere(s: Story) -> None:
    first = s.ask()
    s.say(first, days=4, sender="casework@outsourced-send.example")
    s.expect(first, "answered")


def two_mailboxes_one_reply(s: Story) -> None:
    other = f"complaints@{s.domain}"
    first = s.ask(to=(s.mailbox, other))
    s.say(first, days=5)
    s.expect(first, "answered")
    s.expect(first, "answered", mailbox=other)


def our_id_was_rewritten(s: Story) -> None:
    begun = b"\x01\xdc" + f"conversation {s.number:07d}".encode()
    index = base64.b64encode(begun).decode()
    answered = base64.b64encode(begun + b"\x80later").decode()
    first = s.ask(headers=(("Thread-Index", index),))
    ghost = f"rewritten{s.number}@eurprd01.prod.outlook.example"
    s.say(
        first,
        days=5,
        references=(ghost,),
        subject="EHC plan",
        headers=(("Thread-Index", answered),),
    )
    s.expect(first, "answered")


def ghost_between(s: Story) -> None:
    first = s.ask()
    missing = f"missing{s.number}@{s.domain}"
    s.say(first, days=5, references=(first.message_id, missing))
    s.expect(first, "answered")


def date_lies(s: Story) -> None:
    first = s.ask()
    s.say(first, days=4, date_lies=timedelta(days=-400))
    s.expect(first, "answered")


def in_two_folders(s: Story) -> None:
    first = s.ask()
    s.say(first, days=4)
    s.again(ARCHIVE)
    s.expect(first, "answered")


def without_message_id(s: Story) -> None:
    first = s.ask()
    s.say(first, days=4, without_id=True)
    s.expect(first, "answered")


def in_html(s: Story) -> None:
    first = s.ask()
    s.say(first, days=4, html=True, quoted=False)
    s.expect(first, "answered")


def through_a_list(s: Story) -> None:
    first = s.ask()
    s.say(
        first,
        days=4,
        headers=(
            ("Precedence", "list"),
            ("List-Id", "send.team.example"),
            ("X-Auto-Response-Suppress", "DR, OOF, AutoReply"),
        ),
    )
    s.expect(first, "answered")


def away_after_answering(s: Story) -> None:
    first = s.ask()
    answer = s.say(first, days=2, sender=s.officer_address)
    thanks = s.ask(at=answer.at + timedelta(hours=1), after=answer, body=words.THANKS[0])
    s.acknowledge(thanks, text=words.OUT_OF_OFFICE, sender=s.officer_address)
    s.expect(first, "answered")


def three_questions(s: Story) -> None:
    first = s.ask()
    one = s.say(first, days=3)
    second = s.ask(at=one.at + timedelta(days=1), after=one)
    two = s.say(second, days=3)
    third = s.ask(at=two.at + timedelta(days=1), after=two)
    s.say(third, days=3)
    s.expect(third, "answered")


def bounced(s: Story) -> None:
    first = s.ask()
    s.bounce(first)
    s.expect(first, "undelivered", acknowledged=False)


def bounced_without_id(s: Story) -> None:
    first = s.ask()
    s.bounce(first, named=False)
    s.expect(first, "undelivered")


def delayed_then_failed(s: Story) -> None:
    first = s.ask()
    s.bounce(first, minutes=240, action="delayed")
    s.bounce(first, minutes=2900)
    s.expect(first, "undelivered")


def bounced_then_sent_again(s: Story) -> None:
    first = s.ask()
    s.bounce(first)
    second = s.ask(at=first.at + timedelta(days=1), after=first, body=first.body)
    s.say(second, days=5)
    s.expect(first, "answered")


def invited(s: Story) -> None:
    first = s.ask()
    s.invite(first, days=5)
    s.expect(first, "review")


def councillor_answers(s: Story) -> None:
    first = s.ask()
    s.say(first, days=3, sender=f"cllr.bold@members.{s.domain}")
    s.expect(first, "review")


def same_subject_both_open(s: Story) -> None:
    subject = s.subject()
    first = s.ask(subject=subject)
    second = s.ask(subject=subject, at=first.at + timedelta(hours=5))
    s.say(second, days=6, linked=False, quoted=False)
    s.expect(first, "review")
    s.expect(second, "review")


def quoted_under_new_subject(s: Story) -> None:
    first = s.ask()
    s.say(first, days=6, linked=False, subject="Our telephone call", sender=s.officer_address)
    s.expect(first, "review", "answered")


def only_copied(s: Story) -> None:
    first = s.ask(to=("head@school.example",), cc=(s.mailbox,))
    s.expect(first, "answered")


def thanked_without_headers(s: Story) -> None:
    first = s.ask()
    answer = s.say(first, days=3, linked=False)
    s.ask(
        at=answer.at + timedelta(hours=2),
        after=answer,
        body=s.rng.choice(words.THANKS),
        linked=False,
    )
    s.expect(first, "answered", chasers=0)


def told_of_something_else(s: Story) -> None:
    first = s.ask()
    s.say(first, days=2)
    s.say(
        first,
        days=20,
        linked=False,
        quoted=False,
        subject="Our sensory service is moving",
        body=s.fill(words.UNRELATED),
        sender=s.officer_address,
    )
    s.expect(first, "answered")


ANSWERED = tuple(
    function
    for name, function in list(globals().items())
    if callable(function) and getattr(function, "__module__", "") == __name__
)
