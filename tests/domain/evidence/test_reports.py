"""What a report in the structure decides."""

import pytest

from inboxwatch.domain.evidence.reports import decided_by_structure
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Report, ReportedRecipient, ReportType
from tests.domain.evidence.mails import WORDING, a_mail


def decided(text: str = "", **changes: object) -> Kind | None:
    evidence = decided_by_structure(a_mail(text, **changes), text, WORDING)
    return evidence.towards if evidence else None


def delivery(*recipients: ReportedRecipient) -> Report:
    return Report(type=ReportType.DELIVERY, recipients=recipients)


def to(action: str, status: str = "", address: str = "sen@kent.gov.uk") -> ReportedRecipient:
    return ReportedRecipient(address=address, action=action, status=status)


@pytest.mark.parametrize(
    ("report", "kind"),
    [
        (delivery(to("failed", "5.1.1")), Kind.BOUNCE),
        (delivery(to("failed", "4.4.7")), Kind.BOUNCE),
        (delivery(to("failure")), Kind.BOUNCE),
        (delivery(to("failed", address="")), Kind.BOUNCE),
        (delivery(to("delayed", "4.4.1")), Kind.DELAY),
        (delivery(to("delayed", address="")), Kind.DELAY),
        (delivery(to("delivered")), Kind.RECEIPT),
        (delivery(to("relayed", address="")), Kind.RECEIPT),
        (delivery(to("", "5.1.1")), Kind.BOUNCE),
        (delivery(to("", "4.4.1")), Kind.DELAY),
        (delivery(to("", "2.0.0")), Kind.RECEIPT),
        (delivery(to("odd")), Kind.BOUNCE),
        (delivery(to("delivered"), to("failed"), to("delayed")), Kind.BOUNCE),
        (delivery(to("delivered"), to("delayed")), Kind.DELAY),
        (delivery(), Kind.BOUNCE),
        (Report(type=ReportType.DISPOSITION, disposition="displayed"), Kind.RECEIPT),
        (Report(type=ReportType.DISPOSITION, disposition="deleted"), Kind.RECEIPT),
        (Report(type=ReportType.DISPOSITION), Kind.RECEIPT),
        (
            Report(
                type=ReportType.DISPOSITION,
                disposition="deleted",
                disposition_modifiers=("quota",),
            ),
            Kind.BOUNCE,
        ),
        (
            Report(
                type=ReportType.DISPOSITION,
                disposition="displayed",
                disposition_modifiers=("error",),
            ),
            Kind.RECEIPT,
        ),
    ],
)
def test_a_report_decides(report: Report, kind: Kind) -> None:
    assert decided(report=report) is kind


def test_a_report_without_action_is_told_by_its_words() -> None:
    text = "your message has been delayed and will be retried"

    assert decided(text, report=delivery()) is Kind.DELAY


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("message/delivery-status", Kind.BOUNCE),
        ("message/disposition-notification", Kind.RECEIPT),
        ("message/global-delivery-status", Kind.BOUNCE),
    ],
)
def test_a_report_that_could_not_be_read_still_is_one(content_type: str, kind: Kind) -> None:
    assert decided(content_types=("multipart/report", content_type)) is kind


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "REPLY", "COUNTER"])
def test_an_invitation_is_calendar_mail(method: str) -> None:
    assert decided(calendar_method=method) is Kind.CALENDAR


def test_a_published_calendar_and_plain_mail_leave_it_open() -> None:
    assert decided(calendar_method="PUBLISH") is None
    assert decided("Yes") is None
