"""The quick ways through a text give what the plain ones give, whatever the text."""

from __future__ import annotations

import hashlib
import re

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.evidence.courtesy import said_in
from inboxwatch.domain.evidence.fingerprint import fingerprint
from inboxwatch.domain.evidence.folded import Folded
from inboxwatch.domain.evidence.folding import SHORT_LINE, fold, plain_signs, sentences
from inboxwatch.domain.evidence.holding import machine_promise
from inboxwatch.domain.evidence.shape import observe_shape
from inboxwatch.domain.pages import plain
from tests.domain.evidence.mails import WORDING, a_mail

PIECES = (
    "a", "we", "Word", "éa", "I", "I'm", "my", "x-y", "it's", "`quoted`", "’s", "“q”", "–",
    "\u00a0", "Mon", "june", "sam", "12", "3rd", "²", "٣", "a@b.example", "https://a.example",
    "(www.a.example", "www.a.example", ".", "!", "?", ".)", '."', "...", ":", ",", "- ", "* ", "• ",
    "_", "\t", " ", "  ", "\n", "\n\n", "\r\n", " \n ", "\r", "x" * 44, "Thanks,", "Kind regards",
    "YOURS ſincerely", "Sam", "within", "in", "up to", "10", "five", "working", "days", "weeks",
    "hours",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).flatmap(
    lambda pieces: st.sampled_from(("", " ")).map(lambda glue: glue.join(pieces))
)


@given(TEXTS)
def test_words_are_found_as_by_their_pattern(text: str) -> None:
    folded = fold(text)

    assert Folded(folded).words == set(re.findall(r"\w+", folded))


@given(TEXTS)
def test_sentences_end_where_a_sign_and_a_blank_say_so(text: str) -> None:
    joined: list[str] = []
    lines = re.split(r"[ \t]*\r?\n[ \t]*", plain_signs(text).strip())
    width = max((len(line) for line in lines if " " in line), default=0)
    for before, line in zip(["", *lines], lines, strict=False):
        had_room = line[:1].isupper() and len(f"{before} {line.split()[0]}") <= width
        goes_on = joined and len(joined[-1]) >= SHORT_LINE and not had_room
        if line and goes_on and not joined[-1].endswith((".", "!", "?", ":")):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    ends = r"(?<=[.!?])[\"')\]]*\s+"
    parts = [part.strip() for block in joined for part in re.split(ends, block)]

    assert sentences(text) == tuple(part for part in parts if part)


@given(TEXTS)
def test_a_fingerprint_is_of_the_words_one_by_one(text: str) -> None:
    text = f"so {text}"  # no greeting
    words: list[str] = []
    for word in fold(text, 4000).split():
        if word.isalpha() or not re.search(r"[\d@]|://|^www\.", word):
            words += re.findall(r"[^\W\d_]+", word)
    kept = [word for word in words if word not in {"mon", "june"}]
    expected = hashlib.sha256(" ".join(kept).encode()).hexdigest()[:16]

    assert fingerprint(a_mail(text, sender=None, to=())) == expected


@given(TEXTS)
def test_a_time_limit_is_found_as_by_its_whole_pattern(text: str) -> None:
    limit = (
        r"\b(?:within|in|up to|aim\w* (?:to|for)|o fewn)\b[^.]{0,40}?"
        r"(?:\d+|five|ten|twenty|three|two)\b[^.]{0,12}\b(?:days?|weeks?|hours|diwrnod)"
    )
    is_there = any(re.search(limit, fold(sentence)) for sentence in said_in(text))

    # None of the pieces is a promise but by its time.
    assert (machine_promise(a_mail(text), WORDING) is not None) == is_there


@given(TEXTS)
def test_who_speaks_and_who_signs_is_found_as_by_the_patterns(text: str) -> None:
    message = a_mail(text, sender=None, subject="News", quoted_text="")
    folded = fold(text)
    seen = {observation.row for observation in observe_shape(message, folded)}

    speaks = re.search(r"\b(?:i|i'm|i've|i'll|i'd|me|my|mine|fy|rwyf|dwi)\b", folded)
    sign_off = r"(?:regards|sincerely|thanks|yours)[ \t]{0,9}[,.!]?[ \t]{0,9}\n\s{0,9}([^\n]{2,60})"
    signed = re.search(sign_off, plain_signs(text[-400:] + "\n"), re.IGNORECASE)
    by = signed.group(1).strip(" ,.*_") if signed else ""
    if re.fullmatch(r"[^\W\d_]{2,15}", by):
        assert "personal sign-off" in seen
    elif signed is None:
        assert "personal sign-off" not in seen
        assert ("speaks of nobody" in seen) == (len(folded) >= 60 and speaks is None)


@given(TEXTS)
def test_plain_words_are_those_of_the_pattern_without_the(text: str) -> None:
    words = re.findall(r"\w+", f"The {text}".casefold().replace("e-mail", "email"))

    assert plain(f"The {text}") == f" {' '.join(word for word in words if word != 'the')} "
