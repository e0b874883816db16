"""What a person's corrections teach: the same words next time, and addresses that joined. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from inboxwatch.domain.bodies import PUBLIC_MAIL_DOMAINS, Watch
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Address
from inboxwatch.domain.overrides import Decisions, Override, Verb
from inboxwatch.domain.threads import Direction, Entry


def taught(
    overrides: Iterable[Override], entries: Iterable[Entry]
) -> tuple[tuple[str, str, Kind], ...]:
    """Return (sender address, fingerprint, kind) for every standing "classify as".

    The next message with the same words from the same sender is judged the same. A text without
    words, and one of our own, teaches nothing. What is undone is forgotten; the last word counts.
    """
    kinds = Decisions.of(overrides).kinds
    learned: dict[tuple[str, str], Kind] = {}
    told = {entry.message_id: entry for entry in entries if entry.message_id in kinds}
    for message_id, kind in kinds.items():
        entry = told.get(message_id)
        if entry is None or entry.direction is Direction.SENT or kind is Kind.UNSURE:
            continue
        text, sender = entry.classification.fingerprint, entry.message.sender
        if text and sender is not None:
            learned[sender.address, text] = kind
    return tuple((sender, text, kind) for (sender, text), kind in sorted(
        learned.items(), key=lambda item: item[0]
    ))  # fmt: skip


def learned_places(
    overrides: Iterable[Override], entries: Iterable[Entry], watch: Watch
) -> tuple[tuple[str, str], ...]:
    """Return (address or domain, body name) that corrections add to `Watch.learned`.

    "Confirm body" says so outright. A message linked by hand to a thread with a body shows that
    its sender speaks for that body: the sender's domain joins, or, at a public mail provider or
    in a case system, the address alone. Places that belong to a watched body already, and the
    user's own, never do.
    """
    decisions = Decisions.of(overrides)
    known = {entry.message_id: entry for entry in entries}
    places: dict[str, str] = {}
    for override in decisions.overrides:
        if override.verb is Verb.CONFIRM_BODY and watch.body(override.value) is not None:
            _add(places, override.target.strip().lower().lstrip("@"), override.value, watch)
    for message_id, root in decisions.links.items():
        linked, target = known.get(message_id), known.get(root)
        if linked is None or target is None or linked.message.sender is None:
            continue
        body = _body_of(target, watch)
        if body is not None and linked.direction is Direction.RECEIVED:
            _add(places, _place_of(linked.message.sender, watch), body, watch)
    return tuple(sorted(places.items()))


def _body_of(target: Entry, watch: Watch) -> str | None:
    """Return the one body that a thread's message went to or came from."""
    message = target.message
    people = message.to if target.direction is Direction.SENT else (message.sender,)
    bodies = {
        body.name
        for person in people
        if person is not None and (body := watch.body_of(person.address)) is not None
    }
    return bodies.pop() if len(bodies) == 1 else None


def _place_of(sender: Address, watch: Watch) -> str:
    """Return what joins the body: a domain that many share never does."""
    is_shared = sender.domain in PUBLIC_MAIL_DOMAINS or watch.system_of(sender.address) is not None
    return sender.address if is_shared else sender.domain


def _add(places: dict[str, str], place: str, body: str, watch: Watch) -> None:
    if not place or place in PUBLIC_MAIL_DOMAINS or place in watch.own_addresses:
        return
    # A domain that one of the user's own addresses lies in is shared with the user.
    if any(own.rpartition("@")[2] == place for own in watch.own_addresses):
        return
    address = place if "@" in place else f"anyone@{place}"
    owner = next((b for b in watch.bodies if b.owns(address)), None)
    if owner is None:
        places.setdefault(place, body)
