"""Phrases that mail is known by: a value made from the wording files. Pure; never reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from inboxwatch.domain.evidence.folded import Folded, folded_text
from inboxwatch.domain.evidence.phrases import CompiledPhrase, compile_phrase


class Says(Enum):
    """What a phrase says about the message it stands in."""

    AUTOMATIC = "automatic"  # no person wrote this; of which kind is open
    ACKNOWLEDGEMENT = "acknowledgement"
    OUT_OF_OFFICE = "out-of-office"
    CHALLENGE = "challenge"
    BOUNCE = "bounce"
    DELAY = "delay"
    RECEIPT = "receipt"
    BULK = "bulk"
    ANSWER = "system-answer"  # decides or informs, whoever sent it
    CLOSED = "closed"  # a case is closed; whether anybody answered is another question
    ELSEWHERE = "elsewhere"  # a person's message waits in a portal or is encrypted
    REACTION = "reaction"  # a sign that somebody clicked beside our message
    PERSON = "person"  # only somebody who read our message would write this
    HOLDING = "holding"  # a person says that somebody will answer
    COURTESY = "courtesy"  # says nothing: greetings, thanks, apologies for delay
    PROCEDURE = "procedure"  # says how any request is dealt with, nothing of this one
    PROMISE = "promise"  # announces an answer; the time it names is the promise
    THANKS = "thanks"  # ours: needs no reply
    WANTS_REPLY = "wants-reply"  # ours: asks for one after all


class Where(Enum):
    """Where a phrase has to stand."""

    SUBJECT = "subject"
    OPENING = "opening"  # the first thousand characters of what the author wrote
    TEXT = "text"  # anywhere in it
    SENDER = "sender"  # the display name of From


class Strength(Enum):
    """How much a phrase tells on its own."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One phrase, folded (lower case, plain quotes), with what it says and how strongly.

    Raises:
        ValueError: `text` cannot be compiled.
    """

    text: str
    says: Says
    where: Where = Where.OPENING
    strength: Strength = Strength.MEDIUM
    compiled: CompiledPhrase = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile once."""
        object.__setattr__(self, "compiled", compile_phrase(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A phrase that was found, and the words it was found as."""

    phrase: Phrase
    words: str


class _Index:
    """Phrases by a word that each needs, so that only those that can be found are tried."""

    __slots__ = ("_always", "_by_word", "_phrases", "_words")

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._always: set[int] = set()
        # With all the words that each surely needs: to ask for those here is the cheapest no.
        self._by_word: dict[str, list[tuple[frozenset[str], int]]] = {}
        for number, phrase in enumerate(self._phrases):
            rarest = phrase.compiled.rarest
            if not rarest:
                self._always.add(number)
            for word in rarest:
                self._by_word.setdefault(word, []).append((phrase.compiled.words, number))
        self._words = frozenset(self._by_word)

    def may_find_within(self, text: Folded) -> bool:
        """Tell whether any phrase could stand in a part of a text."""
        return any(p.compiled.may_stand_within(text) for p in self._worth_trying(text))

    def find(self, text: Folded) -> Iterator[Hit]:
        """Yield the phrases that stand in a folded text, in the order of the files."""
        for phrase in self._worth_trying(text):
            found = phrase.compiled.search(text)
            if found is not None:
                yield Hit(phrase=phrase, words=found)

    def _worth_trying(self, text: Folded) -> list[Phrase]:
        words = text.words
        tried = {
            number
            for word in words & self._words
            for needed, number in self._by_word[word]
            if needed <= words
        }
        return [self._phrases[number] for number in sorted(tried | self._always)]


_UNSCORED = frozenset(
    {Says.HOLDING, Says.COURTESY, Says.PROCEDURE, Says.PROMISE, Says.THANKS, Says.WANTS_REPLY}
)


@dataclass(frozen=True, slots=True)
class Wording:
    """All phrases and words known, shipped ones and the user's.

    Attributes:
        phrases: in the order of the files.
        common: words of any letter, in lower case.
        routine: words of dealing with requests, see `routine`.
        dealing: further words of who only says that somebody will see to it, see `undertaking`.
    """

    phrases: tuple[Phrase, ...] = ()
    common: frozenset[str] = frozenset()
    routine: frozenset[str] = frozenset()
    dealing: frozenset[str] = frozenset()
    _by_place: dict[Where, _Index] = field(init=False, repr=False, compare=False, hash=False)
    _by_saying: dict[Says, _Index] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        """Sort the phrases by place and by meaning."""
        scored = tuple(phrase for phrase in self.phrases if phrase.says not in _UNSCORED)
        by_place = {where: _Index(p for p in scored if p.where is where) for where in Where}
        by_saying = {says: _Index(p for p in self.phrases if p.says is says) for says in Says}
        in_text = (
            p for p in self.phrases if p.says is Says.ANSWER and p.where is not Where.SUBJECT
        )
        by_saying[Says.ANSWER] = _Index(in_text)  # a subject's few words would be found anywhere
        object.__setattr__(self, "_by_place", by_place)
        object.__setattr__(self, "_by_saying", by_saying)

    def knows(self, word: str) -> bool:
        """Tell whether a lower-case word is in one of the lists, so that it is no news."""
        return word in self.common or word in self.routine or word in self.dealing

    def hits(self, where: Where, folded: str) -> tuple[Hit, ...]:
        """Return the scored phrases of one place in a folded text.

        Of two that say the same and overlap in their words only the longer counts; the common
        words of a person ("I am") count for nothing inside of any other phrase.
        """
        found = tuple(self._by_place[where].find(folded_text(folded)))
        return tuple(hit for hit in found if not any(_covers(other, hit) for other in found))

    def says(self, says: Says, folded: str) -> str | None:
        """Return the first words of a folded text that say one thing, wherever they stand."""
        hit = next(self._by_saying[says].find(folded_text(folded)), None)
        return hit.words if hit else None

    def may_say(self, says: Says, folded: str) -> bool:
        """Tell whether any sentence of a folded text could say one thing.

        Most texts say it nowhere, and need not be asked about each of their sentences then.
        """
        return self._by_saying[says].may_find_within(folded_text(folded))


def _covers(longer: Hit, shorter: Hit) -> bool:
    is_less = shorter.phrase.says is Says.PERSON and shorter.phrase.strength is Strength.MEDIUM
    return (
        (is_less or longer.phrase.says is shorter.phrase.says)
        and len(longer.words) > len(shorter.words)
        and shorter.words in longer.words
    )
