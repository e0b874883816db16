"""What a report in the structure says: bounce, delay, receipt, calendar. Decides alone. Pure."""

from __future__ import annotations

from inboxwatch.domain.evidence.weights import DECISIVE
from inboxwatch.domain.evidence.wording import Says, Wording
from inboxwatch.domain.kinds import Evidence, Kind
from inboxwatch.domain.message import Message, Report, ReportedRecipient, ReportType

_UNDELIVERED = ("rejected", "quota", "expired", "mailbox-terminated")
_ARRIVED = ("delivered", "relayed", "expanded")
_DELIVERY_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_DISPOSITION_TYPES = frozenset(
    {"message/disposition-notification", "message/global-disposition-notification"}
)
_CALENDAR_METHODS = frozenset(
    {"REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"}
)


def decided_by_structure(message: Message, folded: str, wording: Wording) -> Evidence | None:
    """Return what the structure of a message decides, None when it leaves the question open.

    Args:
        folded: the folded text, asked only when a report does not say whether it is final.

    Source: RFC 3464 (Action), RFC 8098 (disposition), RFC 5546 (METHOD).
    """
    if message.report is not None and message.report.type is ReportType.DELIVERY:
        return _delivery(message.report, folded, wording)
    if message.report is not None:
        return _disposition(message.report)
    if not _DELIVERY_TYPES.isdisjoint(message.content_types):
        return _delivery(Report(type=ReportType.DELIVERY), folded, wording)
    if not _DISPOSITION_TYPES.isdisjoint(message.content_types):
        return _disposition(Report(type=ReportType.DISPOSITION))
    if message.calendar_method in _CALENDAR_METHODS:
        what = message.calendar_method.lower()
        return _evidence(Kind.CALENDAR, f"it carries a calendar {what}")
    return None


def _evidence(kind: Kind, text: str) -> Evidence:
    return Evidence(text=text, towards=kind, weight=DECISIVE, source="report")


def _outcome(recipient: ReportedRecipient) -> str:
    action = recipient.action.strip()
    if action.startswith("fail"):
        return "failed"
    if action.startswith("delay"):
        return "delayed"
    if action.startswith(_ARRIVED):
        return "arrived"
    return {"5": "failed", "4": "delayed", "2": "arrived"}.get(recipient.status.strip()[:1], "")


def _delivery(report: Report, folded: str, wording: Wording) -> Evidence:
    outcomes = {_outcome(recipient): recipient for recipient in reversed(report.recipients)}
    if "failed" in outcomes:
        one = outcomes["failed"]
        why = one.status or one.diagnostic[:60] or "failed"
        return _evidence(
            Kind.BOUNCE, f"a delivery report: not delivered to {one.address or 'us'} ({why})"
        )
    if "delayed" in outcomes:
        return _evidence(
            Kind.DELAY,
            f"a delivery report: delayed for {outcomes['delayed'].address or 'somebody'}",
        )
    if "arrived" in outcomes:
        return _evidence(
            Kind.RECEIPT, f"a delivery report: delivered to {outcomes['arrived'].address or 'them'}"
        )
    if wording.says(Says.DELAY, folded):
        return _evidence(Kind.DELAY, "a delivery report that speaks of a delay")
    return _evidence(Kind.BOUNCE, "a delivery report that names no success")


def _disposition(report: Report) -> Evidence:
    modifiers = " ".join(report.disposition_modifiers)
    if report.disposition == "deleted" and any(word in modifiers for word in _UNDELIVERED):
        return _evidence(Kind.BOUNCE, f"a receipt that says deleted: {modifiers}")
    what = report.disposition or "receipt"
    return _evidence(Kind.RECEIPT, f"a read receipt ({what})")
