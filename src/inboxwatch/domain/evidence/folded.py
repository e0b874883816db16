"""A folded text taken apart: its words, once each, and where one stands. Pure."""

from __future__ import annotations

from functools import lru_cache

from inboxwatch.domain.evidence.folding import words_in

_NOWHERE: list[int] = []
Start = tuple[str, bool]  # signs that begin where a word may; whether they are a whole word


class Folded:
    """A folded text with its words, once each, and the places at which a word stands."""

    __slots__ = ("_places", "text", "vocabulary", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = frozenset(words_in(text))
        self.vocabulary = " ".join(self.words)  # to look for parts of words in
        self._places: dict[str, list[int]] = {}

    def places_of(self, starts: tuple[Start, ...]) -> list[int]:
        """Return where any of some starts is, in order."""
        if len(starts) == 1:
            return self.places(starts[0])
        return sorted({at for start in starts for at in self.places(start)})

    def places(self, start: Start) -> list[int]:
        """Return where a start is, in order; of a word also where a longer one begins so."""
        signs, is_word = start
        if is_word and signs not in self.words:
            return _NOWHERE
        found = self._places.get(signs)
        if found is None:
            found = self._places[signs] = []
            text, at = self.text, self.text.find(signs)
            while at >= 0:
                if at == 0 or not text[at - 1].isalnum():
                    found.append(at)
                at = text.find(signs, at + 1)
        return found


@lru_cache(maxsize=256)
def folded_text(text: str) -> Folded:
    """Return a folded text taken apart; a text is asked about many phrases."""
    return Folded(text)
