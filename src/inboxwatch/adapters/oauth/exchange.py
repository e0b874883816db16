"""Ask a token service for tokens, by a code or by a refresh token (RFC 6749). Keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping

from inboxwatch.adapters.oauth.client import MICROSOFT, Client
from inboxwatch.adapters.oauth.grants import Grant, read_grant
from inboxwatch.adapters.oauth.wire import Wire


def renew(client: Client, refresh_token: str) -> Grant:
    """Return a new grant for a refresh token.

    Raises:
        MailSourceError: transient when asking again later may help; else with the remedy.
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    if client.provider == MICROSOFT:
        # offline_access: without it no new refresh token comes along.
        form["scope"] = " ".join((*client.scopes, "offline_access"))
    return ask(client, form)


def ask(client: Client, form: Mapping[str, str]) -> Grant:
    """Return the grant for a form, completed with the client's id and secret.

    Raises:
        MailSourceError: as `renew`.
    """
    whole = {"client_id": client.client_id, **form}
    if client.client_secret:
        whole["client_secret"] = client.client_secret
    with Wire(client) as wire:
        answer = wire.post(client.token_url, data=whole)
    return read_grant(client, answer.json())
