"""The little language of the wording files."""

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxwatch.adapters.wording import shipped_wording
from inboxwatch.domain.evidence.folded import Folded, folded_text
from inboxwatch.domain.evidence.phrases import compile_phrase
from inboxwatch.domain.evidence.wording import Phrase, Says, Strength, Where, Wording

UNSCORED = {
    Says.HOLDING, Says.COURTESY, Says.PROCEDURE, Says.PROMISE, Says.THANKS, Says.WANTS_REPLY,
}  # fmt: skip


def found(phrase: str, text: str) -> str | None:
    return compile_phrase(phrase).search(folded_text(text))


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("thank you", "well, thank you.", "thank you"),
        ("^thank you", "thank you", "thank you"),
        ("thank you", "unthank you, thank you", "thank you"),
        ("thank you$", "so thank you", "thank you"),
        ("within # days", "within 10 days", "within 10 days"),
        ("within # days", "within ten (10) days", "within ten (10) days"),
        ("your * (was|has been) received", "your long letter was received", None),
        ("e-?mail", "an email", "email"),
        ("e-?mail", "an e-mail", "e-mail"),
        ("\\(delay\\)", "status (delay)", "(delay)"),
        ("out of (the |)office", "out of office", "out of office"),
        ("(a (b|c)|dd) end", "x a c end", "a c end"),
        ("(is|was) here", "this is here", "is here"),
        ("your * www", "your page www", "your page www"),
        ("back on (monday|the #)", "back on the 16th", None),
        ("bis *nicht", "bis zum 14. april nicht", "bis zum 14. april nicht"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str, words: str | None) -> None:
    assert found(phrase, text) == (words or text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("thank you", "thank yourself"),
        ("thank you", "unthank you"),
        ("thank you", "to thank or to unthank you"),
        ("^thank you", "so thank you"),
        ("thank you$", "thank you so much"),
        ("your * received", "your letter. it was received"),
        ("your * received", "your " + "very " * 20 + "received"),
        ("(is|was) here", "this here"),
        ("within # days", "within many days"),
        ("will be (on|at)", "it will be once"),
    ],
)
def test_a_phrase_is_not_found_elsewhere(phrase: str, text: str) -> None:
    assert found(phrase, text) is None


@pytest.mark.parametrize("phrase", ["ab", "(abc", "abc)", ")abc(", "a*b*c*d*efg", "", "^$"])
def test_a_phrase_that_cannot_be_meant_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(phrase))):
        compile_phrase(phrase)


@given(st.text(alphabet="ab7 *#()|^$\\-?.+[]{}é\n", min_size=3, max_size=30))
def test_whatever_is_taken_for_a_phrase_can_be_looked_for(text: str) -> None:
    """A pattern is made when it is first needed, so a fault in one would not show before."""
    with contextlib.suppress(ValueError):
        phrase = compile_phrase(text)
        assert phrase.pattern.pattern == phrase.source


SHIPPED = shipped_wording()


def plainly(phrase: Phrase, text: str) -> str | None:
    """Look for a phrase by its pattern at every place where the whole words it needs are there."""
    folded, compiled = Folded(text), phrase.compiled
    if any(need.isdisjoint(folded.words) for need in compiled.needs):
        return None
    for at in range(1 if compiled.at_start else len(text)):
        found = compiled.pattern.match(text, at)
        if found and not (compiled.at_word and text[max(at - 1, 0) : at].isalnum()):
            return found.group(0)
    return None


def written_out(phrase: Phrase) -> st.SearchStrategy[str]:
    """Write a phrase out in any of its ways, and a little wrongly."""
    signs = phrase.text.removeprefix("^").removesuffix("$").replace("-?", "-")
    pieces = re.split(r"[()|]", signs.replace("#", "7").replace("*", " so "))
    return st.lists(st.sampled_from([*pieces, " ", "s", "x"]), max_size=12).map("".join)


NOISE = st.text(alphabet="abcio ().|-'7é", max_size=30)
MAIL = st.lists(
    st.one_of(NOISE, st.sampled_from(SHIPPED.phrases).flatmap(written_out))
    | st.sampled_from(SHIPPED.phrases).map(lambda phrase: a_sentence(phrase.text)),
    max_size=6,
).map(lambda parts: " ".join(" ".join(parts).split()))


@given(st.sampled_from(SHIPPED.phrases), st.data())
def test_what_a_phrase_needs_never_hides_it(phrase: Phrase, data: st.DataObject) -> None:
    """The quick look finds what the pattern alone finds, whatever stands around."""
    around = NOISE | st.just(a_sentence(phrase.text)) | written_out(phrase)
    text = " ".join(" ".join(data.draw(st.lists(around, max_size=4))).split())

    assert phrase.compiled.search(Folded(text)) == plainly(phrase, text)


@settings(deadline=None)
@given(MAIL)
def test_all_phrases_together_are_found_as_each_alone(text: str) -> None:
    for says in Says:
        asked = (
            phrase
            for phrase in SHIPPED.phrases
            if phrase.says is says
            and not (says is Says.ANSWER and phrase.where is Where.SUBJECT)  # those of subjects
        )
        alone = (plainly(phrase, text) for phrase in asked)
        assert SHIPPED.says(says, text) == next((words for words in alone if words), None)


def test_a_phrase_is_found_behind_a_word_that_only_ends_like_it() -> None:
    phrase = compile_phrase("(ticket|#)* has been assigned")

    assert phrase.search(folded_text("ab7 ticket has been assigned")) == "ticket has been assigned"
    assert phrase.search(folded_text("ab7 has been assigned")) is None


def test_every_place_is_searched_for_its_phrases() -> None:
    """In the words of every shipped phrase at once no hit is lost to the quick look."""
    for phrase in SHIPPED.phrases:
        text = a_sentence(phrase.text)
        scored = [p for p in SHIPPED.phrases if p.where is phrase.where and p.says not in UNSCORED]
        found = {p.text for p in scored if plainly(p, text) is not None}
        hits = {hit.phrase.text for hit in SHIPPED.hits(phrase.where, text)}
        assert hits <= found
        assert bool(hits) == bool(found)


@pytest.mark.parametrize("phrase", shipped_wording().phrases, ids=lambda p: p.text[:40])
def test_every_shipped_phrase_can_be_found(phrase: Phrase) -> None:
    """A sentence made from the phrase itself contains it."""
    text = a_sentence(phrase.text)

    assert phrase.compiled.search(folded_text(text)) is not None, text


def a_sentence(phrase: str) -> str:
    """Write a phrase out: the first of each choice, a word for a star, seven for a number."""
    text = phrase.removeprefix("^").removesuffix("$").replace("-?", "-")
    text = re.sub(r"\\(.)", lambda m: {"(": "\x01", ")": "\x02"}.get(m.group(1), m.group(1)), text)
    while "(" in text:
        text = re.sub(r"\(([^()|]*)(?:\|[^()]*)?\)", r"\1", text)
    return text.replace("#", "7").replace("*", "").translate({1: "(", 2: ")"})


def test_of_two_phrases_that_overlap_the_longer_counts() -> None:
    phrases = tuple(
        Phrase(text=text, says=Says.OUT_OF_OFFICE, where=Where.TEXT)
        for text in ("on leave", "i am on leave")
    )

    hits = Wording(phrases).hits(Where.TEXT, "i am on leave")

    assert [hit.words for hit in hits] == ["i am on leave"]


def test_the_common_words_of_a_person_count_for_nothing_inside_of_another_phrase() -> None:
    wording = Wording(
        (
            Phrase(text="i am", says=Says.PERSON, where=Where.TEXT),
            Phrase(text="i am on leave", says=Says.OUT_OF_OFFICE, where=Where.TEXT),
        )
    )

    assert [hit.words for hit in wording.hits(Where.TEXT, "i am on leave")] == ["i am on leave"]
    assert [hit.words for hit in wording.hits(Where.TEXT, "i am sure")] == ["i am"]


def test_only_phrases_of_the_place_are_looked_for() -> None:
    wording = Wording((Phrase(text="newsletter", says=Says.BULK, where=Where.SUBJECT),))

    assert wording.hits(Where.TEXT, "our newsletter") == ()
    assert wording.says(Says.BULK, "our newsletter") == "newsletter"
    assert wording.says(Says.THANKS, "our newsletter") is None


def test_what_tells_of_things_to_come_weighs_nothing() -> None:
    wording = Wording((Phrase(text="will reply", says=Says.HOLDING, strength=Strength.STRONG),))

    assert wording.hits(Where.OPENING, "she will reply") == ()
