"""Sentences that only say that somebody will see to it, in words that no list has."""

import pytest

from inboxwatch.adapters.wording import shipped_wording
from inboxwatch.domain.evidence.dates import weekends_only
from inboxwatch.domain.evidence.holding import outlook
from inboxwatch.domain.evidence.undertaking import only_undertakes, tells_nothing
from tests.domain.evidence.mails import a_mail
from tests.domain.evidence.test_holding import SAID_ON, ahead

WORDING = shipped_wording()


@pytest.mark.parametrize(
    "sentence",
    [
        "I'll speak with the EP when she is back on Monday.",
        "Let me ask Tom and come back to you on Thursday.",
        "I'll discuss this with colleagues and respond by Friday 12 June.",
        "I will check with the driver's firm.",
        "I've left a message for the EP.",
        "Mrs Kerr will write to you about this.",
        "Somebody from the team should call you.",
        "Trying again tomorrow.",
        "We hope to be able to look at it within ten working days.",
        "I'll find out what the school says.",
        "I haven't had a reply yet and will nudge them.",
        "Just to say I've seen this and will answer.",
        "Will discuss with the team on Monday and revert.",
        "Can't talk now, will call later this afternoon.",
        "It will be looked at by the team in the next few days.",
        "I've flagged it with the transport team as urgent.",
        "I hope to be able to get to this by the end of the week.",
        "I've left a message with the head teacher to call me back.",
        "I have made the SENCO aware and asked her to get in touch with you.",
        "I will take this to the team meeting and let you know what is agreed.",
        "I've put in a request to the school for their records and am waiting for them to reply.",
        "Not sure about this one, let me double check.",
    ],
)
def test_who_only_undertakes_tells_nothing(sentence: str) -> None:
    assert only_undertakes(sentence, WORDING)
    assert ahead(f"Hi Sam,\n\nThanks.\n{sentence}")[0]  # wherever it stands


@pytest.mark.parametrize(
    "sentence",
    [
        "I'll ask the school to keep his place.",
        "I will see him at school on Monday.",
        "We will look at fifteen hours.",
        "We will look after him until then.",
        "We will ensure that he is at school on Monday.",
        "I'll let him know that you agree.",
        "I will look into it if you send me the form.",
        "We will not deal with this again.",
        "Jane will read to him on Fridays.",
        "It'll be reviewed every six weeks at school.",
        "I'll send you the report tomorrow.",
        "I've asked them and they said no.",
        "I'll speak to the head about £40.",
        "May I ask you about it?",
        "The panel agreed and I will write to the school.",
        "I will ring you. " * 20,
        "SHE WILL ASK OAKFIELD.",
        "The meeting is on Monday.",
        "",
    ],
)
def test_who_also_tells_something_does_not(sentence: str) -> None:
    assert not only_undertakes(sentence, WORDING)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Jane is off this week.", True),
        ("I appreciate your patience.", True),
        ("It is now with them.", False),  # of common words alone an answer is made as well
        ("Oakfield is full.", False),
    ],
)
def test_words_of_dealing_with_things_tell_nothing(sentence: str, expected: bool) -> None:
    assert tells_nothing(sentence, WORDING) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Sorry for the wait.\nI'm in back to back meetings and owe you a call.",
        "Apologies - this went to junk. Looking into it now.",
        "I can see this hasn't been responded to, apologies. I will make sure someone gets back.",
        "I have forwarded this to your EHC coordinator who will respond in due course.",
        "Sorry, only just seen this. Can I come back to you tomorrow?",
        "The EP is on leave until Monday, she will contact you then.",
        "Unfortunately Sarah has left. I'll find out who has taken over the case.",
        "I'm sorry, I don't know the answer to this but I'll ask someone who does.",
    ],
)
def test_excuses_and_who_will_see_to_it_answer_nothing(text: str) -> None:
    assert ahead(f"Hi Sam,\n\n{text}")[0]


@pytest.mark.parametrize(
    "news",
    [
        "Taxi starts Monday.",
        "We can't offer this.",
        "We are not able to give him this.",
        "Not agreed, sorry.",
        "It's a no.",
        "No hours were agreed.",
        "That isn't possible.",
        "Panel said yes.",
        "All sorted.",
        "That's fine.",
        "It went out Monday.",
        "You're on the list.",
        "Meeting's off.",
        "Report enclosed.",
    ],
)
def test_who_answers_in_few_words_and_promises_more_has_answered(news: str) -> None:
    assert not ahead(f"Hi Sam,\n\n{news} I'll be in touch.")[0]


@pytest.mark.parametrize(
    "news",
    [
        "The reply was signed off and posted yesterday.",
        "Your new contact is Sally Reid.",
        "The wait is about 40 weeks.",
        "The review can wait until September.",
        "A manager has looked at this and the decision is the same.",
        "I understand your concern, but the therapist has left and there is no cover.",
        "I don't know, you'd have to ask the school.",
        "It was an oversight on our part and the hours have been put back.",
        "We reviewed what you sent and don't need anything else.",
        "We have received your request for an assessment and we will not be carrying one out.",
    ],
)
def test_who_answers_between_an_apology_and_a_promise_has_answered(news: str) -> None:
    sorry, promise = "Sorry for the delay.", "I will look into the rest and be in touch."
    assert not ahead(f"Hi Sam,\n\n{sorry} {news} {promise}")[0]
    assert not ahead(f"Hi Sam,\n\n{sorry} {promise} {news}")[0]
    assert ahead(f"Hi Sam,\n\n{sorry} {promise}")[0]


@pytest.mark.parametrize(
    "nothing",
    ["Not my area.", "No news yet.", "Please don't worry.", "I've not forgotten.", "Ruth Amory"],
)
def test_few_words_that_tell_nothing_leave_a_promise_alone(nothing: str) -> None:
    assert ahead(f"Hi Sam,\n\n{nothing}\n\nI will look into this and be in touch.")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I have mislaid your letter and will ring you.", True),
        ("I'll try again on Monday but the placement has fallen through.", True),
        ("We have now appointed a tutor, she will contact you to begin on Monday.", True),
        ("The tutor begins on Monday.", False),  # nobody undertakes anything
        ("I'll write to you. He gets fifteen hours.", False),
        ("I'll ring you. Which day suits?", False),
        ("The panel agreed and I'll write to you.", False),
        ("I'll ring the school. You can collect him at three.", False),
        ("I'll see to it. " + "The corridor was painted blue. " * 20, False),
    ],
)
def test_few_words_with_an_undertaking_may_hold_where_nothing_surely_tells_more(
    text: str, expected: bool
) -> None:
    found = outlook(a_mail(text), WORDING, SAID_ON, weekends_only)

    assert not found.is_holding
    assert found.may_hold is expected


def test_what_surely_holds_is_in_no_doubt() -> None:
    found = outlook(a_mail("I'll ring you tomorrow."), WORDING, SAID_ON, weekends_only)

    assert (found.is_holding, found.may_hold) == (True, False)
