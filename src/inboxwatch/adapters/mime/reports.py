"""Read delivery and disposition reports from a message's leaves. What they mean is not decided."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inboxwatch.adapters.mime.addresses import parse_addresses
from inboxwatch.adapters.mime.guards import MAX_REPORT_BYTES
from inboxwatch.adapters.mime.headers import Headers, parse_headers, split_block
from inboxwatch.adapters.mime.ordinary import part_bytes
from inboxwatch.adapters.mime.parts import REPORT_TYPES
from inboxwatch.adapters.mime.tnef import read_tnef
from inboxwatch.adapters.mime.words import decode_words
from inboxwatch.application.records import FetchedPart
from inboxwatch.domain.message import Report, ReportedRecipient, ReportType

_DELIVERY = ("message/delivery-status", "message/global-delivery-status")
_DISPOSITION = ("message/disposition-notification", "message/global-disposition-notification")
_ORIGINALS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_MAX_RECIPIENTS = 100
_BLOCKS = re.compile(rb"\r?\n[ \t]*\r?\n")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# MAPI report classes end in what became of the message; the first is Microsoft Mail's old name.
_TNEF_DISPOSITIONS = (
    ("ipm.microsoft mail.read receipt", "displayed"),
    ("ipm.microsoft mail.non-read receipt", "deleted"),
    (".ipnrn", "displayed"),
    (".ipnnrn", "deleted"),
)
_TNEF_DELIVERIES = (
    ("ipm.microsoft mail.non-delivery", "failed"),
    (".ndr", "failed"),
    (".delayed.dr", "delayed"),
    (".expanded.dr", "expanded"),
    (".relayed.dr", "relayed"),
    (".dr", "delivered"),
)


def is_report_part(part: FetchedPart) -> bool:
    """Tell whether a leaf may be a report, so that mail-parser must not be asked."""
    return part.content_type in REPORT_TYPES or part.name.lower() == "winmail.dat"


def find_report(parts: Sequence[FetchedPart]) -> Report | None:
    """Return the report a message carries anywhere in its structure, or None."""
    for part in parts:
        if part.content_type in _DELIVERY:
            return _delivery(part, parts)
        if part.content_type in _DISPOSITION:
            return _disposition(part, parts)
    for part in parts:
        if is_report_part(part) and (found := _of_tnef(part)):
            return found
    return None


def _delivery(part: FetchedPart, parts: Sequence[FetchedPart]) -> Report:
    """Read RFC 3464: a block about the message, then one about each recipient."""
    blocks = _fields(part)
    recipients = tuple(
        _recipient(block)
        for block in blocks
        if block.all("final-recipient") or block.all("original-recipient") or block.all("action")
    )
    original = _original(parts)
    named = next((found for block in blocks if (found := _named(block))), "")
    return Report(
        type=ReportType.DELIVERY,
        recipients=recipients[:_MAX_RECIPIENTS],
        original_message_id=(original.message_id() if original else "") or named or None,
        original_subject=(original.text("subject") if original else "") or None,
    )


def _disposition(part: FetchedPart, parts: Sequence[FetchedPart]) -> Report:
    """Read RFC 8098: `Disposition: automatic-action/MDN-sent-automatically; deleted/rejected`."""
    blocks = _fields(part)
    block = next((b for b in blocks if b.all("disposition")), Headers(()))
    _mode, _, outcome = block.text("disposition").lower().rpartition(";")
    disposition, _, modifiers = outcome.partition("/")
    original = _original(parts)
    named = next((found for each in blocks if (found := _named(each))), "")
    addressed = [b for b in blocks if b.all("final-recipient") or b.all("original-recipient")]
    return Report(
        type=ReportType.DISPOSITION,
        recipients=tuple(_recipient(b) for b in addressed[:_MAX_RECIPIENTS]),
        disposition=disposition.strip(),
        disposition_modifiers=tuple(m.strip() for m in modifiers.split(",") if m.strip()),
        original_message_id=named or (original.message_id() if original else "") or None,
        original_subject=(original.text("subject") if original else "") or None,
    )


def _of_tnef(part: FetchedPart) -> Report | None:
    """Read the class of Outlook's own format, in which it also sends receipts."""
    found = read_tnef(part_bytes(part, MAX_REPORT_BYTES))
    if found is None:
        return None
    kind = found.message_class.lower()
    subject = found.subject or None
    for ending, disposition in _TNEF_DISPOSITIONS:
        if kind.endswith(ending):
            return Report(
                type=ReportType.DISPOSITION, disposition=disposition, original_subject=subject
            )
    for ending, action in _TNEF_DELIVERIES:
        if kind.endswith(ending) and (kind.startswith(("report.", "ipm.microsoft mail."))):
            recipient = ReportedRecipient(address="", action=action)
            return Report(
                type=ReportType.DELIVERY, recipients=(recipient,), original_subject=subject
            )
    return None


def _fields(part: FetchedPart) -> list[Headers]:
    """Return the blocks of fields of a status part."""
    raw = part_bytes(part, MAX_REPORT_BYTES)
    blocks = (block for block in _BLOCKS.split(raw)[: _MAX_RECIPIENTS * 2] if block.strip())
    return [parse_headers(block.strip(b"\r\n") + b"\n") for block in blocks]


def _recipient(block: Headers) -> ReportedRecipient:
    status = _STATUS.search(block.text("status"))
    return ReportedRecipient(
        address=_address(block, "original-recipient") or _address(block, "final-recipient"),
        action=block.text("action").partition("(")[0].strip().lower(),
        status=status.group(1) if status else "",
        diagnostic=_typed(block.text("diagnostic-code")),
    )


def _address(block: Headers, name: str) -> str:
    """Return the address of `rfc822; someone@example.org`, in lower case."""
    found = parse_addresses([_typed(block.first(name))])
    return found[0].address if found else ""


def _typed(value: str) -> str:
    """Return what follows the type of a `type; value` field."""
    before, mark, after = value.partition(";")
    return after.strip() if mark and "@" not in before else value.strip()


def _named(block: Headers) -> str:
    """Return the id of the message that the report is about, as its own fields give it."""
    return block.message_id("original-message-id") or block.message_id("x-original-message-id")


def _original(parts: Sequence[FetchedPart]) -> Headers | None:
    """Return the headers of the returned message."""
    for part in parts:
        if part.content_type in _ORIGINALS and part.raw:
            block, _ = split_block(part_bytes(part).lstrip(b"\r\n"))
            found = parse_headers(block)
            if found.items:
                return found
    return None


def original_subject(part: FetchedPart) -> str:
    """Return the subject of an attached message, for the name it is listed under."""
    block, _ = split_block(part_bytes(part).lstrip(b"\r\n"))
    return decode_words(parse_headers(block).first("subject"))
