"""Build the ways to reach the user from the settings.

Each way is loaded when the settings name it: what speaks HTTP costs 6 MB, mail and its templates 3.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inboxwatch.adapters.clock import utc_now
from inboxwatch.adapters.providers import provider_for
from inboxwatch.application.ports import Notifier
from inboxwatch.bootstrap.places import secret as secret_of
from inboxwatch.bootstrap.signing import token_log_in
from inboxwatch.domain.errors import ConfigError
from inboxwatch.settings.model import Settings

if TYPE_CHECKING:
    from inboxwatch.adapters.notify.ping import DeadManPing
    from inboxwatch.adapters.notify.smtp import SmtpNotifier


def notifiers_of(
    settings: Settings,
    *,
    context: ssl.SSLContext,
    forbidden: Callable[[str], bool],
    local_secret: Callable[[], bytes],
) -> tuple[Notifier, ...]:
    """Return every target of the settings; none is connected before it is used.

    Raises:
        NotifierError: a target is not usable, or would write to a watched body.
        ConfigError: the SMTP server is not known.
    """
    made: list[Notifier] = []
    email = settings.email
    if email.to:
        made.append(_email(settings, context=context, forbidden=forbidden, secret=local_secret))
    for name, hook in settings.webhooks.items():
        from inboxwatch.adapters.notify.webhook import WebhookNotifier

        made.append(
            WebhookNotifier(
                name=name,
                url=hook.url,
                secret=_secret_of(settings, name),
                context=context,
                now=utc_now,
                forbidden=forbidden,
                events=hook.types,
            )
        )
    for name, channel in settings.channels.items():
        from inboxwatch.adapters.notify.apprise import AppriseNotifier

        made.append(
            AppriseNotifier(
                name=name,
                url=_channel_url(settings, name),
                forbidden=forbidden,
                types=channel.types,
            )
        )
    return tuple(made)


def _email(
    settings: Settings,
    *,
    context: ssl.SSLContext,
    forbidden: Callable[[str], bool],
    secret: Callable[[], bytes],
) -> SmtpNotifier:
    from inboxwatch.adapters.notify.smtp import Security, SmtpNotifier

    by_name = {"starttls": Security.STARTTLS, "tls": Security.TLS, "plain": Security.NONE}
    email = settings.email
    place = _smtp_place(settings)
    account = settings.accounts.get(email.sign_in_as)
    name = (account.username or account.address) if account is not None else ""
    return SmtpNotifier(
        name="email",
        host=place.host,
        port=place.port,
        security=by_name[place.security],
        # A server of an account lets nobody send in another name.
        sender=email.sender or (account.address if account is not None else email.to[0]),
        recipients=email.to,
        secret=secret,
        forbidden=forbidden,
        context=context,
        now=utc_now,
        login=email.username or name or None,
        password=lambda: secret_of(email.password, email.password_file, "email.password_file"),
        by_token=token_log_in(settings, email.sign_in_as, context=context)
        if account is not None
        else None,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    host: str
    port: int | None
    security: str


def _smtp_place(settings: Settings) -> _Place:
    """Return the SMTP server: the one named, else that of the provider who is signed in to.

    Raises:
        ConfigError: it is not known.
    """
    email = settings.email
    if email.host:
        return _Place(email.host, email.port, email.security)
    account = settings.accounts[email.sign_in_as]
    provider = provider_for(account.address, account.sign_in)
    if provider is None:
        raise ConfigError(
            f"the SMTP server of {account.address} is not known",
            remedy="Name it with host under [email].",
        )
    return _Place(provider.smtp_host, email.port or provider.smtp_port, provider.smtp_security)


def ping_of(settings: Settings, *, context: ssl.SSLContext) -> DeadManPing | None:
    """Return what tells a dead-man switch that all is well; None without an address.

    Raises:
        NotifierError: the address is not usable.
    """
    url = settings.service.ping_url
    if not url:
        return None
    from inboxwatch.adapters.notify.ping import DeadManPing

    return DeadManPing(url=url, context=context)


def _channel_url(settings: Settings, name: str) -> Callable[[], str]:
    channel = settings.channels[name]
    return lambda: secret_of(channel.url, channel.url_file, f"channels.{name}.url_file")


def _secret_of(settings: Settings, name: str) -> Callable[[], str]:
    hook = settings.webhooks[name]
    return lambda: secret_of(hook.secret, hook.secret_file, f"webhooks.{name}.secret_file")
