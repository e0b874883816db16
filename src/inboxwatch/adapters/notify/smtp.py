"""Send digests by SMTP to the user's own recipients. Never to a public body, never in clear."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from inboxwatch.adapters.notify.forbidden import Forbidden, refuse_bodies
from inboxwatch.adapters.notify.mail import build_mail
from inboxwatch.adapters.notify.render import render
from inboxwatch.adapters.notify.smtp_errors import map_errors
from inboxwatch.adapters.notify.smtp_token import TokenLogIn, TokenRefused, log_in, refusal
from inboxwatch.application.digest import DIGEST, HEALTH
from inboxwatch.application.ports import Now
from inboxwatch.application.records import Delivery
from inboxwatch.domain.errors import NotifierError
from inboxwatch.domain.london import local

log = logging.getLogger(__name__)

# Said at EHLO instead of this machine's name, which is nobody's business (RFC 5321 4.1.3).
_GREETING = "[127.0.0.1]"


class Security(Enum):
    """How the connection is protected. `NONE` sends in clear and is only ever chosen by hand."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class SmtpNotifier:
    """Sends each digest and alert as one mail to all recipients of a target."""

    def __init__(
        self,
        *,
        name: str,
        host: str,
        sender: str,
        recipients: tuple[str, ...],
        secret: Callable[[], bytes],
        forbidden: Forbidden,
        context: ssl.SSLContext,
        now: Now,
        port: int | None = None,
        security: Security = Security.STARTTLS,
        login: str | None = None,
        password: Callable[[], str] | None = None,
        by_token: TokenLogIn | None = None,
        types: tuple[str, ...] = (DIGEST, HEALTH),
        timeout_seconds: float = 60,
    ) -> None:
        """Set it up; nothing is connected before the first `send`.

        Args:
            sender: bare address that the mail comes from.
            secret: gives the store's own secret, for the Message-ID.
            forbidden: tells of a lower-case address whether it belongs to a watched body.
            port: 587 for STARTTLS, 465 for TLS and 25 in clear when not given.
            password: asked for at each log-in, so that a changed file counts at once.
            by_token: logs `login` in with a token instead of a password.

        Raises:
            NotifierError: there is no recipient, or one belongs to a watched body.
        """
        if not recipients or not all("@" in address for address in (sender, *recipients)):
            raise NotifierError(
                f"{name}: the sender or a recipient is not an email address",
                remedy="Name the sender and at least one recipient as name@example.org.",
                permanent=True,
                disables_target=True,
            )
        refuse_bodies(name, recipients, forbidden)
        self._name = name
        self._host = host
        self._port = (
            port or {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}[security]
        )
        self._security = security
        self._sender = sender
        self._recipients = recipients
        self._secret = secret
        self._forbidden = forbidden
        self._context = context
        self._now = now
        self._login = login
        self._password = password
        self._by_token = by_token
        self._types = frozenset(types)
        self._timeout_seconds = timeout_seconds

    @property
    def name(self) -> str:
        """The target's name in the settings."""
        return self._name

    def accepts(self, type: str) -> bool:
        """Tell whether this target wants deliveries of a type."""
        return type in self._types

    def check(self) -> None:
        """Connect and log in, send nothing; raises NotifierError as `send` does."""
        with self._connected():
            pass

    def send(self, delivery: Delivery) -> None:
        """Send one mail; raises NotifierError when no recipient's server took it."""
        # Again, for the watch list may have changed since the start.
        refuse_bodies(self._name, self._recipients, self._forbidden)
        rendered = render(delivery)
        with map_errors(self._name, self._host):
            mail = build_mail(
                delivery,
                rendered,
                sender=self._sender,
                recipients=self._recipients,
                secret=self._secret(),
                at=local(self._now()),
            ).as_bytes()
        with self._connected() as server, map_errors(self._name, self._host, sending=True):
            refused = server.sendmail(self._sender, self._recipients, mail)
        if refused:
            codes = sorted({code for code, _text in refused.values()})
            log.warning("%s: %d recipients refused, with %s", self._name, len(refused), codes)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._let_in()
        try:
            yield server
        finally:
            _say_goodbye(server)

    def _let_in(self) -> smtplib.SMTP:
        """Return a connection that is logged in; a token that is refused is renewed once."""
        try:
            return self._opened()
        except TokenRefused as first:
            by = self._by_token
            if by is None:
                raise AssertionError("only a token is refused like this") from first
            by.refused(first.token)
            try:
                return self._opened()
            except TokenRefused as again:
                raise refusal(self._name, self._host, again, by.sign_in) from None

    def _opened(self) -> smtplib.SMTP:
        with map_errors(self._name, self._host):
            server = self._connect()
        try:
            with map_errors(self._name, self._host):
                self._secure(server)
                self._log_in(server)
        except BaseException:
            _say_goodbye(server)
            raise
        return server

    def _connect(self) -> smtplib.SMTP:
        if self._security is Security.TLS:
            return smtplib.SMTP_SSL(
                self._host,
                self._port,
                local_hostname=_GREETING,
                timeout=self._timeout_seconds,
                context=self._context,
            )
        return smtplib.SMTP(
            self._host, self._port, local_hostname=_GREETING, timeout=self._timeout_seconds
        )

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._security is not Security.STARTTLS:
            return
        if not server.has_extn("starttls"):
            # Transient: someone on a network in between may be stripping it.
            raise NotifierError(
                f"{self._name}: {self._host} offers no STARTTLS, so nothing was sent",
                remedy='Check host and port; for port 465 set security = "tls".',
                permanent=False,
            )
        server.starttls(context=self._context)
        server.ehlo()

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self._login is not None and self._by_token is not None:
            log_in(server, self._login, self._by_token.token())
        elif self._login is not None and self._password is not None:
            server.login(self._login, self._password())


def _say_goodbye(server: smtplib.SMTP) -> None:
    # The message is with the server or was refused by now: a bad farewell changes nothing.
    try:
        server.quit()
    except (smtplib.SMTPException, OSError, ValueError):
        server.close()
