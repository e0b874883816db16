"""Sign in at Microsoft with a short code typed on any device (RFC 8628), through msal.

msal is an optional package and takes half a second to load, so only this module does, when used.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from inboxwatch.adapters.oauth.client import Client, check_client
from inboxwatch.adapters.oauth.grants import Grant, read_grant
from inboxwatch.adapters.oauth.refusals import refusal
from inboxwatch.adapters.oauth.wire import Wire
from inboxwatch.domain.errors import ConfigError, MailSourceError

_PENDING = frozenset({"authorization_pending", "slow_down"})
_LONGEST_PAUSE = 60  # seconds between two questions while the network is down


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """What a person needs: the page to open, the code to type, and how long it works."""

    page: str
    code: str
    minutes: int


def microsoft_sign_in(
    client: Client,
    *,
    show: Callable[[DeviceCode], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Grant:
    """Show a code, wait until a person has used it, and return what was granted.

    Args:
        client: of the provider "microsoft".
        show: tells the person; called once.
        sleep: waits that many seconds between two questions.

    Raises:
        ConfigError: msal is not installed, or the settings cannot work.
        MailSourceError: refused, run out, or the service cannot be reached.
    """
    check_client(client)
    msal = _msal()
    with Wire(client) as wire:
        with _msal_errors(client, msal):
            app = msal.PublicClientApplication(
                client.client_id,
                authority=client.base,
                # The authority is the user's own word; msal would ask a third host about it.
                instance_discovery=False,
                http_client=wire,
                token_cache=_no_cache(msal),
            )
            flow: dict[str, Any] = app.initiate_device_flow(scopes=list(client.scopes))
            if "error" in flow:
                raise refusal(client.account, client.title, flow)
            code = DeviceCode(
                page=str(flow["verification_uri"]),
                code=str(flow["user_code"]),
                minutes=max(flow["expires_in"] // 60, 1),
            )
        show(code)

        def once() -> Mapping[str, object]:
            flow.pop("latest_attempt_at", None)  # the pace is ours; msal would warn by its clock
            with _msal_errors(client, msal):
                answer: Mapping[str, object] = app.acquire_token_by_device_flow(
                    flow, exit_condition=lambda flow: True
                )
            return answer

        return read_grant(client, _wait(flow, once, sleep))


def _wait(
    flow: dict[str, Any], once: Callable[[], Mapping[str, object]], sleep: Callable[[float], None]
) -> Mapping[str, object]:
    """Ask at the pace that `flow` tells until there is an answer; msal slows `flow` when told."""
    waited = 0
    pause = 0
    while True:
        flow["interval"] = max(flow["interval"], 1)
        pause = max(pause, flow["interval"])
        sleep(pause)
        waited += pause
        try:
            answer = once()
        except MailSourceError as error:
            if not error.transient or waited >= flow["expires_in"]:
                raise
            pause = min(pause * 2, _LONGEST_PAUSE)
            continue
        pause = 0
        if answer.get("error") not in _PENDING:
            return answer
        if waited >= flow["expires_in"]:
            return {"error": "expired_token"}


def _msal() -> Any:
    try:
        import msal
    except ImportError as error:
        raise ConfigError(
            "signing in at Microsoft needs the package msal, which is not installed",
            remedy="Install it: pip install 'inboxwatch[oauth]'",
        ) from error
    return msal


def _no_cache(msal: Any) -> Any:
    """Keep nothing in msal: the tokens are ours to keep, and its cache logs the device code."""

    class NoCache(msal.TokenCache):  # type: ignore[misc]
        def add(self, event: object, now: object = None) -> None:
            """Forget it."""

    return NoCache()


@contextmanager
def _msal_errors(client: Client, msal: Any) -> Iterator[None]:
    """Map what msal raises, on answers of another form too; a refusal is an answer, no error."""
    try:
        yield
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RuntimeError,
        msal.exceptions.MsalError,
    ):
        # Its texts repeat what the service said, which is not ours to show.
        raise MailSourceError(
            f"account '{client.account}': Microsoft's sign-in service is not at {client.base}",
            remedy="Check oauth_authority (a directory id in it too), or leave it out.",
            transient=False,
        ) from None
