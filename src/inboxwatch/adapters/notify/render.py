"""Render a delivery as a mail: subject, plain text, HTML. Never loads or links anything remote."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from inboxwatch.adapters.notify.words import REPLIES, put_in_words
from inboxwatch.application.digest import DIGEST, HEALTH
from inboxwatch.application.payload import read_digest, read_health
from inboxwatch.application.records import Delivery
from inboxwatch.domain.errors import NotifierError
from inboxwatch.domain.plain import one_line

_WIDTH = 72  # RFC 3676 section 4.2 asks for less than 79

_templates = Environment(
    loader=PackageLoader("inboxwatch.adapters.notify"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A mail's words. `text` is format=flowed (RFC 3676) with CRLF-free lines; `html` is whole."""

    subject: str
    text: str
    html: str


def render(delivery: Delivery) -> Rendered:
    """Render a digest or an alert for a person to read.

    Raises:
        NotifierError: its payload is not one that this version wrote; permanent.
    """
    try:
        if delivery.type == DIGEST:
            words = put_in_words(read_digest(delivery.payload))
            subject = words.subject
            context: dict[str, object] = {"words": words, "replies": REPLIES}
        elif delivery.type == HEALTH:
            troubles = tuple(
                (one_line(t.what, 300), one_line(t.remedy, 300))
                for t in read_health(delivery.payload)
            )
            subject = f"inboxwatch: {one_line(troubles[0][0], 90)}"
            context = {"subject": subject, "troubles": troubles}
        else:
            raise ValueError("no words for this type")
    except (ValueError, LookupError) as error:
        raise NotifierError(
            f"{delivery.target}: a delivery of type {delivery.type} cannot be put into words",
            remedy="This is a fault of inboxwatch; the reminders are in `inboxwatch list`.",
            permanent=True,
        ) from error
    text = _templates.get_template(f"{delivery.type}.txt").render(context)
    html = _templates.get_template(f"{delivery.type}.html").render(context)
    return Rendered(subject=subject, text=flowed(text), html=html)


def flowed(text: str) -> str:
    """Wrap text as format=flowed: a line that goes on ends in a space (RFC 3676).

    A command after two spaces stays on one line, to be copied.
    """
    lines: list[str] = []
    for line in text.strip("\n").split("\n"):
        if len(line) <= _WIDTH or line.startswith("  "):
            wrapped = [line.rstrip()]
        else:
            wrapped = textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
        ends = [" "] * (len(wrapped) - 1) + [""]
        lines += [_stuffed(part) + end for part, end in zip(wrapped, ends, strict=True)]
    return "\n".join(lines) + "\n"


def _stuffed(line: str) -> str:
    # "From " would be escaped by mail stores; ">" and a leading space mean something in RFC 3676.
    return f" {line}" if line.startswith((" ", ">", "From ")) else line
