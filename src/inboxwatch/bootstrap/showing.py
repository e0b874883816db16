"""Render a reminder for showing: the same words that are sent, sent to nobody."""

from __future__ import annotations

from inboxwatch.adapters.notify.render import Rendered, render
from inboxwatch.application.digest import DIGEST, Digest, Situation, in_order
from inboxwatch.application.payload import write_digest
from inboxwatch.application.picture import Picture
from inboxwatch.application.records import Delivery
from inboxwatch.domain.london import local_day
from inboxwatch.domain.planning import plan
from inboxwatch.domain.reminders import ReminderPolicy
from inboxwatch.domain.verdict import Status


def sample_reminder(picture: Picture, *, to: str) -> Rendered:
    """Return the digest that a picture gives as its first reminder."""
    reminders = plan(
        picture.verdicts,
        filed=(),
        as_of=picture.as_of,
        policy=ReminderPolicy(),
        working_days=lambda _after, _until: 0,
        today=local_day(picture.as_of),
    )
    digest = Digest(
        person=to,
        reminders=in_order(reminders),
        situation=Situation(
            as_of=picture.as_of,
            review=len(picture.with_status(Status.REVIEW)),
            unreadable=len(picture.unreadable),
        ),
    )
    delivery = Delivery(
        id="sample",
        person=to,
        target="email",
        type=DIGEST,
        payload=write_digest(digest, id="sample", at=picture.as_of),
        created_at=picture.as_of,
    )
    return render(delivery)
