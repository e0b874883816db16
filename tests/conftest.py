"""The real servers, started once a test run (once a worker), and what each test gets of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.servers.certificates import Certificates, make_certificates
from tests.servers.dovecot import DovecotServer, User, start_dovecot
from tests.servers.http import HttpServer
from tests.servers.postgres import PostgresServer, start_postgres
from tests.servers.smtp import SmtpServer


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority and a loopback certificate for the SMTP and HTTP servers."""
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def dovecot() -> Iterator[DovecotServer]:
    """A running Dovecot: Maildir, password and OAuth2 logins, plain, STARTTLS and TLS."""
    server = start_dovecot(oauth2=True)
    yield server
    server.stop()


@pytest.fixture
def mail_user(dovecot: DovecotServer) -> User:
    """A user of `dovecot` whose INBOX is empty and whom no other test knows."""
    return dovecot.new_user()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL."""
    server = start_postgres()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh empty database, dropped after the test."""
    with postgres.database() as name:
        yield postgres.url(name)


@pytest.fixture
def start_smtp(certificates: Certificates) -> Iterator[Callable[..., SmtpServer]]:
    """Starts SMTP servers: `start_smtp(tls="starttls", login=("name", "password"))`."""
    with ExitStack() as running:

        def start(**options: object) -> SmtpServer:
            server = SmtpServer(certificates=certificates, **options)  # type: ignore[arg-type]
            server.start()
            running.callback(server.stop)
            return server

        yield start


@pytest.fixture
def smtp_server(start_smtp: Callable[..., SmtpServer]) -> SmtpServer:
    """A plain SMTP server that takes anything."""
    return start_smtp()


@pytest.fixture
def http_server() -> Iterator[HttpServer]:
    """A plain HTTP receiver that answers 200."""
    server = HttpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def https_server(certificates: Certificates) -> Iterator[HttpServer]:
    """The same over TLS, with a certificate of the test authority."""
    server = HttpServer(certificates=certificates)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def authority(certificates: Certificates) -> Path:
    """The PEM file of the authority behind `start_smtp` and `https_server`."""
    return certificates.authority
