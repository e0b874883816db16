"""What a message is judged to be, from all that is known around it."""

from dataclasses import replace
from datetime import date, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.classify import OWN_REMINDER_DOMAIN
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Report, ReportedRecipient, ReportType
from inboxwatch.domain.threads import Direction
from tests.domain.evidence.mails import AT, OFFICER, TEAM, a_mail, judged

ACK = (
    "Thank you for your message to the team. We will pass it on to the officer for your area, "
    "who deals with all questions about plans."
)
FAILED = Report(
    type=ReportType.DELIVERY, recipients=(ReportedRecipient(address="a@b", action="failed"),)
)


def test_a_plain_answer_is_a_persons() -> None:
    found = judged(a_mail("Yes, Tuesday is fine."))

    assert found.kind is Kind.HUMAN
    assert not found.holding


def test_a_report_decides_before_anything_taught() -> None:
    mail = a_mail("Undelivered", report=FAILED)
    taught = ((OFFICER.address, judged(mail).fingerprint, Kind.HUMAN),)

    found = judged(mail, taught=taught)

    assert found.kind is Kind.BOUNCE
    assert "not delivered to a@b" in found.reasons[0]


@pytest.mark.parametrize("sender", [OFFICER.address, "*"])
def test_what_a_person_taught_holds_for_the_same_words(sender: str) -> None:
    """Digits and names may differ."""
    text = judged(a_mail("Dear Sam, your form 123 lies upon a shelf at our place.")).fingerprint
    again = a_mail("Dear Ms Hollis, your form 987 lies upon a shelf at our place.")

    found = judged(again, taught=((sender, text, Kind.ACKNOWLEDGEMENT),))

    assert judged(again).kind is Kind.HUMAN
    assert found.kind is Kind.ACKNOWLEDGEMENT
    assert found.evidence[0].source == "taught"


def test_what_somebody_has_looked_at_is_in_no_doubt() -> None:
    mail = a_mail("I have mislaid your letter and will ring you.")
    taught = ((OFFICER.address, judged(mail).fingerprint, Kind.HUMAN),)

    assert judged(mail).may_hold
    assert not judged(mail, taught=taught).may_hold


def test_what_was_taught_for_another_sender_does_not_hold() -> None:
    mail = a_mail("Your form lies upon a shelf at our place.")
    taught = (("other@brackford.gov.uk", judged(mail).fingerprint, Kind.ACKNOWLEDGEMENT),)

    assert judged(mail, taught=taught).kind is Kind.HUMAN
    assert judged(replace(mail, sender=None), taught=taught).kind is Kind.HUMAN


def test_a_text_without_words_cannot_be_taught() -> None:
    mail = a_mail("", subject="")

    assert judged(mail, taught=((OFFICER.address, "", Kind.BULK),)).kind is Kind.HUMAN


def test_the_same_words_within_a_minute_of_ours_are_a_machines() -> None:
    mail = a_mail(ACK, sender=TEAM)

    quick = judged(
        mail, own_message_at=AT - timedelta(seconds=40), answers_ours=True, seen_before=2
    )

    assert judged(mail).kind is Kind.HUMAN
    assert quick.kind is Kind.ACKNOWLEDGEMENT
    assert any("40 s after" in reason for reason in quick.reasons)
    assert any("twice before" in reason for reason in quick.reasons)


def test_a_reminder_of_ours_is_known_by_its_message_id() -> None:
    mail = a_mail("No reply found", message_id=f"abc@{OWN_REMINDER_DOMAIN}")

    assert judged(mail).kind is Kind.OWN_REMINDER


def test_our_own_mail_is_a_persons_whatever_it_says() -> None:
    mail = a_mail("We have received your request and aim to respond within 10 working days.")

    assert judged(mail, direction=Direction.SENT).kind is Kind.HUMAN


def test_our_own_thanks_need_no_reply() -> None:
    assert judged(a_mail("Thank you!"), direction=Direction.SENT).needs_no_reply
    assert not judged(a_mail("When?"), direction=Direction.SENT).needs_no_reply


def test_our_own_vacation_notice_starts_no_wait() -> None:
    mail = a_mail("I am away.", headers={"auto-submitted": "auto-replied"})

    found = judged(mail, direction=Direction.SENT)

    assert found.kind is Kind.OUT_OF_OFFICE
    assert found.needs_no_reply


def test_a_holding_reply_keeps_its_promised_day() -> None:
    found = judged(a_mail("I have passed this on, we will answer by Friday 12 June."))

    assert (found.kind, found.holding) == (Kind.HUMAN, True)
    assert found.promised_on == date(2026, 6, 12)


def test_what_only_promises_an_answer_is_no_answer_whoever_wrote_it() -> None:
    """A person's words and a machine's are the same here; nobody has to be asked."""
    text = "I acknowledge your email. A full response will be sent to you by Friday 12 June."
    found = judged(a_mail(f"{text}\n\nYours sincerely\nRuth Amory", references=("a@b",)))

    assert (found.kind, found.holding) == (Kind.HUMAN, True)
    assert found.promised_on == date(2026, 6, 12)
    assert found.machine_promise is None


def test_promised_days_count_from_the_local_day_of_the_message() -> None:
    """Half past midnight in London is still the day before in UTC."""
    mail = a_mail("I will get back to you tomorrow.", at=AT.replace(hour=23, minute=30))

    assert judged(mail).promised_on == date(2026, 6, 5)
    assert judged(mail, said_at=AT).promised_on == date(2026, 6, 4)


def test_a_machines_promise_is_shown_and_moves_nothing() -> None:
    text = "Your email has been received. We aim to respond within 20 working days."

    found = judged(a_mail(text))

    assert found.kind is Kind.ACKNOWLEDGEMENT
    assert found.machine_promise == "We aim to respond within 20 working days."
    assert found.promised_on is None


def test_a_challenge_says_what_to_do() -> None:
    found = judged(
        a_mail("This mailbox is no longer in use. Please use the form at www.brackford.gov.uk/f.")
    )

    assert found.kind is Kind.CHALLENGE
    assert found.action == "write elsewhere: www.brackford.gov.uk/f"


def test_the_quotation_of_a_mail_system_is_read_too() -> None:
    """A returned message often looks like quotation from its first line."""
    mail = a_mail(
        "",
        sender=replace(OFFICER, address="mailer-daemon@mx.example", name=""),
        subject="failure notice",
        quoted_text="> Hi. This is the qmail-send program at mx.example.",
    )

    assert judged(mail).kind is Kind.BOUNCE


def test_what_a_person_quotes_is_not_theirs() -> None:
    mail = a_mail(
        "I am sorry that nobody rang. I will ring you today.",
        quoted_text="This is an automated response. Your email has been received.",
    )

    assert judged(mail).kind is Kind.HUMAN


def test_the_middle_of_a_very_long_text_is_not_read() -> None:
    mail = a_mail("word " * 2000 + "this is an automated response " + "word " * 2000)

    assert judged(mail).kind is Kind.HUMAN


def test_references_and_fingerprint_are_found_whatever_the_kind() -> None:
    found = judged(a_mail("Our reference: KCC-1234567", report=FAILED))

    assert found.case_references == ("KCC-1234567",)
    assert len(found.fingerprint) == 16


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_judged(text: str, subject: str) -> None:
    found = judged(a_mail(text, subject=subject))

    assert found.kind in Kind
    assert found == judged(a_mail(text, subject=subject))


@given(st.text(alphabet="abcdefghij klmnop.\n", max_size=400))
def test_without_any_known_wording_a_named_officers_mail_is_a_persons(text: str) -> None:
    assert judged(a_mail(text)).kind is Kind.HUMAN


HOSTILE = {
    "empty lines": "\n",
    "blanks": " ",
    "one word": "a",
    "underscores": "_",
    "groups": "ABCDEF-",
    "numbers": "12/12/",
    "codes": "1000-1234567 ",
    "brackets": "[ref ",
    "places": "a.a@",
    "dates": "within 10 working days or by friday ",
    "phrases": "your email has been we will respond within please do not the following ",
    "sign-offs": "regards\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_judged_in_time(name: str) -> None:
    """What the reader lets through is judged within a moment, however it repeats itself."""
    text = (HOSTILE[name] * 16_000)[:16_000]
    mail = a_mail(text, quoted_text=text, subject=text[:990])

    began = process_time()
    judged(mail)

    assert process_time() - began < 1.5  # it takes some hundredths on an idle machine


def test_what_would_stop_a_clock_is_doubted_where_nothing_says_when_it_came() -> None:
    """Nor does it count as having come at once, though it stands just after the question."""
    answer = a_mail("Yes, Tuesday is fine.", is_undated=True)

    found = judged(answer, own_message_at=answer.at, answers_ours=True)

    assert found.kind is Kind.UNSURE
    assert found.reasons[0].startswith("it has no date")


def test_a_machine_s_mail_without_a_date_stays_a_machine_s() -> None:
    assert judged(a_mail("Undelivered", report=FAILED, is_undated=True)).kind is Kind.BOUNCE


def test_a_promise_without_a_date_promises_no_day() -> None:
    """Nobody knows which Friday is meant."""
    words = "Thank you. I have passed this on and we will answer by Friday."
    assert judged(a_mail(words)).holding

    found = judged(a_mail(words, is_undated=True))

    assert (found.kind, found.holding, found.promised_on) == (Kind.UNSURE, False, None)
