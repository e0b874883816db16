"""Build the mail of a delivery: the same words, boundary and Message-ID at every attempt. Pure."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from inboxwatch.adapters.headings import WholeSubjects
from inboxwatch.adapters.notify.render import Rendered
from inboxwatch.application.digest import reminder_message_id
from inboxwatch.application.records import Delivery
from inboxwatch.domain.plain import one_line

# Seven-bit throughout, so that no server on the way needs 8BITMIME or SMTPUTF8.
_POLICY = WholeSubjects(cte_type="7bit")


def build_mail(
    delivery: Delivery,
    rendered: Rendered,
    *,
    sender: str,
    recipients: tuple[str, ...],
    secret: bytes,
    at: datetime,
) -> EmailMessage:
    """Build a multipart/alternative mail to the user.

    Args:
        sender: the bare address it is sent from, the user's own.
        secret: the store's own; the Message-ID is made from it and the delivery's id.
        at: aware, the Date header.

    Raises:
        ValueError: an address is not one (the headers refuse line breaks and the like).
    """
    mail = EmailMessage(policy=_POLICY)
    message_id = reminder_message_id(secret, delivery.id)
    mail["From"] = Address(display_name="inboxwatch", addr_spec=sender)
    mail["To"] = tuple(Address(addr_spec=recipient) for recipient in recipients)
    mail["Subject"] = one_line(rendered.subject, 200)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Inboxwatch"] = delivery.type
    mail.set_content(rendered.text, cte="quoted-printable", params={"format": "flowed"})
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_{message_id[:40]}")
    return mail
