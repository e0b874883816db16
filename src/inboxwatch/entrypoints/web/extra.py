"""The packages that only the page needs: there, or said in plain words how to get them."""

from __future__ import annotations

from importlib.util import find_spec

from inboxwatch.domain.errors import ConfigError

_PACKAGES = ("argon2", "fastapi", "multipart", "prometheus_client", "uvicorn")


def require_web() -> None:
    """Make sure that what the page needs is installed.

    Raises:
        ConfigError: it is not; the remedy says how to install it.
    """
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"the page needs packages that are not installed: {', '.join(missing)}",
            remedy='Install them with: pip install "inboxwatch[web]"',
        )
