"""Sign in at Google in a browser that comes back here, or by pasting (RFC 8252, RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from inboxwatch.adapters.oauth.client import Client, check_client
from inboxwatch.adapters.oauth.exchange import ask as ask_for_tokens
from inboxwatch.adapters.oauth.grants import Grant
from inboxwatch.adapters.oauth.loopback import Listener, is_ours, parameters
from inboxwatch.adapters.oauth.refusals import refusal
from inboxwatch.domain.errors import MailSourceError

# Nobody listens there: the browser of another machine fails to open it, and shows it.
PASTE_ADDRESS = "http://127.0.0.1:8127"
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPage:
    """What a person needs: the page to open, and whether its end is to be pasted back."""

    page: str
    paste: bool
    again: bool = False  # what was pasted last was not it


def google_sign_in(
    client: Client,
    *,
    show: Callable[[OpenPage], None],
    ask: Callable[[], str] | None = None,
    seconds: float = 900,
) -> Grant:
    """Send a person to Google's page and return what was granted.

    Args:
        client: of the provider "google".
        show: tells the person what to open; called again when a pasted address was not it.
        ask: gives the address that the browser ended at, where it cannot come back by itself;
            None waits for it on 127.0.0.1.
        seconds: how long to wait for the browser.

    Raises:
        ConfigError: the settings cannot work.
        MailSourceError: refused, run out, or the service cannot be reached.
    """
    check_client(client)
    state = secrets.token_urlsafe(24)
    verifier = secrets.token_urlsafe(64)
    if ask is None:
        with Listener(state) as listener:
            redirect = listener.address
            listener.lead_to(_page(client, redirect, state, verifier))
            show(OpenPage(page=f"{redirect}/", paste=False))
            answer = listener.wait(seconds)
    else:
        redirect = PASTE_ADDRESS
        answer = _pasted(_page(client, redirect, state, verifier), state, show, ask)
    if answer is None:
        raise _nothing_came(client, pasted=ask is not None)
    if "code" not in answer:
        raise refusal(client.account, client.title, answer)
    grant = ask_for_tokens(
        client,
        {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "code_verifier": verifier,
            "redirect_uri": redirect,
        },
    )
    if not grant.refresh_token:
        raise MailSourceError(
            f"account '{client.account}': Google gave leave for an hour only",
            remedy="Remove inboxwatch at https://myaccount.google.com/connections, then:\n"
            f"  inboxwatch sign-in {client.account}",
            transient=False,
        )
    return grant


def _page(client: Client, redirect: str, state: str, verifier: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    query = {
        "client_id": client.client_id,
        "redirect_uri": redirect,
        "response_type": "code",
        "scope": " ".join(client.scopes),
        "state": state,
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "access_type": "offline",  # without both of these no refresh token comes
        "prompt": "consent",
    }
    if client.address:
        query["login_hint"] = client.address
    return f"{client.page_url}?{urlencode(query)}"


def _pasted(
    page: str, state: str, show: Callable[[OpenPage], None], ask: Callable[[], str]
) -> Mapping[str, str] | None:
    for attempt in range(_TRIES):
        show(OpenPage(page=page, paste=True, again=attempt > 0))
        answer = parameters(ask())
        if answer and is_ours(answer, state):
            return answer
    return None


def _nothing_came(client: Client, *, pasted: bool) -> MailSourceError:
    again = f"inboxwatch sign-in {client.account}"
    if pasted:
        return MailSourceError(
            f"account '{client.account}': that is not the address at which this sign-in ended",
            remedy=f"Begin again: {again}\nCopy the whole address; it begins with {PASTE_ADDRESS}",
            transient=False,
        )
    return MailSourceError(
        f"account '{client.account}': no browser came back from Google in time",
        remedy=f"Begin again: {again}\nIf your browser is on another machine: {again} --paste",
        transient=False,
    )
