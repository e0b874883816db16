"""Tell a dead-man switch that a cycle went well, or did not (Healthchecks convention)."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

from inboxwatch.adapters.notify.http import check_status, check_url, post


class DeadManPing:
    """Posts an empty body to a ping URL. When no ping comes, the service there raises the alarm."""

    def __init__(self, *, url: str, context: ssl.SSLContext, timeout_seconds: float = 10) -> None:
        """Set it up; raises NotifierError when the URL is not https."""
        self._url = check_url("ping", url)
        self._context = context
        self._timeout_seconds = timeout_seconds

    def good(self) -> None:
        """Say that a cycle went well; raises NotifierError when it was not heard."""
        self._post("")

    def failed(self) -> None:
        """Say that a cycle failed; raises NotifierError when it was not heard."""
        self._post("/fail")

    def _post(self, suffix: str) -> None:
        url = self._url.copy_with(path=self._url.path.rstrip("/") + suffix)
        reply = post(
            "ping", url, b"", {}, context=self._context, timeout_seconds=self._timeout_seconds
        )
        check_status("ping", reply, at=datetime.now(UTC))
