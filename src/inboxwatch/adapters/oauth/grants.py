"""What a provider grants: a token for a while, and another to get the next with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inboxwatch.adapters.oauth.client import MICROSOFT, MICROSOFT_SENDING_SCOPE, Client
from inboxwatch.adapters.oauth.refusals import refusal
from inboxwatch.domain.errors import MailSourceError

_ASSUMED_SECONDS = 600.0  # when the provider does not say: short, so that it is renewed early
_LONGEST_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One answer of a provider's token service.

    Attributes:
        access_token: what the mail server takes.
        expires_in_seconds: counted from when it was asked for.
        refresh_token: for the next one; empty where the one before stays good.
        signed_in_as: the name of who signed in, where the provider tells.
    """

    access_token: str = field(repr=False)
    expires_in_seconds: float
    refresh_token: str = field(default="", repr=False)
    signed_in_as: str = ""


def read_grant(client: Client, answer: Mapping[str, object]) -> Grant:
    """Return the grant in a token answer (RFC 6749 section 5.1).

    Raises:
        MailSourceError: the provider refused, gave no token, or not the leave that was asked for.
    """
    if "error" in answer:
        raise refusal(client.account, client.title, answer, sending=client.for_sending)
    token = answer.get("access_token")
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise MailSourceError(
            f"account '{client.account}': {client.title} answered without a token",
            remedy="It will be tried again; if it stays so, see docs/sign-in.md.",
            transient=True,
        )
    missing = _missing(client, answer.get("scope"))
    if missing:
        raise refusal(
            client.account,
            client.title,
            {"error": "consent_required"},
            sending=missing[0] == MICROSOFT_SENDING_SCOPE,
        )
    claims = answer.get("id_token_claims")
    name = claims.get("preferred_username") if isinstance(claims, Mapping) else None
    refresh = answer.get("refresh_token")
    return Grant(
        access_token=token,
        expires_in_seconds=_seconds(answer.get("expires_in")),
        refresh_token=refresh if isinstance(refresh, str) else "",
        signed_in_as=name if isinstance(name, str) else "",
    )


def _missing(client: Client, scope: object) -> list[str]:
    """Return what was asked for and not given; silence means that all of it was."""
    if not isinstance(scope, str) or not scope.strip():
        return []
    given = {_short(client, word) for word in scope.split()}
    return [asked for asked in client.scopes if _short(client, asked) not in given]


def _short(client: Client, scope: str) -> str:
    # Microsoft's come back under the host that they stand for today.
    word = scope.lower()
    return word.rpartition("/")[2] if client.provider == MICROSOFT else word


def _seconds(value: object) -> float:
    try:
        seconds = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _ASSUMED_SECONDS
    return min(seconds, _LONGEST_SECONDS) if seconds > 0 else _ASSUMED_SECONDS
