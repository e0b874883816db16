"""Aliases: the stand-ins for everyone and everything that a redacted export must not name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from inboxwatch.domain.bodies import is_within
from inboxwatch.domain.message import Address

NOWHERE = "redacted.invalid"  # RFC 2606: can never be an address
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:|]+@[\w.-]*\w", re.UNICODE)
_WORD = re.compile(r"[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*", re.UNICODE)
_NUMBER = re.compile(r"(?<![\w.-])(?:\+?\d[\d ()]{5,}\d|\d{5,})(?![\w-])")
_REFERENCE = re.compile(r"\b[A-Z]{2,}[-/ ]?\d{4,}\b")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Words of teams and letters, which stand in display names and are nobody's.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "the and for with from team teams council county city borough district service "
        "services send sen ehc ehcp education school schools children child family families "
        "admissions transport complaints enquiries enquiry admin office officer support "
        "inclusion assessment review annual information freedom customer contact centre "
        "noreply reply mail email mailbox automatic needs special legal finance panel "
        "statutory casework caseworker dear mum dad mother father miss mrs ms mr dr foi no "
        "do not out of group north south east west home personal system delivery subsystem "
        "daemon mailer postmaster read sent inbox junk trash archive drafts ",
    )
)

# Names that are words too: in small letters they are left alone.
_ALSO_WORDS = frozenset(
    re.findall(
        r"\w+",
        "april art august bell best bill black bright brook brown burns case chase church "
        "clay cook cross dale dawn day dean drew ernest faith field fields ford forest frank "
        "friend garden gene grace grant gray green guy hall harmony heath hill hope hunt "
        "hunter jack joy june king lane law lee long love major mark marsh may miles mills "
        "north page park pat penny price ray reed rich rob rose sky small smart stone sue "
        "summer teal violet wade walker ward waters west white will wise wood woods young ",
    )
)


@dataclass
class Aliases:
    """Gives each person, address and id one stand-in, numbered in the order of first meeting."""

    own: frozenset[str]  # the user's addresses
    council_mailboxes: dict[str, str]  # address: its body's name
    body_domains: frozenset[str]
    _addresses: dict[str, Address] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)  # casefolded: stand-in
    _ids: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _pattern: re.Pattern[str] | None = None

    def address(self, known: Address) -> Address:
        """Return the stand-in for an address; learns the words of its name."""
        found = self._addresses.get(known.address)
        if found is None:
            found = self._made(known.address)
            self._addresses[known.address] = found
        self._learn(known, found.name)
        return found

    def body(self, name: str) -> str:
        """Return a body's name; one that is itself an address is replaced."""
        return self.address(Address(address=name)).address if "@" in name else name

    def name(self, text: str, kind: str) -> str:
        """Return the stand-in for a name given by the user: a case, a folder, an account."""
        key = text.casefold()
        if key not in self._words:
            self._words[key] = self._next(kind)
            self._pattern = None
        return self._words[key]

    def message_id(self, text: str) -> str:
        """Return the stand-in for a message id."""
        if text not in self._ids:
            self._ids[text] = f"message-{len(self._ids) + 1}@{NOWHERE}"
        return self._ids[text]

    def text(self, text: str) -> str:
        """Return free text without what is known or looks like a name, address or number."""
        text = _ADDRESS.sub(self._found, text)
        if self._pattern is None:
            words = sorted(self._words, key=lambda word: (-len(word), word))
            every = "|".join(re.escape(word) for word in words) or r"(?!)"
            # A month or a weekday beside a number is a date, whatever a person is called.
            self._pattern = re.compile(rf"(?<!\w)(?<!\d )({every})(?!\w)(?! \d{{4}})", re.I)
        text = self._pattern.sub(self._word, text)
        text = _POSTCODE.sub("[postcode]", _REFERENCE.sub("[reference]", text))
        return _NUMBER.sub(lambda m: m[0] if _ISO_DAY.search(m[0]) else "[number]", text)

    def _found(self, match: re.Match[str]) -> str:
        text = match[0]
        if text in self._ids or text.endswith(f"@{NOWHERE}"):
            return self._ids.get(text, text)
        known = self._addresses.get(text.lower())
        return known.address if known else f"[address]@{NOWHERE}"

    def _word(self, match: re.Match[str]) -> str:
        found = match[0]
        # "Will" may be a name; "will" is a word.
        return found if found in _ALSO_WORDS else self._words[found.casefold()]

    def _made(self, address: str) -> Address:
        domain = address.rpartition("@")[2]
        if address in self.own:
            name, place = self._next("Writer"), NOWHERE
        elif address in self.council_mailboxes:
            body = self.council_mailboxes[address]
            name, place = self._next("Mailbox"), NOWHERE if "@" in body else f"{body}.invalid"
        elif inside := [d for d in sorted(self.body_domains) if is_within(domain, d)]:
            name, place = self._next("Officer"), f"{inside[0]}.invalid"
        else:
            name, place = self._next("Person"), NOWHERE
        return Address(address=f"{name.lower().replace(' ', '-')}@{place}", name=name)

    def _learn(self, known: Address, alias: str) -> None:
        labels = {label for d in self.body_domains for label in d.split(".")}
        words = [*_words(known.name), *_words(known.address.rpartition("@")[0])]
        own = [w for w in words if len(w) > 2 and w.casefold() not in _COMMON | labels]
        phrases = [" ".join(known.name.split())] if own and known.name else []
        for word in (*phrases, *own):
            if word.casefold() not in self._words:
                self._words[word.casefold()] = alias
                self._pattern = None

    def _next(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind} {self._counts[kind]}"


def _words(text: str) -> Iterable[str]:
    return _WORD.findall(text)
