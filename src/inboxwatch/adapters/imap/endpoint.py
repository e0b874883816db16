"""Where an account's mail is, and how it signs in. Plain values."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Mechanism(Enum):
    """How an account signs in."""

    PASSWORD = "password"  # noqa: S105
    XOAUTH2 = "xoauth2"
    OAUTHBEARER = "oauthbearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A password or an access token, and how it is shown.

    Args:
        forget: told that the server would not take a token, so that the next one asked for is
            another; None where asking again gives the same.
    """

    secret: str
    mechanism: Mechanism = Mechanism.PASSWORD
    forget: Callable[[], None] | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.mechanism.value})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where an account's mail is and who asks for it.

    Args:
        security: `tls`, `starttls` or `plain`; plain only on this machine, or when `allow_plain`.
        credentials: asked at each connection, so that a token is fresh.
        ssl_context: one for the whole program; making one costs more than a poll.
    """

    host: str
    port: int
    security: str
    username: str
    credentials: Callable[[], Credentials]
    ssl_context: ssl.SSLContext | None
    allow_plain: bool = False
