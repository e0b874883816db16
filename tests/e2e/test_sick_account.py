"""One account whose server is silent never delays another."""

import contextlib
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.household import ANY_TIME, Household
from tests.e2e.test_service import eventually, service


@dataclass
class Silent:
    """A server that takes every connection and never says a word."""

    port: int
    held: list[socket.socket] = field(default_factory=list)


@contextmanager
def silent_server() -> Iterator[Silent]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Silent(port=listener.getsockname()[1])

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    server.held.append(listener.accept()[0])

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(5)
            for client in server.held:
                client.close()


def polls(household: Household, account: str) -> list[int]:
    """Whether each poll of an account was complete, oldest first."""
    with closing(sqlite3.connect(household.folder / "data" / "inboxwatch.db")) as connection:
        query = "SELECT complete FROM polls WHERE account = ? ORDER BY number"
        return [complete for (complete,) in connection.execute(query, (account,))]


def has_polled_more(household: Household) -> Callable[[], bool]:
    before = len(polls(household, "home"))
    return lambda: len(polls(household, "home")) > before


def is_waiting(server: Silent) -> bool:
    """Whether somebody still waits for the first word: their side is open and says nothing."""
    for client in server.held:
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            if client.recv(1) == b"":
                continue
        return True
    return False


def test_a_silent_server_holds_up_no_other_account(household: Household, tmp_path: Path) -> None:
    household.asks("When is the review?", days=40, message_id="q1@example.org")
    log = tmp_path / "service.log"
    with silent_server() as sick:
        household.configure(
            "[accounts.a-sick-one]",
            'address = "sick@example.org"',
            'person = "somebody else"',
            'host = "127.0.0.1"',
            f"port = {sick.port}",
            'security = "plain"',
            'password_file = "mail-password"',
            *ANY_TIME,
            "[service]",
            "poll_every_minutes = 0.03",
            "accounts_at_once = 2",
        )
        with service(household, log) as process:
            store = household.folder / "data" / "inboxwatch.db"
            assert eventually(lambda: bool(sick.held) and store.exists()), log.read_text()
            for number in range(2, 5):  # a poll without news is not recorded at once
                household.asks("And now?", days=1, message_id=f"q{number}@example.org")
                polled = has_polled_more(household)
                assert eventually(polled), log.read_text()
            assert is_waiting(sick)  # all of that while the first word was waited for
            assert polls(household, "a-sick-one") == []
            process.send_signal(signal.SIGKILL)
    assert all(polls(household, "home"))
