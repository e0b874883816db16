"""Take a whole message apart into its leaves within limits of depth, number and size.

The standard library recurses once a level and holds every line, so 500 nested multiparts or a
60 MB attachment would cost the stack or the memory. Here a part is a range of the bytes until
its few kept bytes are cut out. What the leaves say is read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as EmailMessage
from email.utils import collapse_rfc2231_value

from inboxwatch.adapters.mime.guards import (
    GUARDED,
    MAX_ATTACHED_MESSAGE_BYTES,
    MAX_DEPTH,
    MAX_NAME,
    MAX_PARTS,
    MAX_REPORT_BYTES,
    MAX_TEXT_BYTES,
)
from inboxwatch.adapters.mime.headers import part_headers, split_block
from inboxwatch.adapters.mime.words import clean, decode_words
from inboxwatch.application.records import FetchedPart

REPORT_TYPES = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "application/ms-tnef",
    }
)
_ORIGINAL_TYPES = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_MAX_PARAMETERS = 40
_PARAMETERS = frozenset({"charset", "method", "format", "delsp", "report-type"})


@dataclass(slots=True)
class Structure:
    """A message taken apart: its header block, its leaves and what was odd about it."""

    header: bytes
    leaves: list[FetchedPart] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def take_apart(raw: bytes) -> Structure:
    """Return the structure of a whole message. Linear in its size for a given depth."""
    header, body = split_block(raw)
    structure = Structure(header=header)
    _walk(raw, header, body, len(raw), "", 0, "text/plain", structure)
    structure.defects = list(dict.fromkeys(structure.defects))
    return structure


def limit_of(content_type: str) -> int:
    """Return how many bytes of a leaf of that type are of use; 0 for what is never read."""
    if content_type in _ORIGINAL_TYPES:
        return MAX_ATTACHED_MESSAGE_BYTES
    if content_type in REPORT_TYPES:
        return MAX_REPORT_BYTES
    if content_type.startswith("text/"):
        return MAX_TEXT_BYTES
    return 0


def type_of(value: str) -> str:
    """Return the content type that the value of a header declares."""
    content_type = value.partition(";")[0].strip().lower()
    return content_type if _TYPE.fullmatch(content_type) else "text/plain"


def _described(message: EmailMessage, default: str) -> tuple[dict[str, str], str]:
    """Return the Content-Type parameters (lower-case names) and the type itself."""
    message.set_default_type(default)
    try:
        content_type = message.get_content_type().lower()
        pairs: list[tuple[str, object]] = list(message.get_params(failobj=[], unquote=True))
    except GUARDED:
        return {}, default
    if not _TYPE.fullmatch(content_type):
        content_type = default
    parameters: dict[str, str] = {}
    for name, value in pairs[1:_MAX_PARAMETERS]:
        # RFC 2231 values come as charset, language and text.
        text = collapse_rfc2231_value(value) if isinstance(value, tuple) else str(value)
        parameters.setdefault(str(name).lower(), text)
    return parameters, content_type


def _walk(
    raw: bytes,
    header: bytes,
    start: int,
    end: int,
    path: str,
    depth: int,
    default: str,
    structure: Structure,
) -> None:
    """Add the leaves of the part whose body is raw[start:end]."""
    if len(structure.leaves) >= MAX_PARTS:
        structure.defects.append(f"it has more than {MAX_PARTS} parts")
        return
    message = part_headers(header)
    parameters, content_type = _described(message, default)
    if content_type.startswith("multipart/"):
        if depth >= MAX_DEPTH:
            structure.defects.append(f"it is nested more than {MAX_DEPTH} deep")
            return
        boundary = parameters.get("boundary", "").rstrip()
        ranges = list(_ranges(raw, start, end, boundary, structure)) if boundary else []
        if ranges:
            inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
            for number, (first, last) in enumerate(ranges, 1):
                below, body = _part_block(raw, first, last)
                section = f"{path}.{number}" if path else str(number)
                _walk(raw, below, body, last, section, depth + 1, inner, structure)
            return
        structure.defects.append("its parts cannot be told apart")
        content_type, parameters = "text/plain", {}
    structure.leaves.append(_leaf(raw, message, start, end, path or "1", content_type, parameters))


def _ranges(
    raw: bytes, start: int, end: int, boundary: str, structure: Structure
) -> Iterator[tuple[int, int]]:
    """Yield the byte range of every part between the boundary lines of a multipart body."""
    try:
        mark = b"--" + boundary.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return
    line = re.compile(rb"(?:--)?[ \t]*(?:\r?\n|\r|\Z)")
    opened: int | None = None
    position = start
    while (found := raw.find(mark, position, end)) >= 0:
        position = found + len(mark)
        ended = line.match(raw, position, end)
        if ended is None or (found > start and raw[found - 1 : found] not in (b"\n", b"\r")):
            continue
        if opened is not None:
            yield opened, max(opened, _before_line(raw, found, opened))
        if raw.startswith(b"--", position):
            return
        opened = position = ended.end()
        if len(structure.leaves) >= MAX_PARTS:
            return
    if opened is not None:
        structure.defects.append("it ends before its last part does")
        yield opened, end


def _before_line(raw: bytes, found: int, opened: int) -> int:
    """Return where a part ends: the line break before a boundary belongs to the boundary."""
    if raw[max(found - 2, opened) : found] == b"\r\n":
        return found - 2
    return found - 1 if found > opened else found


def _part_block(raw: bytes, start: int, end: int) -> tuple[bytes, int]:
    """Return a part's header block and where its body begins, without copying the body."""
    window = raw[start : min(end, start + 64 * 1024)]
    block, body = split_block(window)
    if body == len(window) and start + body < end:
        return b"", start  # no end of its headers in sight: it is all body
    return block, start + body


def _leaf(
    raw: bytes,
    message: EmailMessage,
    start: int,
    end: int,
    path: str,
    content_type: str,
    parameters: dict[str, str],
) -> FetchedPart:
    limit = limit_of(content_type)
    try:
        name = message.get_filename() or parameters.get("name", "")
        disposition = (message.get_content_disposition() or "").lower()
    except GUARDED:
        name, disposition = parameters.get("name", ""), ""
    return FetchedPart(
        path=path,
        content_type=content_type,
        parameters=tuple(
            (key, clean(value)) for key, value in parameters.items() if key in _PARAMETERS
        ),
        encoding=decode_words(message.get("content-transfer-encoding", "")).lower() or "7bit",
        name=decode_words(name, MAX_NAME),
        disposition=disposition,
        size=max(end - start, 0),
        raw=raw[start : min(end, start + limit)] if limit else None,
        truncated=bool(limit) and end - start > limit,
    )
