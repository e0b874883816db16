"""The little language of the wording files: compile a phrase, find it quickly. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty"
)
_GAP = (
    r"(?:[^.!?]|\.(?=\S)|(?<=\d)\.){0,60}?"  # a full stop within a word or after a number goes on
)
_NUMBER = rf"(?:\d{{1,3}}|{_NUMBER_WORDS})(?: ?\(\d+\))?"
_SIGN = re.compile(r"\\.|-\?|.", re.DOTALL)
_PARTS = {"*": _GAP, "#": _NUMBER, "(": "(?:", ")": ")", "|": "|", "-?": "-?"}
_WORD = re.compile(r"\w+")
_FEWEST_SIGNS = 3
_MOST_GAPS = 3  # more would let a hostile text make matching slow
_EDGE = "\0"  # stands for the ends of a phrase and for what is not fixed, in its skeleton


@dataclass(frozen=True, slots=True)
class CompiledPhrase:
    """A phrase as a pattern, with words of which one each must be there before it can match."""

    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]
    at_word: bool  # it begins where a word does

    @property
    def rarest(self) -> frozenset[str]:
        """The needed words that are likely to be the rarest: the longest. Empty for none."""
        return max(
            self.needs, key=lambda need: (min(map(len, need)), -len(need)), default=frozenset()
        )

    def search(self, folded: str, words: frozenset[str]) -> str | None:
        """Return the words of a folded text that are this phrase, or None.

        Args:
            words: what `words_of` gives for the text.
        """
        if any(need.isdisjoint(words) for need in self.needs):
            return None
        for found in self.pattern.finditer(folded):
            # Asked here and not in the pattern: a pattern that begins with its first letters is
            # found several times faster.
            if not self.at_word or not folded[found.start() - 1 : found.start()].isalnum():
                return found.group(0)
        return None


@lru_cache(maxsize=64)
def words_of(folded: str) -> frozenset[str]:
    """Return the words of a folded text."""
    return frozenset(_WORD.findall(folded))


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
    after = "$" if phrase.endswith("$") else r"(?!\w)" if inner[-1].isalnum() else ""
    at_word = inner[0].isalnum() or inner[0] == "("
    return CompiledPhrase(re.compile(f"{before}{body}{after}"), _needs(signs), at_word)


def _needs(signs: list[str]) -> tuple[frozenset[str], ...]:
    """Return sets of words of which a text must have one each.

    Only whole words count: those between white space, the ends of the phrase and the like.
    """
    fixed, choices = _split(signs)
    needs = [frozenset({word}) for word in _whole_words(fixed)]
    for before, alternatives, after in choices:
        words = [_whole_words(f"{before}{alternative}{after}") for alternative in alternatives]
        own = [
            [word for word in found if word in _WORD.findall(alternative)]
            for found, alternative in zip(words, alternatives, strict=True)
        ]
        if all(own):
            needs.append(frozenset(max(found, key=len) for found in own))
    return tuple(needs)


def _split(signs: list[str]) -> tuple[str, list[tuple[str, list[str], str]]]:
    """Return the fixed text with edges for what is not fixed, and the plain choices.

    A choice comes with the sign before and after it, which tells whether its words are whole.
    """
    fixed = [" "]
    choices: list[tuple[str, list[str], str]] = []
    depth = 0
    inside: list[str] = []
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
        if sign == ")":
            depth -= 1
            if not depth:
                after = signs[number + 1][-1] if number + 1 < len(signs) else " "
                before = fixed[-1]
                choices.append((before, "".join(inside[1:-1]).split("|"),
                                _EDGE if after in "(*#?" else after))  # fmt: skip
                fixed.append(_EDGE)
    return "".join([*fixed, " "]), choices


def _whole_words(skeleton: str) -> list[str]:
    """Return the words of a skeleton that do not touch an edge."""
    return [
        found.group(0)
        for found in _WORD.finditer(skeleton)
        if skeleton[found.start() - 1 : found.start()] != _EDGE
        and skeleton[found.end() : found.end() + 1] != _EDGE
    ]
