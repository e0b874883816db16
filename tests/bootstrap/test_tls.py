"""The one TLS context that mail and web connections share."""

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from inboxwatch.bootstrap.places import tls
from inboxwatch.domain.errors import ConfigError
from tests.servers.certificates import Certificates
from tests.servers.http import HttpServer


@pytest.fixture
def mail_server(certificates: Certificates) -> Iterator[tuple[int, list[str | None]]]:
    """A TLS server that notes which application protocol a client offered of those it knows."""
    context = certificates.server_context()
    context.set_alpn_protocols(["http/1.1", "h2"])
    chosen: list[str | None] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            met, _ = listening.accept()
            with context.wrap_socket(met, server_side=True) as connection:
                chosen.append(connection.selected_alpn_protocol())
                connection.sendall(b"* OK\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], chosen
        thread.join(10)


def test_after_a_web_request_mail_connections_offer_no_web_protocol(
    certificates: Certificates,
    https_server: HttpServer,
    mail_server: tuple[int, list[str | None]],
) -> None:
    """Dovecot 2.4 hangs up on a client that offers http/1.1."""
    context = tls(certificates.authority)
    with httpx.Client(verify=context) as client:
        assert client.get(https_server.url).status_code == 200
    port, chosen = mail_server
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        assert secure.recv(6) == b"* OK\r\n"
    assert chosen == [None]


def test_names_and_certificates_are_verified(certificates: Certificates) -> None:
    for context in (tls(), tls(certificates.authority)):
        assert context.check_hostname
        assert context.verify_mode is ssl.CERT_REQUIRED
    assert len(tls().get_ca_certs()) < len(tls(certificates.authority).get_ca_certs())


def test_a_file_that_holds_no_certificate_is_named() -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        tls(Path(__file__))
