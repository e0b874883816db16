"""What of a web address may be shown: whoever knows the rest of one can often write there."""

from __future__ import annotations

from urllib.parse import urlsplit

SET = "set, not shown"


def without_path(address: str) -> str:
    """Return the scheme and host of a web address, of any other address the scheme alone."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return f"{parts.scheme}://… ({SET})"
    return f"{parts.scheme}://{parts.hostname or ''}/…"
