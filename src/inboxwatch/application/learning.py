"""Whom a person's corrections add to the watch, so that their mail is read at all."""

from __future__ import annotations

from dataclasses import replace

from inboxwatch.application.ports import Transaction
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.overrides import Decisions
from inboxwatch.domain.teaching import learned_places


def with_learned(tx: Transaction, person: str, watch: Watch) -> Watch:
    """Return the watch with the addresses and domains that corrections added to its bodies.

    Without them, mail from a confirmed address that names no message of ours would not be read.
    """
    said = tx.overrides(person)
    links = Decisions.of(said).links
    told = tx.entries(person, {*links, *links.values()}) if links else ()
    places = learned_places(said, told, watch)
    if not places:
        return watch
    return replace(watch, learned=tuple(dict.fromkeys((*watch.learned, *places))))
