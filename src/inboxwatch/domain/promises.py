"""Bodies and their own clocks: which promise, calendar or complaint time holds where. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from inboxwatch.domain.bodies import Body
from inboxwatch.domain.calendar import ENGLAND_AND_WALES
from inboxwatch.domain.clocks import Clock
from inboxwatch.domain.errors import ConfigError


def find_body(name: str, bodies: Iterable[Body]) -> Body:
    """Return the body a person means by a domain, a title, its beginning or its initials.

    Raises:
        ConfigError: none, or several, fit; the remedy names the nearest.
    """
    known = tuple(bodies)
    wanted = name.strip().casefold()
    for fits in (_is_named, _begins, _has_initials):
        found = [body for body in known if fits(body, wanted)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(body.name for body in found)
            raise ConfigError(
                f"{name!r} could be several bodies", remedy=f"Give one of these domains: {names}."
            )
    labels = {label.casefold(): b.name for b in known for label in (b.title, b.name, *b.domains)}
    near = get_close_matches(wanted, labels, n=1, cutoff=0.4)
    nearest = f"Did you mean {labels[near[0]]!r}? " if near else ""
    raise ConfigError(
        f"no body named {name!r} is known",
        remedy=f"{nearest}Add a body of your own under [bodies] in inboxwatch.toml.",
    )


def _is_named(body: Body, wanted: str) -> bool:
    return wanted in (body.name, body.title.casefold(), *body.domains)


def _begins(body: Body, wanted: str) -> bool:
    return bool(wanted) and body.title.casefold().startswith(wanted + " ")


def _has_initials(body: Body, wanted: str) -> bool:
    return wanted == "".join(word[0] for word in body.title.casefold().split())


def for_body(clock: Clock, body: Body, clocks: Mapping[str, Clock]) -> tuple[Clock, list[str]]:
    """Return the clock as it runs at a body, and what the user should know about that.

    The body's own calendar and published promise take the place of the preset's, where the preset
    allows it.
    """
    notes: list[str] = []
    title = body.title or body.name
    if clock.follows_body_calendar and clock.calendar == ENGLAND_AND_WALES:
        clock = replace(clock, calendar=body.calendar)
    promise = next((p for p in clock.promises if p.body == body.name), None)
    if promise is not None:
        clock = replace(
            clock,
            due=promise.due,
            chase=promise.chase,
            milestones=promise.milestones,
            citation=promise.citation or clock.citation,
            source_url=promise.source_url or clock.source_url,
            escalation=promise.escalation or clock.escalation,
            legal_force=promise.legal_force,
            confidence=promise.confidence,
        )
    elif clock.id == "send-promise":
        notes.append(f"{title}: no published promise for SEND email is known; these are others'.")
    if clock.body is not None and clock.body != body.name:
        notes.append(f"{clock.id} is the own clock of {clock.body}, not of {title}.")
    own = next((c for c in clocks.values() if c.body == body.name and clock.id in c.replaces), None)
    if own is not None:
        notes.append(f"{title} keeps its own times here: use the preset {own.id} ({own.due}).")
    if body.successor is not None:
        notes.append(f"{title} has a successor, {body.successor}: write there from now on.")
    if clock.group == "send" and not body.send_authority:
        notes.append(f"{title} is not the SEND authority; the county or unitary council is.")
    return clock, notes
