"""Who asks: a signed-in user, a token of the API, or anyone where the page is open. A value."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever asks. `cases` is None when they may see everything."""

    name: str
    cases: frozenset[str] | None = None
    token: str = ""  # of the cookie; what forms are tied to
    by: str = ""  # as decisions record it

    @property
    def sees_everything(self) -> bool:
        """Whether no case limits them."""
        return self.cases is None


NOBODY = Visitor(name="-")


def visitor_of(request: Request) -> Visitor:
    """Return who asks, as the gate found out."""
    found = request.scope["visitor"]
    assert isinstance(found, Visitor)
    return found
