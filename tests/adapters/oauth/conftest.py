"""A sign-in service for each test, and clients of it."""

import itertools
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inboxwatch.adapters.oauth import Client, Grant, TokenSource, Vault, keep
from tests.servers.certificates import Certificates
from tests.servers.tokens import TokenServer


@pytest.fixture(scope="session")
def trust(certificates: Certificates) -> ssl.SSLContext:
    """Trusts the test authority."""
    return certificates.client_context()


@pytest.fixture
def service(certificates: Certificates) -> Iterator[TokenServer]:
    """A sign-in service whose access tokens are numbered."""
    numbers = itertools.count(1)
    server = TokenServer(
        certificates=certificates, issue=lambda user: f"access-{next(numbers)}-{user}"
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def microsoft(service: TokenServer, trust: ssl.SSLContext) -> Client:
    """A client of the service in Microsoft's flow."""
    return Client(
        account="home",
        provider="microsoft",
        client_id="client-1",
        context=trust,
        authority=service.microsoft,
        address="parent@example.org",
        timeout_seconds=5,
    )


@pytest.fixture
def google(service: TokenServer, trust: ssl.SSLContext) -> Client:
    """A client of the service in Google's flow."""
    return Client(
        account="home",
        provider="google",
        client_id="client-1",
        context=trust,
        authority=service.google,
        address="parent@example.org",
        timeout_seconds=5,
    )


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """An empty vault."""
    return Vault(tmp_path / "sign-in")


class Clock:
    """Two clocks of one machine."""

    def __init__(self) -> None:
        self.wall = 1_800_000_000.0
        self.steady = 5_000.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until told."""
    return Clock()


@pytest.fixture
def signed_in(service: TokenServer, vault: Vault, clock: Clock) -> Callable[[Client], TokenSource]:
    """Keeps a sign-in that works for a client, and gives its source."""

    def go(client: Client) -> TokenSource:
        granted = Grant(
            access_token="unused",
            expires_in_seconds=3600,
            refresh_token=service.new_refresh_token(),
        )
        keep(client, vault, granted)
        return TokenSource(client, vault, wall=lambda: clock.wall, steady=lambda: clock.steady)

    return go


@pytest.fixture
def source(signed_in: Callable[[Client], TokenSource], google: Client) -> TokenSource:
    """The tokens of an account that has signed in."""
    return signed_in(google)
