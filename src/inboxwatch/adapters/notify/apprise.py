"""Send a short digest over any channel Apprise knows (ntfy, Telegram, Slack, …). Optional extra."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from typing import Any

from inboxwatch.adapters.notify.forbidden import Forbidden, addresses_in, refuse_bodies
from inboxwatch.adapters.notify.render import render
from inboxwatch.application.digest import DIGEST, HEALTH
from inboxwatch.application.records import Delivery
from inboxwatch.domain.errors import NotifierError

# Their debug lines hold URLs with tokens, and whole messages.
_TALKATIVE = ("apprise", "urllib3", "requests")


class AppriseNotifier:
    """Sends over one Apprise URL; one only, so that a failure never repeats it to others."""

    def __init__(
        self,
        *,
        name: str,
        url: Callable[[], str],
        forbidden: Forbidden,
        types: tuple[str, ...] = (DIGEST, HEALTH),
        limit: int = 1500,
    ) -> None:
        """Set it up; nothing is loaded or sent before the first `send`.

        Args:
            url: gives the Apprise URL, a secret as it holds the token.
            limit: characters of text; phones cut longer ones anyway.
        """
        self._name = name
        self._url = url
        self._forbidden = forbidden
        self._types = frozenset(types)
        self._limit = limit

    @property
    def name(self) -> str:
        """The target's name in the settings."""
        return self._name

    def accepts(self, type: str) -> bool:
        """Tell whether this target wants deliveries of a type."""
        return type in self._types

    def send(self, delivery: Delivery) -> None:
        """Send it; raises NotifierError when the service did not take it.

        Apprise tells only whether it went well, so every failure counts as passing, except a URL
        that it does not understand.
        """
        url = self._url().strip()
        refuse_bodies(self._name, addresses_in(url), self._forbidden)
        rendered = render(delivery)
        channel = self._channel(url)
        text = rendered.text.replace(" \n", " ")
        if len(text) > self._limit:
            text = text[: self._limit].rsplit("\n", 1)[0] + "\n…"
        try:
            was_sent = channel.notify(body=text, title=rendered.subject, body_format="text")
        except Exception as error:  # any of a hundred services' modules
            raise self._failure(type(error).__name__) from None
        if not was_sent:
            raise self._failure("not taken")

    def _channel(self, url: str) -> Any:
        try:
            import apprise
        except ModuleNotFoundError:
            raise NotifierError(
                f"{self._name}: the library for this channel is not installed",
                remedy="Install it with: pip install 'inboxwatch[channels]'",
                permanent=True,
                disables_target=True,
            ) from None
        for talkative in _TALKATIVE:
            logging.getLogger(talkative).setLevel(logging.CRITICAL + 1)
        asset = apprise.AppriseAsset(
            app_id="inboxwatch",
            app_desc="inboxwatch",
            app_url="",
            image_url_mask="",  # would point the reader's phone to a remote picture
            image_url_logo="",
            async_mode=False,
            http_redirects=False,
        )
        channel = apprise.Apprise(asset=asset)
        with warnings.catch_warnings():
            # It loads the modules of every service, of which some use what Python deprecates.
            warnings.simplefilter("ignore", DeprecationWarning)
            is_understood = channel.add(url)
        if not is_understood:
            raise NotifierError(
                f"{self._name}: Apprise does not understand its URL",
                remedy="See the Apprise documentation for the URL of your service.",
                permanent=True,
                disables_target=True,
            )
        return channel

    def _failure(self, how: str) -> NotifierError:
        return NotifierError(
            f"{self._name}: the channel did not take the message ({how})",
            remedy="Check the URL and the service. It will be tried again.",
            permanent=False,
            may_have_arrived=True,
        )
