"""The little language of the wording files: compile a phrase, find it quickly. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from inboxwatch.domain.evidence.folded import Folded, Start

_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty"
)
_GAP = (
    r"(?:[^.!?]|\.(?=\S)|(?<=\d)\.){0,60}?"  # a full stop within a word or after a number goes on
)
_NUMBER = rf"(?:\d{{1,3}}(?:st|nd|rd|th)?|{_NUMBER_WORDS})(?: ?\(\d+\))?"
_SIGN = re.compile(r"\\.|-\?|.", re.DOTALL)
_PARTS = {"*": _GAP, "#": _NUMBER, "(": "(?:", ")": ")", "|": "|", "-?": "-?"}
_WORD = re.compile(r"\w+")
_WORD_ENDS = r"(?:(?<!\w)|(?!\w))"
_FEWEST_SIGNS = 3
_MOST_GAPS = 3  # more would let a hostile text make matching slow
_COMMON_WORDS = (
    "a am and are as at be been by can did do for from had has have i if in is it ll me my no not"
    " of on or our re so that the their there they this to us ve was we were what when which who"
    " will with would you your please email message reply dear"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_EDGE = "\0"  # stands for the ends of a phrase and for what is not fixed, in its skeleton


@dataclass(frozen=True)  # no slots: the pattern comes later
class CompiledPhrase:
    """A phrase as a pattern, with what must be in a text before it can match.

    That is all of `words`, and one each of `choices`. Where no whole words tell the places to look
    at, one part of a word of each of `stems` is asked for too.
    """

    source: str  # of the pattern
    words: frozenset[str]
    choices: tuple[frozenset[str], ...]
    stems: tuple[tuple[str, ...], ...]
    at_start: bool  # it is bound to the start of the place
    at_end: bool
    at_word: bool  # it begins where a word does
    first: tuple[Start, ...] | None  # with one of these it begins; None when that is not certain

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a text is matched with, made for the first text that has what is needed.

        A thousand take 0.1 s, and most are never asked for.
        """
        return re.compile(self.source)

    @property
    def needs(self) -> tuple[frozenset[str], ...]:
        """Sets of words of which a text must have one each."""
        return (*(frozenset({word}) for word in sorted(self.words)), *self.choices)

    @property
    def rarest(self) -> frozenset[str]:
        """The needed words that are likely to be the rarest. Empty for none."""
        return max(self.needs, key=_rarity, default=frozenset())

    def may_stand_in(self, text: Folded) -> bool:
        """Tell whether a text has all that is needed."""
        if not self.words <= text.words:
            return False
        for choice in self.choices:
            if choice.isdisjoint(text.words):
                return False
        for stems in self.stems:
            for stem in stems:
                if stem in text.vocabulary:
                    break
            else:
                return False
        return True

    def may_stand_within(self, text: Folded) -> bool:
        """Tell whether it could stand in a part of a text that is cut out between words."""
        if self.at_start or self.at_end:
            return self.may_stand_in(text)
        return self.search(text) is not None

    def search(self, text: Folded) -> str | None:
        """Return the words of a folded text that are this phrase, or None."""
        if not self.may_stand_in(text):
            return None
        if self.at_start:
            found = self.pattern.match(text.text)
            return None if found is None else found.group(0)
        if self.first is not None:
            for at in text.places_of(self.first):
                if (found := self.pattern.match(text.text, at)) is not None:
                    return found.group(0)
            return None
        # Where a word begins is asked here: a pattern that begins with its first letters is fast.
        found = self.pattern.search(text.text)
        while found and self.at_word and text.text[found.start() - 1 : found.start()].isalnum():
            found = self.pattern.search(text.text, found.start() + 1)
        return found.group(0) if found else None


def _rarity(need: frozenset[str]) -> tuple[bool, int, int]:
    return need.isdisjoint(_COMMON), min(map(len, need)), -len(need)


def compile_phrase(phrase: str) -> CompiledPhrase:
    """Compile a phrase as it stands in a wording file.

    `*` stands for up to 60 characters of the same sentence, `#` for a number in digits or words,
    `-?` for a hyphen or none, `(a|b|)` for a choice; `^` at the start and `$` at the end bind it
    to the ends of the place; a backslash takes the meaning from the sign after it. All else is
    itself, so that no phrase can make matching slow.

    Raises:
        ValueError: it is too short, has too many stars or brackets that do not fit.
    """
    inner = phrase.removeprefix("^").removesuffix("$")
    signs = _SIGN.findall(inner)
    depth = lowest = 0
    for sign in signs:
        depth += (sign == "(") - (sign == ")")
        lowest = min(lowest, depth)
    if depth != 0 or lowest < 0:
        raise ValueError(f"{phrase!r} has brackets that do not fit together")
    if signs.count("*") > _MOST_GAPS:
        raise ValueError(f"{phrase!r} has more than {_MOST_GAPS} stars")
    if sum(char.isalnum() for char in inner) < _FEWEST_SIGNS:
        raise ValueError(f"{phrase!r} is too short to mean anything")
    body = "".join(_PARTS.get(sign) or re.escape(sign[-1]) for sign in signs)
    before = "^" if phrase.startswith("^") else ""
    ends_a_word = inner[-1].isalnum() or inner[-1] == ")"
    after = "$" if phrase.endswith("$") else _WORD_ENDS if ends_a_word else ""
    at_word = inner[0].isalnum() or inner[0] == "("
    first = None if before or not at_word else _first(signs)
    words, choices, stems = _needs(signs)
    return CompiledPhrase(
        source=f"{before}{body}{after}",
        words=words,
        choices=choices,
        stems=() if first and all(is_word for _, is_word in first) else stems,
        at_start=bool(before),
        at_end=phrase.endswith("$"),
        at_word=at_word,
        first=first,
    )


def _first(signs: list[str]) -> tuple[Start, ...] | None:
    """Return the starts with one of which a phrase begins, None when that is not certain."""
    if not signs or signs[0] in ("*", "#", "-?", "|", ")"):
        return None
    if signs[0] != "(":
        return (_start(signs),)
    depth, end, starts = 0, 0, [1]
    for end, sign in enumerate(signs):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 1:
            starts.append(end + 1)
        if not depth:
            break
    rest = signs[end + 1 :]
    found: list[Start] = []
    for start in starts:
        stop = next((n for n in range(start, end) if n + 1 in starts), end)
        first = _first([*signs[start:stop], *rest])
        if first is None:
            return None
        found += first
    return tuple(dict.fromkeys(found))


def _start(signs: list[str]) -> Start:
    """Return the fixed signs at a beginning, up to the end of the first word in them."""
    start = ""
    for sign in signs:
        if sign in ("*", "#", "-?", "("):
            return start, False
        if start[-1:] and _WORD.match(start[-1:]) and not _WORD.match(sign[-1]):
            break
        start += sign[-1]
    return start, _WORD.fullmatch(start) is not None


def _needs(
    signs: list[str],
) -> tuple[frozenset[str], tuple[frozenset[str], ...], tuple[tuple[str, ...], ...]]:
    """Return words that a text must have, and words and parts of words to have one each of.

    Only whole words are words: those between white space, the ends of the phrase and the like.
    """
    fixed, choices = _split(signs)
    words = _whole_words(fixed)
    needs: list[frozenset[str]] = []
    stems = [(part,) for part in _WORD.findall(fixed) if part not in words]
    for before, alternatives, after in choices:
        parts = [_WORD.findall(alternative) for alternative in alternatives]
        whole = [_whole_words(f"{before}{alternative}{after}") for alternative in alternatives]
        own = [
            [word for word in found if word in part]
            for found, part in zip(whole, parts, strict=True)
        ]
        if all(own):
            needs.append(frozenset(max(found, key=len) for found in own))
        elif all(parts):
            stems.append(tuple(dict.fromkeys(max(part, key=len) for part in parts)))
    return frozenset(words), tuple(needs), tuple(sorted(stems, key=len))  # the soonest no first


def _split(signs: list[str]) -> tuple[str, list[tuple[str, list[str], str]]]:
    """Return the fixed text with edges for what is not fixed, and the plain choices.

    A choice comes with the sign before and after it, which tells whether its words are whole; a
    choice that surely begins or ends with white space or the like is a blank to its neighbours.
    """
    fixed = [" "]
    choices: list[tuple[str, list[str], str]] = []
    depth = 0
    inside: list[str] = []
    follows = -1  # the choice that the next sign follows at once
    for number, sign in enumerate(signs):
        if sign == "(":
            depth += 1
            inside = inside if depth > 1 else []
        if depth:
            inside.append(_EDGE if depth > 1 or sign in ("*", "#", "-?") else sign[-1])
        elif sign in ("*", "#", "-?"):
            fixed.append(_EDGE)
        else:
            fixed.append(sign[-1])
        depth -= sign == ")"
        if sign != ")" or depth:
            continue
        after = signs[number + 1] if number + 1 < len(signs) else " "
        after = _EDGE if after in ("(", "*", "#", "-?") else after[-1]
        alternatives = "".join(inside[1:-1]).split("|")
        before = fixed[-1]
        begins = all(_is_blank(one[:1] or after) for one in alternatives)
        ends = all(_is_blank(one[-1:] or before) for one in alternatives)
        if begins and follows >= 0:
            earlier, words, _ = choices[follows]
            choices[follows] = (earlier, words, " ")
        choices.append((before, alternatives, after))
        fixed += [" " if begins else _EDGE, " " if ends else _EDGE]
        follows = len(choices) - 1 if signs[number + 1 : number + 2] == ["("] else -1
    return "".join([*fixed, " "]), choices


def _is_blank(sign: str) -> bool:
    return sign != _EDGE and _WORD.match(sign) is None


def _whole_words(skeleton: str) -> list[str]:
    """Return the words of a skeleton that do not touch an edge."""
    return [
        found.group(0)
        for found in _WORD.finditer(skeleton)
        if skeleton[found.start() - 1 : found.start()] != _EDGE
        and skeleton[found.end() : found.end() + 1] != _EDGE
    ]
