"""Scenarios that are rare and treacherous: answers by odd ways, and what only looks like one."""

from __future__ import annotations

from datetime import timedelta

from tests.world import words
from tests.world.mails import ALIAS, INBOX, PARENT
from tests.world.story import Story

PARTNER = "partner@example.net"
LETTER = "Letter.pdf"


def officer_writes_from_home(s: Story) -> None:
    """Weeks later, from an address of her own, under another subject, but in answer to ours."""
    first = s.ask()
    s.say(first, days=24, sender="jane77@homemail.example", subject="about Tuesday")
    s.expect(first, "answered")


def answer_goes_to_the_partner(s: Story) -> None:
    first = s.ask(cc=(PARTNER,))
    s.say(first, days=5, sender=s.officer_address, receivers=(PARTNER,), cc=(PARENT,))
    s.expect(first, "answered")


def two_questions_one_answer(s: Story) -> None:
    hours, mileage = f"Hours of assistant {s.number}", f"Repayment of mileage, claim {s.number}"
    first = s.ask(subject=hours)
    second = s.ask(at=first.at + timedelta(days=6), subject=mileage)
    text = (
        f"Dear parent,\n\nI answer both of your emails together. On the {hours.lower()}: they stay"
        f" at twenty a week. Your mileage will be repaid on Friday.\n\n{s.officer}"
    )
    s.say(second, days=4, sender=s.officer_address, body=text)
    s.expect(first, "answered", "review")
    s.expect(second, "answered")


def promise_passed_and_chased(s: Story) -> None:
    first = s.ask()
    s.say(first, days=2, body=s.fill(words.HOLDING[1]), sender=s.officer_address)
    s.chase(first, 16)
    s.unanswered(first, chasers=1)


def letter_alone_attached(s: Story) -> None:
    first = s.ask()
    s.say(first, days=7, body="", quoted=False, document=LETTER, sender=s.officer_address)
    s.expect(first, "answered")


def see_attached_letter(s: Story) -> None:
    first = s.ask()
    s.say(first, days=7, body="Please see attached letter.", document=LETTER)
    s.expect(first, "answered")


def letter_of_business_support(s: Story) -> None:
    """A new message whose only words point to the letter."""
    first = s.ask()
    s.say(
        first, days=7, body="Please see attached letter.", document=LETTER, quoted=False,
        linked=False, subject="Letter", sender=f"business.support@{s.domain}",
    )  # fmt: skip
    s.unanswered_or_review(first)


def officers_talk_with_us_copied(s: Story) -> None:
    first = s.ask()
    colleague = f"team.leader@{s.domain}"
    s.say(
        first, days=3, sender=s.officer_address, receivers=(colleague,), cc=(PARENT,),
        body="Hi, can you pick this one up please, I am at panel all week?",
    )  # fmt: skip
    s.unanswered_or_review(first)


def away_but_answers(s: Story) -> None:
    first = s.ask()
    text = (
        f"Hi, I am out of the office from tomorrow so quickly: yes, {s.rng.choice(words.SUBJECTS)}"
        f" is settled for 24 March and you need not send anything else.\n\n{s.officer}"
    )
    s.say(first, days=2, sender=s.officer_address, body=text)
    s.expect(first, "answered", "review")


def answered_then_recalled(s: Story) -> None:
    first = s.ask()
    s.say(first, days=3, sender=s.officer_address)
    text = f'{s.officer} would like to recall the message, "{first.subject}".'
    s.say(
        first, days=3.1, sender=s.officer_address, body=text, quoted=False, linked=False,
        subject=f"Recall: {first.subject}",
    )  # fmt: skip
    s.expect(first, "answered")


def only_a_recall(s: Story) -> None:
    first = s.ask()
    text = f'{s.officer} would like to recall the message, "{first.subject}".'
    s.say(
        first, days=3, sender=s.officer_address, body=text, quoted=False, linked=False,
        subject=f"Recall: {first.subject}",
    )  # fmt: skip
    s.unanswered_or_review(first)


def bounced_a_week_later(s: Story) -> None:
    first = s.ask()
    s.bounce(first, minutes=7 * 1440 + 5)
    s.expect(first, "undelivered")


def on_behalf_of(s: Story) -> None:
    first = s.ask()
    sender = f'"{s.officer} on behalf of SEND" <{s.mailbox}>'
    s.say(first, days=6, sender=sender, headers=(("Sender", s.officer_address),))
    s.expect(first, "answered")


def secure_message_waits(s: Story) -> None:
    first = s.ask()
    s.say(
        first, days=5, sender=s.officer_address, quoted=False, linked=False,
        subject=f"RE: {first.subject}",
        body=f"{s.officer} has sent you a secure message. Sign in to read it at"
        " https://secure.example/m/81 before 4 July.",
    )  # fmt: skip
    s.expect(first, "review")


def secure_message_under_another_subject(s: Story) -> None:
    first = s.ask()
    s.say(
        first, days=5, quoted=False, linked=False, subject="You have a new secure message",
        body="You have received a secure message. Sign in to read the message.",
    )  # fmt: skip
    s.unanswered_or_review(first)  # review while few questions are open there


def read_long_after(s: Story) -> None:
    first = s.ask()
    s.receipt(first, hours=24 * 24)
    s.unanswered(first, read=True)


def delivered_twice_by_a_list(s: Story) -> None:
    first = s.ask()
    s.say(first, days=4)
    copy = s.mails[-1]
    listed = copy.raw.replace(b"MIME-Version", b"List-Id: <send.example>\r\nMIME-Version", 1)
    s.keep(listed, INBOX, copy.received_at + timedelta(minutes=3), copy.message_id)
    s.expect(first, "answered", chasers=0)


def asked_and_chased_by_phone(s: Story) -> None:
    first = s.ask(sender=ALIAS)
    text = s.fill("Any news about {child} please?\n\nSent from my iPhone")
    s.ask(at=first.at + timedelta(days=14), sender=ALIAS, after=first, body=text, linked=False)
    s.unanswered(first, chasers=1)


def answered_to_the_alias(s: Story) -> None:
    first = s.ask(sender=ALIAS)
    s.say(first, days=5, receivers=(ALIAS,), linked=False)
    s.expect(first, "answered")


def forwarded_to_another_desk_which_answers(s: Story) -> None:
    first = s.ask()
    desk = f"complaints@{s.domain}"
    body = f"Nobody has answered this.\n\n---- Forwarded message ----\n{first.body}"
    again = s.ask(
        at=first.at + timedelta(days=15), to=(desk,), subject=f"Fwd: {first.subject}", body=body
    )
    s.say(again, days=4, sender=desk)
    s.expect(again, "answered", mailbox=desk)


def case_system_answers(s: Story) -> None:
    first = s.ask()
    label = s.domain.partition(".")[0]
    s.say(
        first, days=8, linked=False, quoted=False, subject=f"RE: {first.subject}",
        sender=f"Information Governance <noreply@{label}.casesystem.example>",
        body=words.SYSTEM_ANSWER.format(reference=f"FOI-{80000 + s.number}"),
    )  # fmt: skip
    s.expect(first, "answered")


def case_system_answers_somebody_else(s: Story) -> None:
    """The same system writes for a body that nobody asked."""
    first = s.ask()
    s.say(
        first, days=8, linked=False, quoted=False, subject=f"RE: {first.subject}",
        sender="Licensing <noreply@otherplace.casesystem.example>",
        body=words.SYSTEM_ANSWER.format(reference=f"FOI-{80000 + s.number}"),
    )  # fmt: skip
    s.unanswered(first)


def acknowledged_weeks_later(s: Story) -> None:
    first = s.ask()
    s.acknowledge(
        first, minutes=12 * 1440, linked=True, subject=f"RE: {first.subject}",
        text="Thank you for your email, which has been received. We are experiencing a high volume"
        " of enquiries and aim to respond within 20 working days.",
    )  # fmt: skip
    s.unanswered(first, acknowledged=True)


def wrote_back_to_the_receipt(s: Story) -> None:
    first = s.ask()
    receipt = s.acknowledge(first, linked=True)
    s.ask(
        at=first.at + timedelta(days=11), after=receipt,
        body=s.fill("I have only had this automatic reply. Could somebody write about {child}?"),
    )  # fmt: skip
    s.unanswered(first, acknowledged=True, chasers=1)


def answer_quotes_the_receipt(s: Story) -> None:
    first = s.ask()
    receipt = s.acknowledge(first, linked=True)
    s.say(receipt, days=6, sender=s.officer_address)
    s.expect(first, "answered", acknowledged=True)


ODD = tuple(
    function
    for name, function in list(globals().items())
    if callable(function) and getattr(function, "__module__", "") == __name__
)
