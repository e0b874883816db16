"""From settings to who signs in where: passwords, Microsoft, Google. Asks nobody itself.

The OAuth adapter is loaded when an account uses it: it brings a cipher and costs 6 MB.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from inboxwatch.adapters.imap.endpoint import Credentials, Mechanism
from inboxwatch.adapters.notify.smtp_token import TokenLogIn
from inboxwatch.bootstrap.places import data_folder, password_of, secret
from inboxwatch.domain.errors import ConfigError, MailSourceError, NotifierError
from inboxwatch.settings.model import Settings

if TYPE_CHECKING:
    from inboxwatch.adapters import oauth

    Told = oauth.DeviceCode | oauth.OpenPage  # what a person is to do


def credentials_of(
    settings: Settings, account: str, *, context: ssl.SSLContext
) -> Callable[[], Credentials]:
    """Return what gives an account's password, or a fresh token, at each connection.

    Called, it raises ConfigError for a setting and MailSourceError for a sign-in that fails.
    """
    chosen = settings.accounts[account]
    if chosen.sign_in == "password":
        return lambda: Credentials(secret=password_of(account, chosen))

    tokens = _tokens(settings, account, context=context)

    def credentials() -> Credentials:
        token = tokens()()
        return Credentials(
            secret=token,
            mechanism=Mechanism.XOAUTH2,
            forget=lambda: tokens().refused(token),
        )

    return credentials


def token_log_in(settings: Settings, account: str, *, context: ssl.SSLContext) -> TokenLogIn:
    """Return what logs in at an SMTP server with the sign-in of an account."""
    tokens = _tokens(settings, account, context=context, for_sending=True)

    def token() -> str:
        try:
            return tokens()()
        except MailSourceError as error:
            raise NotifierError(
                error.problem,
                remedy=error.remedy,
                permanent=not error.transient,
                disables_target=not error.transient,
            ) from error

    return TokenLogIn(
        token=token,
        refused=lambda token: tokens().refused(token),
        sign_in=f"inboxwatch sign-in {account}",
    )


def _tokens(
    settings: Settings,
    account: str,
    *,
    context: ssl.SSLContext,
    for_sending: bool = False,
) -> Callable[[], oauth.TokenSource]:
    @cache
    def made() -> oauth.TokenSource:
        from inboxwatch.adapters import oauth

        client = client_of(settings, account, context=context)
        return oauth.TokenSource(replace(client, for_sending=for_sending), vault_of(settings))

    return made


def sign_in(
    settings: Settings,
    account: str,
    *,
    context: ssl.SSLContext,
    show: Callable[[Told], None],
    ask: Callable[[], str] | None = None,
) -> str:
    """Sign in at the provider of an account and keep it; return who did, where that is told.

    Args:
        show: tells the person what to open and type.
        ask: gives the pasted address; None waits for the browser on this machine.

    Raises:
        ConfigError: a setting, or the account takes a password.
        MailSourceError: refused, run out, or the provider cannot be reached.
    """
    from inboxwatch.adapters import oauth

    client = client_of(settings, account, context=context)
    client = replace(client, sends=settings.email.sign_in_as == account)
    if client.provider == oauth.MICROSOFT:
        grant = oauth.microsoft_sign_in(client, show=show)
    else:
        grant = oauth.google_sign_in(client, show=show, ask=ask)
    oauth.keep(client, vault_of(settings), grant)
    return grant.signed_in_as


def client_of(settings: Settings, account: str, *, context: ssl.SSLContext) -> oauth.Client:
    """Return the registration that an account signs in with.

    Raises:
        ConfigError: there is no such account, or it takes a password.
    """
    from inboxwatch.adapters import oauth

    chosen = settings.accounts.get(account)
    if chosen is None:
        raise ConfigError(
            f"there is no account '{account}'",
            remedy=f"Known: {', '.join(settings.accounts) or 'none; run: inboxwatch init'}",
        )
    if chosen.sign_in == "password":
        raise ConfigError(
            f"account '{account}' logs in with a password, so there is nothing to sign in to",
            remedy='Set sign_in = "microsoft" or "google" under'
            f" [accounts.{account}]; see docs/sign-in.md.",
        )
    return oauth.Client(
        account=account,
        provider=chosen.sign_in,
        client_id=chosen.oauth_client_id,
        client_secret=secret(
            chosen.oauth_client_secret,
            chosen.oauth_client_secret_file,
            f"accounts.{account}.oauth_client_secret_file",
        ),
        authority=chosen.oauth_authority,
        address=chosen.username or chosen.address,
        context=context,
    )


def vault_of(settings: Settings) -> oauth.Vault:
    """Return where sign-ins are kept: a folder of the data folder."""
    from inboxwatch.adapters import oauth

    key = secret(settings.store.token_key, settings.store.token_key_file, "store.token_key_file")
    return oauth.Vault(data_folder(settings) / "sign-in", key=key)
