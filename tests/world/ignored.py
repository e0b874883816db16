"""Scenarios in which nobody answers, whatever machines say."""

from __future__ import annotations

from datetime import timedelta

from tests.world import words
from tests.world.mails import ALIAS, INBOX
from tests.world.story import Story
from tests.world.truth import working_day_after


def silence(s: Story) -> None:
    s.unanswered(s.ask(), chasers=0, acknowledged=False, read=False)


def silence_chased(s: Story) -> None:
    first = s.ask()
    second = s.chase(first, 8)
    s.chase(second, 6)
    s.unanswered(first, chasers=2)


def chased_without_headers(s: Story) -> None:
    first = s.ask()
    s.chase(first, 9, linked=False)
    s.unanswered(first, chasers=1)


def forwarded_again(s: Story) -> None:
    first = s.ask()
    s.ask(
        at=first.at + timedelta(days=12),
        after=first,
        linked=False,
        subject=f"Fwd: {first.subject}",
        body="Please see my message below, still unanswered.",
    )
    s.unanswered(first, chasers=1)


def acknowledged(s: Story) -> None:
    first = s.ask()
    s.acknowledge(first)
    s.unanswered(first, acknowledged=True, chasers=0)


def acknowledged_by_standard(s: Story) -> None:
    first = s.ask()
    s.acknowledge(
        first,
        linked=True,
        headers=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")),
    )
    s.unanswered(first, acknowledged=True)


def acknowledged_with_other_subject(s: Story) -> None:
    first = s.ask()
    s.acknowledge(first, subject="Thank you for contacting us", sender=f"noreply@{s.domain}")
    s.unanswered(first, acknowledged=True)


def acknowledged_twice_and_chased(s: Story) -> None:
    first = s.ask()
    s.acknowledge(first, text=words.ACKS[0])
    second = s.chase(first, 11)
    s.acknowledge(second, text=words.ACKS[0])
    s.unanswered(first, acknowledged=True, chasers=1)


def out_of_office(s: Story) -> None:
    first = s.ask(to=(s.officer_address,))
    s.acknowledge(first, text=words.OUT_OF_OFFICE, sender=s.officer_address)
    s.unanswered(first, s.officer_address, acknowledged=True)


def out_of_office_exchange(s: Story) -> None:
    first = s.ask()
    s.acknowledge(
        first,
        text=words.OUT_OF_OFFICE,
        minutes=0.2,
        headers=(
            ("X-Auto-Response-Suppress", "All"),
            ("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent"),
            ("X-MS-Exchange-Parent-Message-Id", f"<{first.message_id}>"),
            ("Auto-Submitted", "auto-generated"),
        ),
    )
    s.unanswered(first, acknowledged=True)


def read_and_silent(s: Story) -> None:
    first = s.ask()
    s.receipt(first, hours=30)
    s.unanswered(first, read=True, deleted=False, acknowledged=True)


def deleted_unread(s: Story) -> None:
    first = s.ask()
    s.receipt(first, hours=50, disposition="deleted")
    s.unanswered(first, read=False, deleted=True)


def delayed_then_delivered(s: Story) -> None:
    first = s.ask()
    s.bounce(first, minutes=250, action="delayed")
    s.unanswered(first, acknowledged=False)


def challenged(s: Story) -> None:
    first = s.ask()
    s.acknowledge(first, text=words.CHALLENGE)
    s.unanswered(first, acknowledged=True)


def newsletter_meanwhile(s: Story) -> None:
    first = s.ask()
    s.say(
        first,
        days=4,
        body=s.fill(words.NEWSLETTER),
        linked=False,
        quoted=False,
        subject="SEND News: spring edition",
        sender=f"newsletter@{s.domain}",
        headers=(("List-Unsubscribe", "<https://news.example/u>"), ("Precedence", "bulk")),
    )
    s.unanswered(first, acknowledged=False)


def held_without_date(s: Story) -> None:
    first = s.ask()
    s.say(first, days=2, body=s.fill(s.rng.choice(words.HOLDING)))
    s.unanswered(first)


def held_until_a_day(s: Story) -> None:
    first = s.ask()
    promised = working_day_after((first.at + timedelta(days=2)).date(), 15)
    text = s.fill(words.HOLDING_DATED, date=f"{promised.day} {promised:%B %Y}")
    s.say(first, days=2, body=text, sender=s.officer_address)
    s.unanswered(first, not_before=promised, promised_on=promised)


def own_copy_in_inbox(s: Story) -> None:
    first = s.ask()
    s.again(INBOX)
    s.unanswered(first, chasers=0)


def from_an_alias(s: Story) -> None:
    first = s.ask(sender=ALIAS)
    s.unanswered(first)


def copied_friend_answers(s: Story) -> None:
    friend = "helper@advice.example.net"
    first = s.ask(cc=(friend,))
    s.say(first, days=1, sender=friend, body="I think you should also ask about transport.")
    s.unanswered(first)


def answered_then_asked_again(s: Story) -> None:
    first = s.ask()
    answer = s.say(first, days=3)
    second = s.ask(
        at=answer.at + timedelta(days=2),
        after=answer,
        body=s.fill("One more question. Which hours will {child} have from September onwards?"),
    )
    s.unanswered(second, chasers=0)


def moved_to_an_officer(s: Story) -> None:
    first = s.ask()
    answer = s.say(first, days=4, sender=s.officer_address)
    second = s.ask(
        at=answer.at + timedelta(days=3),
        after=answer,
        to=(s.officer_address,),
        body=s.fill("Thank you. Could you tell me who will carry out the assessment of {child}?"),
    )
    s.expect(first, "answered")
    s.unanswered(second, s.officer_address)


def same_subject_other_answered(s: Story) -> None:
    subject = s.subject()
    first = s.ask(subject=subject)
    second = s.ask(subject=subject, at=first.at + timedelta(days=5))
    s.say(second, days=2)
    s.unanswered(first, chasers=0)
    s.expect(second, "answered")


def one_body_of_two_answers(s: Story) -> None:
    other = "health@nhs-kent.example"
    first = s.ask(to=(s.mailbox, other))
    s.say(first, days=3, sender=other)
    s.unanswered(first)
    s.expect(first, "answered", mailbox=other)


def forwarded_inside_by_machine_rule(s: Story) -> None:
    first = s.ask()
    s.acknowledge(
        first,
        subject="Message received",
        minutes=3,
        sender=f"donotreply@{s.domain}",
        text="Your message has been logged on our system and passed to the relevant team. You"
        " will receive a reply within 15 working days.",
    )
    s.unanswered(first, acknowledged=True)


IGNORED = tuple(
    function
    for name, function in list(globals().items())
    if callable(function) and getattr(function, "__module__", "") == __name__
)
