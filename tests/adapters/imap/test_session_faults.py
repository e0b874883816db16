"""When the server, the network or the password fails: one clear error, nothing lost."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from inboxwatch.adapters.imap import Limits
from inboxwatch.domain.errors import MailSourceError
from tests.adapters.imap.conftest import Home, a_mail, a_source, id_of, plainly
from tests.adapters.imap.proxy import proxied
from tests.adapters.imap.shelf import Shelf, all_complete
from tests.builders import WATCH
from tests.servers.dovecot import DovecotServer

QUICK = Limits(connect_seconds=2, read_seconds=0.5, poll_seconds=5)


def test_nobody_listening_is_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(
        MailSourceError, match=f"127.0.0.1 accepts no connection on port {port}$"
    ) as caught:
        a_source(plainly(port, "x")).folders()
    assert caught.value.transient


def test_a_silent_server_is_given_up_in_time() -> None:
    with _speaking(b"") as port:
        source = a_source(plainly(port, "x"), limits=QUICK)
        with pytest.raises(MailSourceError, match="does not answer") as caught:
            source.folders()
    assert caught.value.transient


def test_a_server_that_drips_meets_the_deadline() -> None:
    with _speaking(b"x", pause=0.05) as port:
        source = a_source(plainly(port, "x"), limits=replace(QUICK, poll_seconds=1))
        with pytest.raises(MailSourceError, match="longer than one poll"):
            source.folders()


@pytest.mark.parametrize(
    ("answer", "seconds", "transient"),
    [
        (b"NO [UNAVAILABLE] Temporary authentication failure", None, True),
        (b"NO [THROTTLED] Account exceeded command or bandwidth limits", None, True),
        (b"NO Request is throttled. Suggested Backoff Time: 92415 milliseconds", 92.415, True),
        (b"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", None, False),
        (b"NO [INUSE] Too many simultaneous connections", None, True),
        (b"BAD User is authenticated but not connected.", None, True),
        (b"NO LOGIN failed.", None, False),
    ],
)
def test_a_refused_sign_in_is_told_from_a_busy_server(
    answer: bytes, seconds: float | None, *, transient: bool
) -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"
    with _speaking(greeting, lambda tag: tag + b" " + answer + b"\r\n") as port:
        source = a_source(plainly(port, "x"), limits=QUICK)
        with pytest.raises(MailSourceError) as caught:
            source.folders()
    assert caught.value.transient is transient
    assert caught.value.retry_after_seconds == seconds


def test_a_bye_is_told_with_its_reason() -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"
    ok = b" OK [CAPABILITY IMAP4rev1] done\r\n"
    said: list[bytes] = []

    def answer(tag: bytes) -> bytes:
        said.append(tag)
        # Exchange ends the line with nothing.
        return tag + ok if len(said) == 1 else b"* BYE Session too long, come back"

    with _speaking(greeting, answer, times=2) as port:
        source = a_source(plainly(port, "x"), limits=QUICK)
        with pytest.raises(MailSourceError, match="Session too long") as caught:
            source.folders()
    assert caught.value.transient


@pytest.mark.parametrize("cut_after", [60, 400, 900, 1_500, 2_500, 4_000, 6_000, 9_000])
def test_a_hang_up_anywhere_loses_nothing(
    start_home: Callable[..., Home], dovecot: DovecotServer, cut_after: int
) -> None:
    home = start_home(dovecot)
    home.put_sent("asked")
    home.put_all(a_mail(f"m{n}", body="word " * 100) for n in range(12))
    undisturbed = Shelf(WATCH)
    undisturbed.poll(home.source())
    with proxied(home.server.port) as proxy:
        proxy.cut_after = cut_after
        source = home.source(port=proxy.port)
        for _attempt in range(3):
            try:
                batches = home.shelf.poll(source)
            except MailSourceError as error:
                assert error.transient  # noqa: PT017
                continue
            if all_complete(batches):
                break

    assert home.shelf.ids == undisturbed.ids
    assert set(home.shelf.places) == set(undisturbed.places)
    assert home.shelf.problems() == {}
    assert {m.own_text for m in home.shelf.messages.values()} == {
        m.own_text for m in undisturbed.messages.values()
    }


def test_a_kept_connection_that_died_is_made_anew(home: Home) -> None:
    with proxied(home.server.port) as proxy:
        source = home.source(port=proxy.port, keep_open=True)
        home.shelf.poll(source)
        proxy.hang_up()
        home.put("news")

        batches = home.shelf.poll(source)

        assert home.shelf.ids == {id_of("news")}
        assert all_complete(batches)
        assert proxy.connections == 2
        source.close()


@contextmanager
def _speaking(
    greeting: bytes,
    answer: Callable[[bytes], bytes] | None = None,
    *,
    times: int = 1,
    pause: float = 0.0,
) -> Iterator[int]:
    """A server that greets, and answers so many commands with a line of its own."""
    stop = threading.Event()

    def serve(listener: socket.socket) -> None:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            client.settimeout(10)
            try:
                for piece in [greeting] if not pause else [greeting[:1]] * 1_000:
                    client.sendall(piece)
                    if stop.wait(pause):
                        return
                lines = client.makefile("rb")
                for _ in range(times if answer else 0):
                    tag = lines.readline().partition(b" ")[0]
                    assert answer is not None
                    client.sendall(answer(tag))
                if answer is None:
                    stop.wait(10)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        stop.set()
        thread.join(5)
