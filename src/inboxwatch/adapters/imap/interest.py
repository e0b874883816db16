"""Decides which messages are ours to read, from their header alone. Asks nobody, keeps nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import cached_property

from inboxwatch.adapters.imap.addresses import addresses, fields
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.identifiers import message_ids_in
from inboxwatch.domain.message import Message
from inboxwatch.domain.systems import may_concern

# The fields that a decision needs.
FIELDS = ("FROM", "TO", "CC", "IN-REPLY-TO", "REFERENCES", "CONTENT-TYPE")
# Reporters: mail servers, and Exchange, whose reports come from a long name that begins so.
REPORTERS = ("mailer-daemon", "postmaster", "microsoftexchange")
_MAY_REPORT = tuple(name.encode() for name in REPORTERS)

_OWN_ID = b"message-id"
_NAMING = (b"in-reply-to", b"references")
_DOMAIN = re.compile(rb"@([a-z0-9._-]+)")
_REFERS = (b"in-reply-to:", b"references:")
_REPORT = re.compile(rb"^content-type:\s*(?:multipart/report|application/ms-tnef)", re.MULTILINE)


class Why(Enum):
    """Why a message is ours to read."""

    ADDRESS = "address"  # from, to or copied to a watched address
    REFERENCE = "reference"  # names a message of ours
    SYSTEM = "system"  # from a case system, which may write for a watched body
    REPORT = "report"  # may report on a message of ours


class Interest:
    """What of a mailbox is ours to read."""

    def __init__(
        self,
        watch: Watch,
        is_ours: Callable[[str], bool],
        expect: Callable[[Iterable[str]], None] | None = None,
    ) -> None:
        self._watch = watch
        self._is_ours = is_ours
        self._expect = expect
        self.learned: set[str] = set()  # ids of messages of ours read in this poll
        self.discovered: list[datetime] = []  # when those of them were sent that are new to us

    # Made when first asked for: most polls see no message.

    @cached_property
    def _places(self) -> frozenset[str]:
        watch = self._watch
        places = {place for body in watch.bodies for place in body.domains + body.addresses}
        places |= {place for place, _body in watch.learned}
        return frozenset(_ascii(place) for place in places if place)

    @cached_property
    def systems(self) -> frozenset[str]:
        """The domains of case systems."""
        return frozenset(self._watch.systems)

    @cached_property
    def domains(self) -> frozenset[str]:
        """The domains watched, in ASCII."""
        return frozenset(place for place in self._places if "@" not in place)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The single addresses watched, in ASCII."""
        return frozenset(place for place in self._places if "@" in place)

    @cached_property
    def _domains_of_addresses(self) -> frozenset[str]:
        return frozenset(a.rpartition("@")[2] for a in self.addresses)

    def watches(self, address: str) -> bool:
        """Tell whether a lower-case address is, or lies within, what is watched."""
        if self._watch.is_own(address):
            return False
        return address in self.addresses or self._has_domain(address.rpartition("@")[2])

    def expect(self, blocks: Iterable[bytes]) -> None:
        """Have the ids in some headers looked up at once, before `why` asks about each."""
        if self._expect is not None:
            headers = [fields(block) for block in blocks]
            self._expect({id for found in headers for id in _ids_in(found, _OWN_ID, *_NAMING)})

    def why(self, block: bytes, *, by_reference: bool = True) -> Why | None:
        """Tell why a message with this header is ours to read; None when it is not.

        Args:
            block: header fields, at least `FIELDS`, as the server gave them.
            by_reference: whether naming a message of ours is a reason.
        """
        lower = block.lower()
        seen = {found.decode("ascii").strip(".") for found in _DOMAIN.findall(lower)}
        may_address = any(
            self._has_domain(domain) or domain in self._domains_of_addresses for domain in seen
        )
        may_system = any(_lies_in(domain, self.systems) for domain in seen)
        may_report = any(name in lower for name in _MAY_REPORT)
        is_report = (b"report" in lower or b"tnef" in lower) and _REPORT.search(lower) is not None
        refers = by_reference and any(_begins_a_line(name, lower) for name in _REFERS)
        if not (may_address or may_system or may_report or refers or is_report):
            return None
        found = fields(block)
        if may_address and any(
            self.watches(address)
            for name in (b"from", b"to", b"cc")
            for value in found.get(name, ())
            for address in addresses(value)
        ):
            return Why.ADDRESS
        if refers and self._names_ours(found):
            return Why.REFERENCE
        if is_report or (may_report and self._is_from(found, _is_reporter)):
            return Why.REPORT
        if may_system and self._is_from(found, self._is_system):
            return Why.SYSTEM
        return None

    def concerns_us(self, message: Message, why: Why) -> bool:
        """Tell whether a message, once read, still is ours.

        Other people's bounces are not, nor is what a case system writes for other bodies.
        """
        report = message.report
        if why is Why.SYSTEM:
            return may_concern(message, self._watch)
        if why is not Why.REPORT:
            return True
        if report is None:
            return message.content_types[:1] != ("application/ms-tnef",)
        if any(self.watches(recipient.address.lower()) for recipient in report.recipients):
            return True
        original = report.original_message_id
        return original is None or self.is_ours(original)

    def is_ours(self, message_id: str) -> bool:
        """Tell whether an id is of a message of ours."""
        return message_id in self.learned or self._is_ours(message_id)

    def learn(self, messages: Iterable[Message]) -> None:
        """Note which of these are ours and went to a watched address."""
        for message in messages:
            sender = message.sender
            if sender is None or not self._watch.is_own(sender.address):
                continue
            if any(self.watches(to.address) for to in message.recipients):
                if not self.is_ours(message.message_id):
                    self.discovered.append(message.at)
                self.learned.add(message.message_id)

    def _has_domain(self, domain: str) -> bool:
        return _lies_in(domain, self.domains)

    def _names_ours(self, found: Mapping[bytes, Sequence[bytes]]) -> bool:
        return any(self.is_ours(named) for named in _ids_in(found, *_NAMING))

    def _is_system(self, address: str) -> bool:
        return _lies_in(address.rpartition("@")[2], self.systems)

    @staticmethod
    def _is_from(found: Mapping[bytes, Sequence[bytes]], fits: Callable[[str], bool]) -> bool:
        return any(fits(one) for value in found.get(b"from", ()) for one in addresses(value))


def _ids_in(found: Mapping[bytes, Sequence[bytes]], *names: bytes) -> Iterator[str]:
    for name in names:
        for value in found.get(name, ()):
            yield from message_ids_in(value.decode("utf-8", "replace"))


def _begins_a_line(name: bytes, block: bytes) -> bool:
    return b"\n" + name in block or block.startswith(name)


def _is_reporter(address: str) -> bool:
    return address.startswith(REPORTERS)


def _lies_in(domain: str, places: frozenset[str]) -> bool:
    """Tell whether a domain is one of some, or lies below it."""
    while domain:
        if domain in places:
            return True
        domain = domain.partition(".")[2]
    return False


def _ascii(place: str) -> str:
    """Return a domain or address as it stands in mail: names of other scripts in punycode."""
    local, at, domain = place.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return place
    return f"{local}{at}{domain}"
