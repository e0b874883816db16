"""Sentences that only say that somebody will see to it, in words that no list has."""

import pytest

from inboxwatch.adapters.wording import shipped_wording
from inboxwatch.domain.evidence.undertaking import only_undertakes, tells_nothing
from tests.domain.evidence.test_holding import ahead

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
