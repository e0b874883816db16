"""Scenarios in plain words: no header, no report and no Re: tells what a message is."""

from __future__ import annotations

from datetime import timedelta

from tests.world import words
from tests.world.mails import INBOX, PARENT, text_mail
from tests.world.story import Story
from tests.world.truth import LONDON, working_day_after

_SECONDS = 1 / 86400


def _named(s: Story) -> str:
    return f"{s.officer} <{s.officer_address}>"


def officer_answers_by_a_rule(s: Story) -> None:
    """In her own name, in the first person, seconds later, as a rule of her mail program does."""
    first = s.ask(subject=s.subject())
    text = (
        f"Hello and thanks for this. My caseload is very high and I read everything in turn. I will"
        f" come back to you when I get to it, and I am sorry that it takes so long.\n\n{s.officer}"
    )
    s.say(
        first, days=s.rng.randrange(2, 20) * _SECONDS, sender=_named(s), body=text, quoted=False,
        linked=s.number % 2 == 0, subject=first.subject,
    )  # fmt: skip
    s.unanswered(first, acknowledged=True)


def answered_within_a_minute(s: Story) -> None:
    """As fast as a person at her desk can be."""
    first = s.ask()
    text = s.rng.choice(("Yes, that is fine.", "No, sorry, he has left.", "Friday at ten."))
    s.say(first, days=50 * _SECONDS, sender=_named(s), body=f"{text}\n\n{s.officer.split()[0]}")
    s.expect(first, "answered")


def bounced_in_words(s: Story) -> None:
    """The mail system of the parent sends no report, only its words."""
    first = s.ask()
    at = first.at + timedelta(minutes=4)
    message_id = s.new_id("mail.example.org")
    told = (
        "Hi. This is the qmail-send program at mail.example.org.\nI'm afraid I wasn't able to"
        " deliver your message to the following addresses.\nThis is a permanent error; I've given"
        f" up. Sorry it didn't work out.\n\n<{s.mailbox}>:\n192.0.2.7 does not like recipient.\n"
    )
    raw = text_mail(
        message_id=message_id, sender="MAILER-DAEMON@mail.example.org", to=(PARENT,),
        subject="failure notice", at=at, body=told,
    )  # fmt: skip
    s.keep(raw, INBOX, at, message_id)
    s.expect(first, "undelivered")


def case_closed_without_a_word(s: Story) -> None:
    first = s.ask()
    number = f"7{s.number:07}"
    s.acknowledge(
        first,
        subject=f"Case {number} opened",
        text=f"A case was opened for you. Your case number is {number}. Please quote it.",
    )
    s.say(
        first, days=9, subject=f"Case {number} closed", quoted=False, linked=False,
        body=f"Your case {number} has been closed. Thank you for contacting us.",
    )  # fmt: skip
    s.expect(first, "review", acknowledged=True)


def held_in_the_words_of_a_receipt(s: Story) -> None:
    """A person's letter that only acknowledges and promises; machines write the same."""
    first = s.ask()
    text = (
        "Dear Mrs Rowe\n\nI acknowledge your email. A full response will be sent to you within 10"
        f" working days.\n\nYours sincerely\n{s.officer}"
    )
    s.say(first, days=3, sender=_named(s), body=text)
    held_on = (first.at + timedelta(days=3)).astimezone(LONDON).date()
    s.unanswered(first, not_before=working_day_after(held_on, 10))


def logged_by_an_officer(s: Story) -> None:
    """What she signs says how any request is dealt with, and nothing of this one."""
    first = s.ask()
    number = s.rng.randrange(1000, 9999)
    text = s.rng.choice(
        (
            f"Information request: IR-{number}\n\nThank you for your request. It has been logged"
            " under the number above. We are required to respond within 20 working days. In"
            " some cases a fee may be payable.",
            f"Your request has been registered under number {number}. If we need anything clarified"
            " one of us will write to you. If you are unhappy with how it is dealt with, you can"
            " complain to the Information Commissioner.",
            "Your letter is being treated as a request under the Act. We have up to 20 working days"
            " to respond. We may need to consult the school before that.",
        )
    )
    signed = f"Yours sincerely\n{s.officer}\nInformation Rights Officer"
    s.say(first, days=2, sender=_named(s), body=f"Dear Mrs Rowe\n\n{text}\n\n{signed}")
    s.unanswered(first)


def taken_back_and_never_sent_again(s: Story) -> None:
    first = s.ask()
    text = f'{s.officer} would like to recall the message, "{first.subject}".'
    s.say(
        first, days=3, sender=_named(s), body=text, quoted=False, linked=False,
        subject=f"Recall: {first.subject}",
    )  # fmt: skip
    s.unanswered_or_review(first)


def quoted_by_groupwise(s: Story) -> None:
    """The out-of-office note has our own words below it, in a way of its own."""
    first = s.ask()
    quoted = f">>> {PARENT} {first.at:%d/%m/%y %H:%M} >>>\n\n{first.body}"
    s.say(
        first, days=1 / 1440, sender=_named(s), quoted=False,
        body=f"{words.OUT_OF_OFFICE}\n\n{quoted}",
    )  # fmt: skip
    s.unanswered(first, acknowledged=True)


PLAIN = tuple(
    function
    for name, function in list(globals().items())
    if callable(function)
    and getattr(function, "__module__", "") == __name__
    and not name.startswith("_")
)
