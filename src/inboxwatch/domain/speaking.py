"""How mail speaks to open questions: by reference, quotation, name or day. Pure."""

from __future__ import annotations

import re
from collections.abc import Container

from inboxwatch.domain.evidence.folding import words_in
from inboxwatch.domain.keys import case_references
from inboxwatch.domain.naming import names_in
from inboxwatch.domain.pages import Page, about_mark, case_mark, day_mark, plain
from inboxwatch.domain.threads import Entry

_EMAIL_OF = re.compile(
    r" (?:email|letter|message) (?:of|dated|sent on|from) (\d{1,2})(?:st|nd|rd|th)?"
    r" ([a-z]{3,9})(?= )"
)


class Ear:
    """Tells how one message speaks to open questions."""

    __slots__ = ("_about", "_at", "_days", "_quoted", "_references", "_said")

    def __init__(self, entry: Entry, quoted: Container[str]) -> None:
        message = entry.message
        words = f"{message.subject}\n{message.own_text}"
        people = " ".join(one.name for one in (message.sender, *message.recipients) if one)
        self._at = entry.at
        self._said = plain(words)
        self._about = names_in(words).difference(words_in(people.casefold()))
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
        cases |= {about_mark(name) for name in self._about}
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

    def is_about(self, page: Page) -> bool:
        """Tell whether the message names whom the open question of a page is about."""
        spell = page.open_at(self._at)
        return spell is not None and not self._about.isdisjoint(spell.about)
