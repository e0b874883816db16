"""Who a message is from and whom it asks, seen from a watch list. Pure; places nothing."""

from __future__ import annotations

import re

from inboxwatch.domain.bodies import Body, CouncilMailbox, Watch
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Address, Message
from inboxwatch.domain.systems import spoken_for
from inboxwatch.domain.threads import Direction, Entry

# What a system sends of itself, never to be taken for an answer.
MACHINE_KINDS = frozenset(
    {Kind.ACKNOWLEDGEMENT, Kind.OUT_OF_OFFICE, Kind.CHALLENGE, Kind.BOUNCE, Kind.DELAY}
    | {Kind.RECEIPT}
)
REPORT_KINDS = frozenset({Kind.BOUNCE, Kind.DELAY, Kind.RECEIPT})
# What is worth a person's look when no thread claims it.
SPEAKING_KINDS = frozenset({Kind.HUMAN, Kind.SYSTEM_ANSWER, Kind.UNSURE, Kind.CALENDAR})
_REPORT_WORDS = 3000  # characters; what follows is our own message, returned
_COUNCILLOR_NAME = re.compile(r"\W*(?:cllr|councillor|cyng|cynghorydd)\b", re.I)
_COUNCILLOR_ADDRESS = re.compile(r"@(?:members?|councillors?|cllrs?)\.|^(?:cllr|councillor)[._-]")
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def is_ours(entry: Entry) -> bool:
    """Tell whether the user wrote it."""
    return entry.direction is Direction.SENT


def _boxes(addresses: tuple[Address, ...], watch: Watch) -> tuple[CouncilMailbox, ...]:
    found = (watch.council_mailbox(address.address) for address in addresses)
    return tuple(dict.fromkeys(box for box in found if box is not None))


def asked(message: Message, watch: Watch) -> tuple[CouncilMailbox, ...]:
    """Return the council mailboxes a message of ours asks: those in To.

    A message with nobody in To and Cc asks those it went to blindly. Copied ones owe nothing.
    """
    if message.to or message.cc:
        return _boxes(message.to, watch)
    return _boxes(message.bcc, watch)


def copied(message: Message, watch: Watch) -> tuple[CouncilMailbox, ...]:
    """Return the council mailboxes that a message of ours went to without asking them."""
    owing = asked(message, watch)
    return tuple(box for box in _boxes(message.recipients, watch) if box not in owing)


def homes(message: Message, watch: Watch) -> tuple[CouncilMailbox, ...]:
    """Return the council mailboxes in whose threads a message of ours stands."""
    return asked(message, watch) or copied(message, watch)


def sender_address(message: Message) -> str:
    """Return the From address, or an empty string."""
    return message.sender.address if message.sender else ""


def reported_addresses(message: Message) -> tuple[str, ...]:
    """Return the addresses that a report is about: as its fields say, else as its words do.

    Some mail systems send no fields, or tell in plain words alone what became of a message.
    """
    if message.report is not None:
        return tuple(one.address for one in message.report.recipients)
    told = message.header("x-failed-recipients") or ""
    words = f"{told}\n{message.own_text}\n{message.quoted_text}"[:_REPORT_WORDS]
    return tuple(dict.fromkeys(found.lower() for found in _ADDRESS.findall(words)))


def is_councillor(sender: Address | None) -> bool:
    """Tell whether a sender says to be an elected member, who does not speak for the officers."""
    return sender is not None and bool(
        _COUNCILLOR_NAME.match(sender.name) or _COUNCILLOR_ADDRESS.search(sender.address)
    )


def body_of_sender(message: Message, watch: Watch) -> Body | None:
    """Return the body a received message speaks for: its sender's own, or a case system's."""
    body = watch.body_of(sender_address(message))
    if body is not None or not watch.systems:
        return body
    spoken = spoken_for(message, watch)
    return None if spoken is None else spoken.body


def not_the_body(message: Message, watch: Watch) -> Body | None:
    """Return the body in whose domains the sender lies without being it (a councillor)."""
    address = sender_address(message)
    if not address or watch.is_own(address) or watch.body_of(address) is not None:
        return None
    return next((b for b in watch.bodies if b.owns(address) and b.excludes(address)), None)


def body_near(message: Message, watch: Watch) -> Body | None:
    """Return the body a received message comes from, or whose domains its sender lies in."""
    return body_of_sender(message, watch) or not_the_body(message, watch)


def bodies_of(entry: Entry, watch: Watch) -> tuple[str, ...]:
    """Return the names of the bodies an entry can meet others at."""
    if is_ours(entry):
        boxes = homes(entry.message, watch)
        return tuple(dict.fromkeys(box.body for box in boxes))
    body = body_of_sender(entry.message, watch)
    if body is not None:
        return (body.name,)
    if watch.system_of(sender_address(entry.message)) is not None:
        return tuple(one.name for one in watch.bodies)  # a case reference may tell which
    return ()
