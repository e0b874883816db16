"""Turn an HTML part into text with inscriptis: what its author wrote, and what was quoted.

Loaded with the first HTML part that is read: it costs 5 MB, and plain text needs none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from inboxwatch.adapters.mime.guards import GUARDED
from inboxwatch.adapters.mime.words import clean

_MAX_HTML = 200_000  # characters
_MAX_LINES = 4_000
_DROPPED = ("script", "style", "head", "title", "template", "noscript", "object", "svg", "img")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_SET_APART = frozenset(  # classes and ids of quotations, their introductions and signatures
    {
        "gmail_attr", "moz-cite-prefix", "outlookmessageheader", "yahoo_quoted",
        "protonmail_quote", "zmail_extra", "moz-forward-container", "gmail_signature",
        "moz-signature", "signature", "ms-outlook-mobile-signature",
    }
)  # fmt: skip
_QUOTE_WRAPPERS = frozenset({"gmail_quote", "gmail_quote_container"})
# The quoted mail follows these as siblings: Outlook on the web and for phones.
_QUOTE_FOLLOWS = frozenset({"divrplyfwdmsg", "appendonsend", "x_divrplyfwdmsg", "x_appendonsend"})
_TAGS = re.compile(r"<[^<>]{0,1000}>")


def page_text(source: str) -> tuple[str, str]:
    """Return the author's text and the quoted text of an HTML part.

    Hidden parts are in neither. Markup that no parser takes gives its bare words.
    """
    source = clean(source)[:_MAX_HTML]
    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", source))
        _prune(tree)
        quoted = html.Element("div")
        for element, with_tail in list(_quotations(tree)):
            _move(element, quoted, with_tail=with_tail)
        own, rest = _rendered(tree), _rendered(quoted)
    except (*GUARDED, LxmlError):
        own, rest = "", ""
    if not own.strip() and not rest.strip():
        return _TAGS.sub(" ", source).strip(), ""
    return own, rest


def _prune(tree: HtmlElement) -> None:
    """Remove what nobody sees, and the styles, with which a few bytes make megabytes of blanks."""
    for element in list(tree.iter()):
        if element is tree or element.getparent() is None:
            continue
        hidden = element.get("hidden") is not None
        if (
            hidden
            or not isinstance(element.tag, str)
            or element.tag in _DROPPED
            or _HIDDEN.search(element.get("style", "")[:500])
        ):
            element.drop_tree()
    for element in tree.iter():
        for name in ("style", "width", "height", "colspan", "rowspan", "align", "valign"):
            element.attrib.pop(name, None)


def _quotations(tree: HtmlElement) -> Iterator[tuple[HtmlElement, bool]]:
    """Yield what holds quoted mail or a signature, and whether the text after it does too."""
    covered: set[HtmlElement] = set()  # parents whose later children all are quotation
    for element in tree.iter():
        names = set(element.get("class", "").lower().split())
        name = element.get("id", "").lower()
        if name in _QUOTE_FOLLOWS and element.getparent() not in covered:
            covered.add(element.getparent())
            yield element, True
            yield from ((later, True) for later in element.itersiblings())
        elif (
            element.tag == "blockquote" or {*names, name} & _SET_APART or _forwarded(element, names)
        ):
            yield element, False


def _forwarded(element: HtmlElement, names: set[str]) -> bool:
    """Tell whether Gmail's wrapper is all quotation.

    With a blockquote inside, only that is quoted: answers may stand between.
    """
    return bool(names & _QUOTE_WRAPPERS) and element.find(".//blockquote") is None


def _move(element: HtmlElement, target: HtmlElement, *, with_tail: bool) -> None:
    """Move an element to `target`, unless it went there with an outer one."""
    parent = element.getparent()
    if parent is None or any(ancestor is target for ancestor in element.iterancestors()):
        return
    if not with_tail and element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = f"{parent.text or ''}\n{element.tail}"
        else:
            before.tail = f"{before.tail or ''}\n{element.tail}"
        element.tail = None
    target.append(element)


def _rendered(tree: HtmlElement) -> str:
    """Render with inscriptis, blank lines folded."""
    text = Inscriptis(tree, ParserConfig()).get_text()
    lines = [line.strip() for line in text.split("\n")[: _MAX_LINES * 4]]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept[:_MAX_LINES]).strip()
