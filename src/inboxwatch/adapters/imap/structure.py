"""Reads a BODYSTRUCTURE and chooses the parts worth fetching. Fetches nothing."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import collapse_rfc2231_value, decode_params

from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.tokens import Garbled, Value, as_int, as_text
from inboxwatch.application.records import FetchedPart

_REPORTS = frozenset(
    {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers",
     "message/global-delivery-status", "message/global-disposition-notification",
     "message/feedback-report"}
)  # fmt: skip
_MAX_PARTS = 500
_MAX_TEXTS = 3  # Apple Mail cuts a text in two around every picture
_STUB_BYTES = 200  # a plain text this short beside an HTML text may say "see the HTML part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of a message to fetch, and how many bytes of it at most."""

    path: str  # of the part
    name: str  # as FETCH takes it: "1.2" or "3.HEADER"
    max_bytes: int


def parts_of(structure: Value) -> tuple[FetchedPart, ...]:
    """Return every leaf of a structure, depth first, without bytes. An attached message is a leaf.

    Raises:
        Garbled: the structure is not one.
    """
    if not isinstance(structure, list) or not structure:
        raise Garbled("a message's structure is missing")
    parts: list[FetchedPart] = []
    # The section numbers of the parts of a multipart follow its own; a lone part is number 1.
    waiting: list[tuple[list[Value], str]] = [(structure, "")]
    while waiting:
        node, path = waiting.pop()
        if node and isinstance(node[0], list):
            inner = [child for child in node if isinstance(child, list)][: _children(node)]
            numbered = [
                (child, f"{path}.{number}" if path else str(number))
                for number, child in enumerate(inner, 1)
            ]
            waiting.extend(reversed(numbered))
            continue
        parts.append(_leaf(node, path or "1"))
        if len(parts) > _MAX_PARTS:
            break
    return tuple(parts)


def sections(parts: tuple[FetchedPart, ...], limits: Limits) -> tuple[Section, ...]:
    """Choose what to fetch: the words, reports, the header of what was returned, invitations."""
    chosen: list[Section] = []
    texts = _bodies(parts, "text/plain")[:_MAX_TEXTS]
    if sum(part.size for part in texts) < _STUB_BYTES:
        texts = [part for part in texts if part.size] + _bodies(parts, "text/html")[:1]
    for part in texts:
        limit = limits.html_bytes if part.content_type == "text/html" else limits.text_bytes
        chosen.append(Section(path=part.path, name=part.path, max_bytes=limit))
    returned = False
    for part in parts:
        kind = part.content_type
        if kind in _REPORTS or kind == "text/calendar":
            chosen.append(Section(path=part.path, name=part.path, max_bytes=limits.text_bytes))
        elif kind in ("message/rfc822", "message/global") and not returned:
            returned = True
            chosen.append(
                Section(path=part.path, name=f"{part.path}.HEADER", max_bytes=limits.text_bytes)
            )
        elif _is_tnef(part) and part.size <= limits.tnef_bytes:
            chosen.append(Section(path=part.path, name=part.path, max_bytes=limits.tnef_bytes))
    return tuple(chosen)


def _bodies(parts: tuple[FetchedPart, ...], content_type: str) -> list[FetchedPart]:
    return [
        part
        for part in parts
        if part.content_type == content_type
        and part.disposition != "attachment"
        and (not part.name or part.disposition == "inline")
    ]


def _is_tnef(part: FetchedPart) -> bool:
    return part.content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or (
        part.name.lower() == "winmail.dat"
    )


def _children(node: list[Value]) -> int:
    for index, child in enumerate(node):
        if not isinstance(child, list):
            return index
    return len(node)


def _leaf(node: list[Value], path: str) -> FetchedPart:
    if len(node) < 7 or not isinstance(node[0], bytes):
        raise Garbled("a part's structure is cut short")
    kind = f"{as_text(node[0])}/{as_text(node[1]) or 'x-unknown'}".lower()
    parameters = _parameters(node[2])
    disposition, described = _disposition(node)
    return FetchedPart(
        path=path,
        content_type=kind,
        parameters=parameters,
        encoding=as_text(node[5]).lower() or "7bit",
        name=described.get("filename") or dict(parameters).get("name", ""),
        disposition=disposition,
        size=as_int(node[6]) or 0,
    )


def _disposition(node: list[Value]) -> tuple[str, dict[str, str]]:
    """Return the disposition and its parameters; the fields before it differ by type."""
    for value in node[7:]:
        if (
            isinstance(value, list)
            and len(value) == 2
            and isinstance(value[0], bytes)
            and value[0].lower() in (b"attachment", b"inline")
            and (value[1] is None or isinstance(value[1], list))
        ):
            return value[0].lower().decode("ascii"), dict(_parameters(value[1]))
    return "", {}


def _parameters(value: Value) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or len(value) % 2:
        return ()
    pairs = [
        (as_text(name).lower(), as_text(said))
        for name, said in zip(value[::2], value[1::2], strict=True)
    ]
    try:
        decoded = decode_params([("", ""), *pairs])[1:]  # joins RFC 2231 continuations
        return tuple((name, collapse_rfc2231_value(said)) for name, said in decoded)
    except (ValueError, LookupError, TypeError):
        return tuple(pairs)
