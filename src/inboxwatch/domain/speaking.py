"""How mail speaks to open questions: by reference, quotation, name or day. Pure."""

from __future__ import annotations

import re
from collections.abc import Container

from inboxwatch.domain.keys import case_references
from inboxwatch.domain.pages import Page, case_mark, day_mark, plain
from inboxwatch.domain.threads import Entry

_EMAIL_OF = re.compile(
    r" (?:email|letter|message) (?:of|dated|sent on|from) (\d{1,2})(?:st|nd|rd|th)?"
    r" ([a-z]{3,9})(?= )"
)


class Ear:
    """Tells how one message speaks to open questions."""

    __slots__ = ("_at", "_days", "_quoted", "_references", "_said")

    def __init__(self, entry: Entry, quoted: Container[str]) -> None:
        self._at = entry.at
        self._said = plain(f"{entry.message.subject}\n{entry.message.own_text}")
        self._days = sorted({(int(day), month) for day, month in _EMAIL_OF.findall(self._said)})
        self._references = case_references(entry)
        self._quoted = quoted

    @property
    def said(self) -> str:
        """What names are looked for in, as `pages.plain` gives it."""
        return self._said

    @property
    def marks(self) -> frozenset[str]:
        """The marks of pages that the message has."""
        cases = {case_mark(reference.casefold()) for reference in self._references}
        return frozenset(cases | {day_mark(f"{day} {month}") for day, month in self._days})

    def hears(self, page: Page) -> str:
        """Return how the message speaks to the open question of a page, or an empty string."""
        spell = page.open_at(self._at)
        if spell is None:
            return ""
        for reference in self._references:
            if reference.casefold() in page.references:
                return f"it carries the reference {reference}"
        if page.thread_id in self._quoted:
            return "it quotes your message"
        if any(name in self._said for name in spell.names):
            return "it names the subject of your message"
        for day, month in self._days:
            if f"{day} {month}" in spell.days:
                return f"it speaks of your email of {day} {month.title()}"
        return ""
