"""Build mail sources from the settings, and try a log-in before there are any."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from inboxwatch.adapters.clock import utc_now
from inboxwatch.adapters.imap.endpoint import Credentials, Endpoint
from inboxwatch.adapters.imap.folders import FolderChoices
from inboxwatch.adapters.imap.source import ImapSource
from inboxwatch.adapters.mime import HEADER_FIELDS, MimeReader
from inboxwatch.adapters.providers import Provider, provider_for
from inboxwatch.bootstrap.places import tls
from inboxwatch.bootstrap.signing import credentials_of
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.message import FolderRole
from inboxwatch.settings.model import AccountSettings, Settings

# A connection that is asked more often than this is kept; others are closed after each poll.
_KEEP_OPEN_WITHIN = timedelta(minutes=10)
_PORTS = {"tls": 993, "starttls": 143, "plain": 143}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a log-in showed: the folders by what they are for."""

    folders: tuple[str, ...]
    sent: tuple[str, ...]
    junk: tuple[str, ...]


def source_of(
    settings: Settings,
    account: str,
    *,
    context: ssl.SSLContext,
    now: Callable[[], datetime],
) -> ImapSource:
    """Return the mail source of an account; it connects when it is first asked.

    Raises:
        ConfigError: the server is not known.
    """
    chosen = settings.accounts[account]
    every = chosen.poll_every_minutes or settings.service.poll_every_minutes
    return ImapSource(
        account=account,
        endpoint=endpoint_of(settings, account, context=context),
        reader=MimeReader(now=now),
        header_fields=HEADER_FIELDS,
        choices=_choices(chosen, provider_for(chosen.address, chosen.sign_in)),
        keep_open=timedelta(minutes=every) <= _KEEP_OPEN_WITHIN,
        now=now,
    )


def endpoint_of(settings: Settings, account: str, *, context: ssl.SSLContext) -> Endpoint:
    """Return where an account's mail is and who asks for it.

    Raises:
        ConfigError: the server is not known.
    """
    chosen = settings.accounts[account]
    provider = provider_for(chosen.address, chosen.sign_in)
    host = chosen.host or (provider.imap_host if provider else "")
    if not host:
        raise ConfigError(
            f"account '{account}': the mail server of {chosen.address} is not known",
            remedy=f"Name it with host under [accounts.{account}].",
        )
    security = chosen.security
    port = chosen.port
    if not chosen.host and provider is not None:
        port = port or provider.imap_port
        if "security" not in chosen.model_fields_set:
            security = provider.imap_security  # type: ignore[assignment]
    return Endpoint(
        host=host,
        port=port or _PORTS[security],
        security=security,
        username=chosen.username or chosen.address,
        credentials=credentials_of(settings, account, context=context),
        ssl_context=context,
    )


def _choices(chosen: AccountSettings, provider: Provider | None) -> FolderChoices:
    return FolderChoices(
        sent=chosen.sent_folders or (provider.sent_folders if provider else ()),
        junk=chosen.junk_folders or (provider.junk_folders if provider else ()),
        excluded=chosen.exclude_folders,
    )


def look_at(source: ImapSource) -> Seen:
    """Log in and say which folders there are.

    Raises:
        MailSourceError: the log-in failed.
    """
    folders = source.folders()
    return Seen(
        folders=tuple(name for name, _ in folders),
        sent=tuple(name for name, role in folders if role is FolderRole.SENT),
        junk=tuple(name for name, role in folders if role is FolderRole.JUNK),
    )


def try_login(
    *,
    host: str,
    port: int,
    security: str,
    username: str,
    password: str,
    ca_file: Path | None = None,
) -> Seen:
    """Log in once with what was just typed.

    Raises:
        MailSourceError: the log-in failed; says why and the remedy.
    """
    source = ImapSource(
        account="home",
        endpoint=Endpoint(
            host=host,
            port=port,
            security=security,
            username=username,
            credentials=lambda: Credentials(secret=password),
            ssl_context=tls(ca_file),
        ),
        reader=MimeReader(now=utc_now),
        header_fields=HEADER_FIELDS,
    )
    try:
        return look_at(source)
    finally:
        source.close()
