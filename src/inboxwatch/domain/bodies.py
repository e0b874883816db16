"""The public bodies we watch and which address belongs to which. Pure, by label boundaries."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

_PLACE = re.compile(r"@?(?:[^@\s,;]+@)?[\w-]+(?:\.[\w-]+)+")
_REMEMBERED = 10_000  # addresses

# Anyone may hold an address there, so such a domain never is a body.
PUBLIC_MAIL_DOMAINS = frozenset(
    {
        "aol.com", "btinternet.com", "btopenworld.com", "fastmail.com", "gmail.com", "gmx.com",
        "googlemail.com", "hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk", "live.com",
        "mac.com", "mail.com", "me.com", "msn.com", "ntlworld.com", "outlook.com", "proton.me",
        "protonmail.com", "sky.com", "talktalk.net", "tiscali.co.uk", "virginmedia.com",
        "yahoo.co.uk", "yahoo.com", "ymail.com", "zoho.com",
    }
)  # fmt: skip


def is_within(domain: str, parent: str) -> bool:
    """Tell whether `domain` equals `parent` or lies below it, on a label boundary.

    `solihull.gov.uk` is not within `hull.gov.uk`; `mail.kent.gov.uk` is within `kent.gov.uk`.
    """
    return domain == parent or domain.endswith("." + parent)


def is_place(word: str) -> bool:
    """Tell whether a word can be watched: a domain of two labels or more, or an address at one."""
    return _PLACE.fullmatch(word.strip()) is not None


def why_no_body(place: str, own: Collection[str]) -> str | None:
    """Return why a place to be watched is nobody's who owes replies, or None when it may be.

    Args:
        own: the user's addresses, lower case.
    """
    word = place.strip().lower().lstrip("@")
    if not is_place(word):
        return "is neither a domain nor an address"
    if word in PUBLIC_MAIL_DOMAINS:
        return "is a mail provider, at which anybody has an address"
    return "is your own address" if word in own else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body that owes replies.

    `name` is its key ("kent.gov.uk"). `domains` are lower case; `addresses` belong to it though
    they lie elsewhere. `not_the_body` lists addresses or sub-domains inside its domains that are
    someone else (councillors, the advice service). When `watch_only` is not empty, only mail to
    those addresses is a wait; replies may still come from anywhere in the domains.
    """

    name: str
    title: str = ""
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    not_the_body: tuple[str, ...] = ()
    watch_only: tuple[str, ...] = ()
    calendar: str = "england-and-wales"
    send_authority: bool = True
    successor: str | None = None
    promises: tuple[str, ...] = ()  # ids of clocks that this body promised
    source: str = ""

    def owns(self, address: str) -> bool:
        """Tell whether a lower-case address belongs to this body."""
        domain = address.rpartition("@")[2]
        return address in self.addresses or any(is_within(domain, d) for d in self.domains)

    def excludes(self, address: str) -> bool:
        """Tell whether an address in its domains is listed as not the body."""
        domain = address.rpartition("@")[2]
        return any(
            address == listed or ("@" not in listed and is_within(domain, listed))
            for listed in self.not_the_body
        )

    def watches(self, address: str) -> bool:
        """Tell whether mail to a lower-case address starts a wait."""
        if not self.owns(address) or self.excludes(address):
            return False
        return not self.watch_only or address in self.watch_only


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilMailbox:
    """A correspondent we watch: one lower-case address of a body."""

    address: str
    body: str  # Body.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Whose mail this is and whom it is watched for.

    `own_addresses` are the user's, lower case, aliases included. `learned` maps addresses or
    domains elsewhere to a body, taught by the user's confirmation. `systems` are domains of case
    systems through which any body may write.
    """

    bodies: tuple[Body, ...]
    own_addresses: frozenset[str]
    learned: tuple[tuple[str, str], ...] = ()
    systems: tuple[str, ...] = ()
    _by_name: dict[str, Body] = field(init=False, repr=False, compare=False, hash=False)
    # What `body_of` found: the same few addresses are looked up for every message.
    _found: dict[str, Body | None] = field(init=False, repr=False, compare=False, hash=False)
    _boxes: dict[str, CouncilMailbox | None] = field(
        init=False, repr=False, compare=False, hash=False
    )

    def __post_init__(self) -> None:
        """Index the bodies by name."""
        object.__setattr__(self, "_by_name", {body.name: body for body in self.bodies})
        object.__setattr__(self, "_found", {})
        object.__setattr__(self, "_boxes", {})

    def is_own(self, address: str) -> bool:
        """Tell whether a lower-case address is the user's."""
        return address in self.own_addresses

    def body(self, name: str) -> Body | None:
        """Return the body of that name, if watched."""
        return self._by_name.get(name)

    def body_of(self, address: str) -> Body | None:
        """Return the body an address belongs to; the longest matching domain wins.

        An address listed as not the body gives None, as does one of the user's own.
        """
        try:
            return self._found[address]
        except KeyError:
            found = self._look_up(address)
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        self._found[address] = found
        return found

    def _look_up(self, address: str) -> Body | None:
        if "@" not in address or address in self.own_addresses:
            return None
        best: tuple[int, Body] | None = None
        domain = address.rpartition("@")[2]
        for body in self.bodies:
            lengths = [len(d) for d in body.domains if is_within(domain, d)]
            if address in body.addresses:
                lengths.append(len(address))
            if lengths and (best is None or max(lengths) > best[0]):
                best = (max(lengths), body)
        if best is not None:
            return None if best[1].excludes(address) else best[1]
        for place, name in self.learned:
            if address == place or ("@" not in place and is_within(domain, place)):
                return self._by_name.get(name)
        return None

    def system_of(self, address: str) -> str | None:
        """Return the domain of the case system that a lower-case address lies in, or None."""
        if not self.systems or self.body_of(address) is not None:
            return None
        domain = address.rpartition("@")[2]
        return next((system for system in self.systems if is_within(domain, system)), None)

    def council_mailbox(self, address: str) -> CouncilMailbox | None:
        """Return the council mailbox that mail to this address waits at, or None."""
        try:
            return self._boxes[address]
        except KeyError:
            body = self.body_of(address)
        is_none = body is None or (body.watch_only and not body.watches(address))
        box = None if body is None or is_none else CouncilMailbox(address=address, body=body.name)
        if len(self._boxes) >= _REMEMBERED:
            self._boxes.clear()
        self._boxes[address] = box
        return box


def body_for(place: str) -> Body:
    """Make a body from a bare `--watch` value: a domain, or one address.

    For an address at a body's own domain everyone there may answer; at a public mail provider
    only that address is the body.
    """
    place = place.strip().lower().lstrip("@")
    if "@" not in place:
        return Body(name=place, title=place, domains=(place,))
    domain = place.rpartition("@")[2]
    if domain in PUBLIC_MAIL_DOMAINS:
        return Body(name=place, title=place, addresses=(place,))
    return Body(name=domain, title=domain, domains=(domain,), watch_only=(place,))
