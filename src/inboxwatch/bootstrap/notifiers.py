"""Build the ways to reach the user from the settings."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from inboxwatch.adapters.clock import utc_now
from inboxwatch.adapters.notify.apprise import AppriseNotifier
from inboxwatch.adapters.notify.ping import DeadManPing
from inboxwatch.adapters.notify.smtp import Security, SmtpNotifier
from inboxwatch.adapters.notify.webhook import WebhookNotifier
from inboxwatch.application.ports import Notifier
from inboxwatch.bootstrap.places import secret
from inboxwatch.settings.model import Settings

_SECURITY = {"starttls": Security.STARTTLS, "tls": Security.TLS, "plain": Security.NONE}


def notifiers_of(
    settings: Settings,
    config: Path | None,
    *,
    context: ssl.SSLContext,
    forbidden: Callable[[str], bool],
    local_secret: Callable[[], bytes],
) -> tuple[Notifier, ...]:
    """Return every target of the settings; none is connected before it is used.

    Raises:
        NotifierError: a target is not usable, or would write to a watched body.
    """
    made: list[Notifier] = []
    email = settings.email
    if email.to:
        made.append(
            SmtpNotifier(
                name="email",
                host=email.host,
                port=email.port,
                security=_SECURITY[email.security],
                sender=email.sender or email.to[0],
                recipients=email.to,
                secret=local_secret,
                forbidden=forbidden,
                context=context,
                now=utc_now,
                login=email.username or None,
                password=lambda: secret(
                    email.password, email.password_file, config, "email.password_file"
                ),
            )
        )
    for name, hook in settings.webhooks.items():
        made.append(
            WebhookNotifier(
                name=name,
                url=hook.url,
                secret=_secret_of(settings, config, name),
                context=context,
                now=utc_now,
                forbidden=forbidden,
                events=hook.types,
            )
        )
    for name, channel in settings.channels.items():
        made.append(
            AppriseNotifier(
                name=name,
                url=_channel_url(settings, config, name),
                forbidden=forbidden,
                types=channel.types,
            )
        )
    return tuple(made)


def ping_of(settings: Settings, *, context: ssl.SSLContext) -> DeadManPing | None:
    """Return what tells a dead-man switch that all is well; None without an address.

    Raises:
        NotifierError: the address is not usable.
    """
    url = settings.service.ping_url
    return DeadManPing(url=url, context=context) if url else None


def _channel_url(settings: Settings, config: Path | None, name: str) -> Callable[[], str]:
    channel = settings.channels[name]
    return lambda: secret(channel.url, channel.url_file, config, f"channels.{name}.url_file")


def _secret_of(settings: Settings, config: Path | None, name: str) -> Callable[[], str]:
    hook = settings.webhooks[name]
    return lambda: secret(hook.secret, hook.secret_file, config, f"webhooks.{name}.secret_file")
