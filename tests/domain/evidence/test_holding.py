"""Holding replies, promises and thanks."""

from datetime import date

import pytest

from inboxwatch.domain.evidence.courtesy import needs_no_reply, said_in, says_nothing_but
from inboxwatch.domain.evidence.dates import weekends_only
from inboxwatch.domain.evidence.holding import machine_promise, outlook
from inboxwatch.domain.evidence.wording import Says
from inboxwatch.domain.message import Attachment
from tests.domain.evidence.mails import WORDING, a_mail

SAID_ON = date(2026, 6, 3)


def ahead(text: str, **changes: object) -> tuple[bool, date | None]:
    found = outlook(a_mail(text, **changes), WORDING, SAID_ON, weekends_only)
    return found.is_holding, found.promised_on


@pytest.mark.parametrize(
    ("text", "promised_on"),
    [
        ("Dear Sam,\n\nI have passed this on, we will answer by Friday.", (2026, 6, 5)),
        ("Thank you for your email. I am looking into this and will get back to you.", None),
        (
            "Hello, I hope you are well. I have forwarded your email to my manager, who will reply "
            "by the end of next week. Apologies for the delay.\n\nKind regards\nKit Lander",
            (2026, 6, 12),
        ),
        ("Your email has been passed to the SEND service. You will receive a full reply by "
         "Friday 12 June.\n\nRegards\nRuth Amory\nComplaints officer", (2026, 6, 12)),
        ("I'll chase this up and let you know within 5 working days. Thanks\nRuth", (2026, 6, 10)),
        ("Someone will be in touch. Your reference is KCC-1234567.", None),
        ("Please bear with us.", None),
        ("Dear Mrs Hollis, thank you for your letter. We are looking into it.", None),
        ("I've passed this to Kit in the Ashby team, who will be in contact.", None),
        ("I need to speak to the Trust first. I'll update you by 17.6.26.", (2026, 6, 17)),
        ("Thanks. I've asked the school and will let you know by next Wednesday.", (2026, 6, 10)),
        ("I am making enquiries and will write to you by the end of next week.", (2026, 6, 12)),
        ("Diolch am eich neges. Byddaf yn edrych i mewn i hyn ac yn ymateb erbyn 12 Mehefin.",
         (2026, 6, 12)),
        ("Diolch. Byddwn yn cysylltu erbyn dydd Gwener.", (2026, 6, 5)),
        ("I have spoken to my manager and will get back to you tomorrow.", (2026, 6, 4)),
        ("Sorry, I haven't had a chance to look at this yet. I will do so tomorrow.", (2026, 6, 4)),
        ("Your query is being looked at by the team. We hope to reply by 12 June.", (2026, 6, 12)),
        ("I don't have an answer yet but will update you after the panel.", None),
        ("Thanks Alex. I'm on it and will be back in touch.", None),
        ("I'm sorry you have had to chase. Your complaint is under investigation.", None),
        ("This has gone to panel. We will let you know the outcome.", None),
        ("I'm out today but will deal with this tomorrow.", (2026, 6, 4)),
        ("I'm new to this case, please give me a few days to read it.", (2026, 6, 8)),
        ("The panel has not decided yet and I will let you know once it has.", None),
        ("I will let you know when the panel has decided.", None),
        ("Leave it with me.", None),
        ("Not forgotten you!", None),
        ("Let me find out.", None),
        ("I'll see what I can do.", None),
        ("Still waiting on health, I'm afraid.", None),
        ("I've asked the therapist for it.", None),
        ("This is not my area so I've copied in Tom, who should be able to help.", None),
        ("Thank you. One of the team will pick this up.", None),
        ("Your complaint has been passed to stage two. Mrs Kerr will investigate it.", None),
        ("The Trust will endeavour to provide this and I will keep you informed.", None),
        ("Jane is off this week. I will ask her when she is back.", None),
        ("I'll speak with the EP when she is back on Monday 8 June.", (2026, 6, 8)),
        ("Not my area. It is now with our transport colleagues.", None),
        ("You asked for the following:\n\n* a copy of the report\n* please list the dates\n\n"
         "Your request will now be considered. You will receive a response by 12 June.",
         (2026, 6, 12)),
    ],
)  # fmt: skip
def test_a_message_that_only_holds(text: str, promised_on: tuple[int, int, int] | None) -> None:
    assert ahead(text) == (True, date(*promised_on) if promised_on else None)


@pytest.mark.parametrize(
    ("text", "promised_on"),
    [
        ("The panel agreed to fund the therapy. I will send you the letter by 12 June.",
         (2026, 6, 12)),
        ("I have passed this on. Could you send me the report?", None),
        ("The report is attached and I will get back to you about the other points.", None),
        ("Sam can have a travel pass instead, I'll look into the costs.", None),
        ("Yes. I'll call you tomorrow.", (2026, 6, 4)),
        ("This went to panel and was turned down. I will be in touch.", None),
        ("You can appeal within two months. I will get back to you about mediation.", None),
        ("I am afraid the answer is no. I will let you know if that changes.", None),
        ("We have no record of that meeting. I'll ask my colleague and come back to you.", None),
        ("The panel agreed to it and I will write to the school.", None),
        ("The school has refused the place and I'll be in touch with the others.", None),
        ("We have decided not to assess. Somebody will be in touch.", None),
        ("I have arranged the taxi and will send you the details by Friday.", (2026, 6, 5)),
        ("The meeting is on Tuesday 9 June.", None),
        ("I have sent it to you by post today.", (2026, 6, 3)),
        ("It has been sent to your home address.", None),
        ("I've shared the folder with you.", None),
        ("We have sent the plan to the school.", None),
        ("I've escalated this to the Director, who has refused it.", None),
        ("I have raised this with the firm and it starts on Friday.", (2026, 6, 5)),
        ("I have passed your details to the firm, they will pick him up.", None),
        ("You will have the same escort as before.", None),
        ("We'll review the plan in July.", None),
        ("The report is due back on 14 June and I'll send it over then.", (2026, 6, 14)),
        ("I have passed this on. " + "The school was told that the hours were cut. " * 12, None),
        ("I will get back to you. " * 60, None),
        ("I'm waiting for you to sign the form.", None),
        ("We're waiting for your comments on the draft.", None),
        ("I've passed this to Oakwood, they can take him from Monday.", (2026, 6, 8)),
        ("I've asked the therapist and she says that there is no report.", None),
        ("We will look at the plan again if you send the new report.", None),
        ("Let me check: yes, it was lost.", None),
        ("I will ask you to come in, I'll let you know.", None),
        ("I'm on it on Tuesdays and Thursdays.", None),
        ("You asked for this:\n\n* the taxi is agreed\n\nI will let you know about the rest.",
         None),
        ("You asked for this:\n\n* the hours: 12\n\nI will let you know about the rest.", None),
        ("Still waiting for the form from you.", None),
        ("We will investigate it no further.", None),
        ("Someone will be at the house at 8.15.", None),
        ("As part of our review the hours were cut to ten.", None),
        ("We're on it and the driver was changed.", None),
        ("We are reviewing the plan and the old one stays in force until then.", None),
        ("The team are dealing with it, his place is safe.", None),
        ("Bear with the driver, he comes at nine now.", None),
        ("I am looking into the rest. It is twelve hours.", None),
        ("Yes.", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_message_that_says_more_does_not_hold(
    text: str, promised_on: tuple[int, int, int] | None
) -> None:
    assert ahead(text) == (False, date(*promised_on) if promised_on else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are required to respond within 20 working days.", True),
        ("Your request has been logged under reference FOI 123. We may need to consult the trust.",
         True),
        ("Your request is being treated as a subject access request under the Act. " * 3, True),
        ("Freedom of Information request: FOI-2855", False),
        ("Freedom of Information request: FOI-2855\nI will be in touch.", True),
        ("Freedom of Information request FOI-2855 is closed\nI will be in touch.", False),
        ("We are required to respond within 20 working days. The report is exempt.", False),
        ("Your request is covered by section 21, as the policy is on our website.", False),
        ("Your complaint was received on 3 May and we found no fault.", False),
        ("Due to sickness the review meeting on Monday is cancelled.", False),
        ("Please note that the therapist comes on Tuesday. I will be in touch.", False),
        ("We are required to respond within 20 working days. Is Sam at school?", False),
        ("It has been recorded as an unauthorised absence.", False),
        ("We may need to ask the school for a map of provision, which they have not sent.", False),
        ("Our officers are focused on Year 6, so the review moves to May.", False),
        ("We are required to respond within 20 days and our response is that we have none.", False),
        ("You have 15 days to respond to the draft plan.", False),
        ("You must reply within 15 days.", False),
        ("We hope to provide the therapy from September.", False),
        ("I'll be in touch. Please let me know which day suits you.", False),
    ],
)  # fmt: skip
def test_how_any_request_is_dealt_with_says_nothing_of_this_one(text: str, expected: bool) -> None:
    assert ahead(text)[0] is expected


def test_a_message_with_a_document_does_not_hold() -> None:
    letter = Attachment(name="Letter.pdf", content_type="application/pdf", size=9)

    assert ahead("I will get back to you.", attachments=(letter,)) == (False, None)


def test_a_letter_whose_attachment_is_an_acknowledgement_says_nothing() -> None:
    letter = Attachment(name="Letter.pdf", content_type="application/pdf", size=9)

    def holds(text: str) -> bool:
        return ahead(text, attachments=(letter,))[0]

    assert holds("Thank you for your request. Please find attached our acknowledgement.")
    assert not holds("Please find attached our acknowledgement and the report.")
    assert not holds("Please find attached the acknowledgement form. I will be in touch.")


def test_a_long_courtesy_is_read_as_content() -> None:
    text = "Thank you for your email, " + "and the hours that the school gives are right " * 5

    assert ahead(f"{text}. I will get back to you.") == (False, None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Thank you. We aim to respond within 20 working days.",
         "We aim to respond within 20 working days."),
        ("You should receive a response by 16 June 2026. Bye.",
         "You should receive a response by 16 June 2026."),
        ("Thank you for your email.", None),
        ("Your case was opened on 4 June 2026.", None),
    ],
)  # fmt: skip
def test_a_machines_promise_is_kept_as_it_was_said(text: str, sentence: str | None) -> None:
    assert machine_promise(a_mail(text), WORDING) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "Thank you.",
        "Hi Ruth,\n\nThanks so much, that's really helpful.\n\nSam",
        "Brilliant, thank you!\nSam Hollis",
        "Diolch yn fawr.",
        "Thanks, will do.",
        "Perfect. Thank you for letting me know and see you on the 12th.\n\nSam",
    ],
)
def test_thanks_need_no_reply(text: str) -> None:
    assert needs_no_reply(a_mail(text), WORDING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you. When will the plan be final?",
        "Thank you. I look forward to hearing from you.",
        "Thank you. Please send the report.",
        "Thank you for your email. My son has been out of school since Easter.",
        "The plan arrived today.",
        "Thank you, the taxi did not come again today.",
        "Many thanks, Section F is missing the therapy.",
        "Thanks, I'd be grateful for the date of the panel.",
        "Thank you for your reply which does not answer my question.",
        "Thank you for nothing",
        "Thanks, here is his birth certificate.",
        "Thank you. I am appealing.",
        "Thank you. " * 40,
    ],
)
def test_what_asks_or_tells_needs_one(text: str) -> None:
    assert not needs_no_reply(a_mail(text), WORDING)


def test_thanks_that_answer_nothing_are_no_end() -> None:
    assert not needs_no_reply(a_mail("Thank you.", subject="Thanks"), WORDING)
    assert needs_no_reply(a_mail("Thank you.", subject="Thanks", in_reply_to=("a@b",)), WORDING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am out of the office until Monday. I will reply on my return.\n\nThanks\nRuth", True),
        ("Thank you for your email. I am on annual leave.", True),
        ("I am on annual leave. The plan was sent on 3 June by post.", False),
        ("I am on annual leave, but the plan was sent.", False),
        ("I am on annual leave next week. Is Friday any good?", False),
    ],
)
def test_a_note_that_says_nothing_but_absence(text: str, expected: bool) -> None:
    assert says_nothing_but(Says.OUT_OF_OFFICE, text, WORDING) is expected


def test_sentences_end_with_the_sign_off() -> None:
    assert said_in("Dear Sam,\n\nYes it is.\n\nKind regards\nRuth\nOfficer") == ("Yes it is.",)
