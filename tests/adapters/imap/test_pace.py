"""A connection that is kept between polls."""

import io
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from inboxwatch.adapters.imap.pace import Pace, PacedImap


@pytest.fixture
def ends() -> Iterator[tuple[PacedImap, socket.socket]]:
    """A connection that was greeted, and the server's end of it."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        ThreadPoolExecutor(1) as beside,
    ):
        server = beside.submit(_greet, listener)
        port = listener.getsockname()[1]
        imap = PacedImap("127.0.0.1", port, ssl_context=None, pace=Pace(10, 10))
        with server.result() as client:
            yield imap, client
            imap.shutdown()


def _greet(listener: socket.socket) -> socket.socket:
    client, _ = listener.accept()
    client.sendall(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
    return client


def test_a_connection_at_rest_has_no_buffer_and_speaks_on(
    ends: tuple[PacedImap, socket.socket],
) -> None:
    imap, server = ends
    imap.rest()
    imap.rest()
    assert not isinstance(imap.file, io.BufferedReader)

    imap.send(b"a NOOP\r\n")
    server.sendall(b"* 1 FETCH {5}\r\nabcde)\r\na OK\r\n")

    assert imap.readline() == b"* 1 FETCH {5}\r\n"
    assert imap.read(5) == b"abcde"
    assert imap.readline() == b")\r\n"
    imap.rest()
    assert imap.readline() == b"a OK\r\n"
    imap.rest()
    assert not isinstance(imap.file, io.BufferedReader)


def test_what_came_early_is_not_lost_at_rest(ends: tuple[PacedImap, socket.socket]) -> None:
    """A server may say things that nobody asked for, in one piece with an answer."""
    imap, server = ends
    server.sendall(b"a OK\r\n* BYE for now\r\n")
    assert imap.readline() == b"a OK\r\n"

    imap.rest()
    imap.send(b"b NOOP\r\n")

    assert imap.readline() == b"* BYE for now\r\n"
