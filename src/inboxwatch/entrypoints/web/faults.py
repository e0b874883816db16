"""Failures as answers: JSON with problem and remedy for the API, a calm page for people."""

from __future__ import annotations

from inboxwatch.domain.errors import (
    ConfigError,
    InboxwatchError,
    MailSourceError,
    StoreError,
)


class NotThere(InboxwatchError):
    """What was asked for does not exist, or is not this visitor's to see: the same answer."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem, remedy="Look for it in the overview; it may have moved.")


class NotAllowed(InboxwatchError):
    """The visitor may not do this."""


def status_of(error: InboxwatchError) -> int:
    """Return the HTTP status of an expected failure."""
    match error:
        case NotThere():
            return 404
        case NotAllowed():
            return 403
        case ConfigError():
            return 400
        case MailSourceError() | StoreError():
            return 503
    return 500
