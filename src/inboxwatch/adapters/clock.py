"""The wall clock: the only place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current moment, aware UTC."""
    return datetime.now(UTC)
