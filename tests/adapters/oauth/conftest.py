"""A sign-in service for each test, and clients of it."""

import itertools
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from inboxwatch.adapters.oauth import Client, Vault
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
