"""Gives a fresh access token whenever one is asked for; renews in time, one renewal at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from inboxwatch.adapters.oauth.client import Client, check_client
from inboxwatch.adapters.oauth.exchange import renew
from inboxwatch.adapters.oauth.grants import Grant
from inboxwatch.adapters.oauth.vault import Kept, Vault
from inboxwatch.domain.errors import MailSourceError

RENEW_BEFORE_SECONDS = 300.0
_STILL_USABLE_SECONDS = 30.0  # an old token may stand in while the provider cannot be reached


@dataclass(frozen=True, slots=True)
class _Current:
    """The token in use and when it was asked for, by two clocks."""

    token: str = field(repr=False)
    lasts: float
    wall: float
    steady: float


class TokenSource:
    """Call it for an access token of one account. Threads may share it.

    Access tokens live in memory alone. Their age is counted from when they were asked for, by the
    steady clock and by the wall clock, and the greater counts: the first stands still while a
    machine sleeps, the second may be set. The provider's idea of the time never matters.
    """

    def __init__(
        self,
        client: Client,
        vault: Vault,
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """Asks nobody yet.

        Raises:
            ConfigError: the client cannot work.
        """
        check_client(client)
        self._client = client
        self._vault = vault
        self._wall = wall
        self._steady = steady
        self._one_at_a_time = threading.Lock()
        self._current: _Current | None = None
        self._unsaved: Kept | None = None

    def __repr__(self) -> str:
        return f"TokenSource({self._client.account!r}, {self._client.provider!r})"

    def __call__(self) -> str:
        """Return a token that is good for minutes yet, renewed if need be.

        Raises:
            MailSourceError: transient when the provider cannot be reached; else the user must
                sign in again, or the registration is wrong.
            ConfigError: what is kept cannot be read or written.
        """
        with self._one_at_a_time:
            current = self._current
            if current is not None and self._left(current) > self._margin(current):
                return current.token
            try:
                return self._renewed().token
            except MailSourceError as error:
                if (
                    error.transient
                    and current is not None
                    and self._left(current) > _STILL_USABLE_SECONDS
                ):
                    return current.token
                raise

    def refused(self, token: str) -> None:
        """Forget a token that the mail server would not take; the next call renews."""
        with self._one_at_a_time:
            if self._current is not None and self._current.token == token:
                self._current = None

    def _renewed(self) -> _Current:
        account = self._client.account
        with self._vault.lock(account):
            # Read under the lock: another process may have renewed, and the old one be void.
            kept = self._unsaved or self._kept()
            wall, steady = self._wall(), self._steady()
            grant = renew(self._client, kept.refresh_token)
            self._current = _Current(grant.access_token, grant.expires_in_seconds, wall, steady)
            if grant.refresh_token and grant.refresh_token != kept.refresh_token:
                # Held in memory until it is on disk: the one on disk may be void from now on.
                self._unsaved = replace(kept, refresh_token=grant.refresh_token)
            if self._unsaved is not None:
                self._vault.save(account, self._unsaved)
                self._unsaved = None
        return self._current

    def _kept(self) -> Kept:
        kept = self._vault.load(self._client.account)
        if (kept.provider, kept.client_id) != (self._client.provider, self._client.client_id):
            raise MailSourceError(
                f"account '{self._client.account}' was signed in with another client id",
                remedy=f"Sign in again: inboxwatch sign-in {self._client.account}",
                transient=False,
            )
        return kept

    def _left(self, current: _Current) -> float:
        by_wall = self._wall() - current.wall
        by_steady = self._steady() - current.steady
        if by_wall < -_STILL_USABLE_SECONDS:  # the clock was set back: nothing is known
            return 0.0
        return current.lasts - max(by_wall, by_steady)

    def _margin(self, current: _Current) -> float:
        # A provider may give very short tokens; they must serve at least half their time.
        return min(RENEW_BEFORE_SECONDS, current.lasts / 2)


def keep(client: Client, vault: Vault, grant: Grant) -> None:
    """Keep what a sign-in granted.

    Raises:
        MailSourceError: it holds nothing to renew with.
        ConfigError: it cannot be written.
    """
    if not grant.refresh_token:
        raise MailSourceError(
            f"account '{client.account}': {client.title} gave leave for an hour only",
            remedy="The registration must allow offline access; see docs/sign-in.md.",
            transient=False,
        )
    with vault.lock(client.account):
        vault.save(
            client.account,
            Kept(
                provider=client.provider,
                client_id=client.client_id,
                refresh_token=grant.refresh_token,
                signed_in_as=grant.signed_in_as,
            ),
        )
