"""Log in at an SMTP server with a token: XOAUTH2 (Google, Microsoft) or OAUTHBEARER (RFC 7628)."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass

from inboxwatch.domain.errors import NotifierError

# Microsoft's "Authenticated SMTP": off in most organisations until somebody allows it.
_SWITCHED_OFF = (b"5.7.139", b"smtpclientauthentication")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLogIn:
    """What logs in by token.

    Args:
        token: gives a fresh one; raises NotifierError when there is none to be had.
        refused: told of a token that the server would not take, so that the next is another.
        sign_in: the command by which the user signs in again.
    """

    token: Callable[[], str]
    refused: Callable[[str], None]
    sign_in: str


class TokenRefused(Exception):
    """The server would not take this token; `code` and `said` are its answer."""

    def __init__(self, token: str, code: int, said: bytes) -> None:
        super().__init__(f"token refused ({code})")
        self.token = token
        self.code = code
        self.is_switched_off = any(word in said.lower() for word in _SWITCHED_OFF)


def log_in(server: smtplib.SMTP, user: str, token: str) -> None:
    """Show a token; the connection has said EHLO and is encrypted.

    Raises:
        TokenRefused: the server will not take this one.
        smtplib.SMTPException, OSError: as the server or the network failed, or 4xx for now.
    """
    offered = server.esmtp_features.get("auth", "").upper().split()
    bearer = f"auth=Bearer {token}\x01\x01"
    if "XOAUTH2" in offered:
        mechanism, first, after = "XOAUTH2", f"user={user}\x01{bearer}", ""
    elif "OAUTHBEARER" in offered:
        mechanism, first, after = "OAUTHBEARER", f"n,a={user},\x01{bearer}", "\x01"
    else:
        raise smtplib.SMTPNotSupportedError("the server takes no token")

    def answer(challenge: bytes | None = None) -> str:
        # A challenge is the refusal in JSON; the server ends when it is answered.
        return first if challenge is None else after

    try:
        server.auth(mechanism, answer)
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code < 500:
            raise
        said = error.smtp_error
        raise TokenRefused(
            token, error.smtp_code, said if isinstance(said, bytes) else said.encode()
        ) from None


def refusal(name: str, host: str, refused: TokenRefused, sign_in: str) -> NotifierError:
    """Return what is told of a token that was refused although it was renewed a moment ago."""
    if refused.is_switched_off:
        return NotifierError(
            f"{name}: {host} lets no program send from this mailbox ({refused.code})",
            remedy="Who runs its mail must allow Authenticated SMTP for it. Or let reminders go"
            " out another way;\ndocs/sign-in.md shows how. Then run: inboxwatch resume",
            permanent=True,
            disables_target=True,
        )
    return NotifierError(
        f"{name}: {host} refused the sign-in, renewed a moment ago ({refused.code})",
        remedy=f"Sign in again, and say yes to sending mail: {sign_in}\nThe username of [email]"
        " must be the address that signed in.",
        permanent=True,
        disables_target=True,
    )
