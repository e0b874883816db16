"""Mail of case systems: which watched body a message from somebody else's domain speaks for. Pure.

Councils answer through systems whose domains are not theirs (icasework.com, email.firmstep.com,
GOV.UK Notify). Such a domain belongs to nobody in particular, so a message must name the body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inboxwatch.domain.bodies import Body, Watch, is_within
from inboxwatch.domain.evidence.references import case_references
from inboxwatch.domain.message import Address, Message

_READ = 4000  # characters of the text in which a body may be named
_PLACE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_WORDS = re.compile(r"[^\W_]+")
_KINDS = frozenset(
    {"council", "borough", "county", "city", "district", "metropolitan", "royal", "london", "of",
     "unitary", "the", "and"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The body a case system speaks for. `surely`: its sender says so, not only its words."""

    body: Body
    surely: bool


def spoken_for(message: Message, watch: Watch) -> Spoken | None:
    """Return the watched body that a message of a case system speaks for; None for none or two.

    The sender's own part ("do-not-reply=kent.gov.uk@…"), its name, its sub-domain, or where an
    answer goes says so surely; the subject and the text may only be about a body.
    """
    sender = message.sender
    if sender is None or not watch.systems or watch.system_of(sender.address) is None:
        return None
    named = [body for body in watch.bodies if _is_senders(body, sender, message, watch)]
    if len(named) == 1:
        return Spoken(body=named[0], surely=True)
    if named:
        return None
    said = f"{message.subject}\n{message.own_text[:_READ]}".casefold()
    told = _Told(said)
    named = [body for body in watch.bodies if told.names(body)]
    return Spoken(body=named[0], surely=False) if len(named) == 1 else None


def may_concern(message: Message, watch: Watch) -> bool:
    """Tell whether a case system's message is worth keeping: for a body, or with a reference.

    A reference may be one seen in a thread; what none of ours carries is shown nowhere.
    """
    sender = message.sender
    if sender is None or watch.system_of(sender.address) is None:
        return False
    return spoken_for(message, watch) is not None or bool(case_references(message.subject))


def _is_senders(body: Body, sender: Address, message: Message, watch: Watch) -> bool:
    local, _, domain = sender.address.rpartition("@")
    if any(_owns(body, place) for place in _PLACE.findall(local)):
        return True
    if any(body.owns(answer.address) for answer in message.reply_to):
        return True
    if _is_called(body, sender.name.casefold()):
        return True
    system = watch.system_of(sender.address) or domain
    label = domain.removesuffix(system).rstrip(".").rpartition(".")[2]
    return bool(label) and label in {place.partition(".")[0] for place in body.domains}


def _owns(body: Body, place: str) -> bool:
    return any(is_within(place, domain) for domain in body.domains)


def _is_called(body: Body, text: str) -> bool:
    """Tell whether a text has the title of a body, or its own word beside "council"."""
    words = _WORDS.findall(text)
    title = _WORDS.findall(body.title.casefold())
    if len(title) > 1 and f" {' '.join(title)} " in f" {' '.join(words)} ":
        return True
    own = [word for word in title if word not in _KINDS]
    return "council" in words and bool(own) and own == [w for w in words if w not in _KINDS]


class _Told:
    """A text, asked which bodies it names."""

    def __init__(self, text: str) -> None:
        self._places = frozenset(_PLACE.findall(text))
        self._words = f" {' '.join(_WORDS.findall(text))} "

    def names(self, body: Body) -> bool:
        """Tell whether a domain of the body, or its whole title, stands in the text."""
        if any(_owns(body, place) for place in self._places):
            return True
        title = " ".join(_WORDS.findall(body.title.casefold()))
        return " " in title and f" {title} " in self._words
