"""Refuse every target that could reach a public body: reminders are for the user alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from inboxwatch.domain.errors import NotifierError

Forbidden = Callable[[str], bool]  # lower-case address -> it is a watched body's

_ADDRESS = re.compile(r"[^\s/@:?&=,;<>\"']+@[\w.-]+")


def refuse_bodies(target: str, addresses: Iterable[str], forbidden: Forbidden) -> None:
    """Refuse addresses within a watched body.

    Raises:
        NotifierError: permanent; the target is disabled.
    """
    caught = sorted({a for a in addresses if forbidden(a.strip().lower().rstrip("."))})
    if caught:
        raise NotifierError(
            f"{target}: reminders never go to a watched body, and {', '.join(caught)} is one",
            remedy="Name only addresses of your own as recipients.",
            permanent=True,
            disables_target=True,
        )


def addresses_in(url: str) -> tuple[str, ...]:
    """Return everything in a URL that could be an address, and one for its host."""
    plain = unquote(url)
    found = [match.rstrip(".") for match in _ADDRESS.findall(plain)]
    host = re.sub(r"^[\w+.-]+://(?:[^/@]*@)?", "", plain).split("/")[0].split("?")[0]
    return (*found, f"anyone@{host.split(':')[0]}")
