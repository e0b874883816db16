"""Tell a webhook: one signed POST an event (Standard Webhooks). Never to a public body."""

from __future__ import annotations

import base64
import binascii
import ssl
from collections.abc import Callable
from datetime import UTC
from urllib.parse import quote

from standardwebhooks import Webhook

from inboxwatch.adapters.notify.forbidden import Forbidden, addresses_in, refuse_bodies
from inboxwatch.adapters.notify.http import check_status, check_url, post, reach
from inboxwatch.application.payload import payload_id
from inboxwatch.application.ports import Now
from inboxwatch.application.records import Delivery
from inboxwatch.domain.errors import NotifierError

EVENTS = (
    "thread.overdue",
    "thread.undelivered",
    "thread.action",
    "thread.promise-passed",
    "thread.answered",
    "health",
)

_PREFIX = "whsec_"
_LEAST_BYTES = 24  # the convention's own lower limit for a symmetric secret
_HEADER_SAFE = "!\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~"  # all of visible ASCII but "%"


class WebhookNotifier:
    """Posts deliveries to one URL.

    `webhook-id` is the reminder key (of a digest or an alert its own id), the same at every
    attempt; what a header cannot carry is percent-encoded.
    """

    def __init__(
        self,
        *,
        name: str,
        url: str,
        secret: Callable[[], str],
        context: ssl.SSLContext,
        now: Now,
        forbidden: Forbidden,
        events: tuple[str, ...] = EVENTS,
        timeout_seconds: float = 20,
    ) -> None:
        """Set it up; nothing is sent and the secret is not asked for before the first `send`.

        Args:
            secret: gives `whsec_` and at least 24 bytes in base64.
            context: the shared one; certificates and names are verified.
            forbidden: tells of a lower-case address whether it belongs to a watched body.

        Raises:
            NotifierError: the URL is not https, or is a watched body's.
        """
        self._name = name
        self._url = check_url(name, url)
        refuse_bodies(name, addresses_in(url), forbidden)
        self._secret = secret
        self._context = context
        self._now = now
        self._events = frozenset(events)
        self._timeout_seconds = timeout_seconds

    @property
    def name(self) -> str:
        """The target's name in the settings."""
        return self._name

    def accepts(self, type: str) -> bool:
        """Tell whether this target wants deliveries of a type."""
        return type in self._events

    def check(self) -> None:
        """See that the secret is one and that the server answers; tell it nothing.

        What it says to a HEAD counts for nothing: many receivers know only POST.
        """
        self._signer()
        reach(self._name, self._url, context=self._context, timeout_seconds=self._timeout_seconds)

    def send(self, delivery: Delivery) -> None:
        """POST the payload, signed; raises NotifierError when it is not answered with 2xx."""
        signer = self._signer()
        id = quote(payload_id(delivery.payload), safe=_HEADER_SAFE, errors="replace")
        # The library takes any time for UTC, so it is given UTC.
        at = self._now().astimezone(UTC)
        reply = post(
            self._name,
            self._url,
            delivery.payload.encode("ascii"),
            {
                "content-type": "application/json",
                "webhook-id": id,
                "webhook-timestamp": str(int(at.timestamp())),
                "webhook-signature": signer.sign(id, at, delivery.payload),
            },
            context=self._context,
            timeout_seconds=self._timeout_seconds,
        )
        check_status(self._name, reply, at=at)

    def _signer(self) -> Webhook:
        secret = self._secret()
        key = _key(secret)
        if key is None:
            wrong = "is not whsec_ and at least 24 bytes of base64" if secret else "is missing"
            raise NotifierError(
                f"{self._name}: the secret that signs the webhook {wrong}",
                remedy="Put one into a file, name it as secret_file, and give the receiver the same"
                ' one. Make it with: python3 -c "import base64, secrets; '
                "print('whsec_' + base64.b64encode(secrets.token_bytes(32)).decode())\"",
                permanent=True,
                disables_target=True,
            )
        return Webhook(key)


def _key(secret: str) -> bytes | None:
    # Strictly: the library would skip over what is not base64 and sign with what is left.
    text = secret.strip()
    if not text.startswith(_PREFIX):
        return None
    encoded = text.removeprefix(_PREFIX).rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) >= _LEAST_BYTES else None
