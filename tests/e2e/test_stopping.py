"""SIGTERM ends the service and a worker in time, whatever a mail server does; nothing is lost."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.gate import Gate
from tests.e2e.household import ANY_TIME, Household, clean_environment
from tests.servers import programs
from tests.servers.postgres import PostgresServer

IN_TIME = 10.0  # seconds until Docker kills


@contextmanager
def running(household: Household, verb: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "inboxwatch", "--config", household.config, verb],
            stdout=err,
            stderr=err,
            env=clean_environment(household.folder),
            cwd=household.folder,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def until(check: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


def stops_in_time(process: subprocess.Popen[bytes], log: Path) -> None:
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0, log.read_text()
    assert time.monotonic() - began < IN_TIME, log.read_text()
    assert "Traceback" not in log.read_text()


def behind(household: Household, port: int, *more: str) -> None:
    """Configure the account behind another port, and read its mail once before."""
    household.configure(*ANY_TIME, *more)
    household.asks("When is the review?", days=40, message_id="q1@example.org")
    text = household.config.read_text()
    household.config.write_text(text.replace(str(household.server.tls_port), str(port)))


@pytest.fixture
def gate(household: Household) -> Iterator[Gate]:
    made = Gate(to_port=household.server.tls_port)
    yield made
    made.close()


def test_during_a_poll_whose_server_falls_silent(
    household: Household, gate: Gate, tmp_path: Path
) -> None:
    """And what was not read is read at the next start."""
    behind(household, gate.port)
    gate.open.clear()
    log = tmp_path / "log"
    with running(household, "run", log) as service:
        until(lambda: gate.inside == 1, log)
        stops_in_time(service, log)
    gate.open.set()
    household.must("poll")
    assert [thread["subject"] for thread in household.threads()] == ["When is the review?"]


def test_while_a_server_takes_connections_and_never_speaks(
    household: Household, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        behind(
            household,
            silent.getsockname()[1],
            "[page]",
            "enabled = true",
            f"port = {programs.free_port()}",
        )
        log = tmp_path / "log"
        with running(household, "run", log) as service:
            until(lambda: "watching 1 account" in log.read_text(), log)
            time.sleep(1)
            stops_in_time(service, log)


def test_an_idle_service_stops_at_once_and_takes_leave(
    household: Household, gate: Gate, tmp_path: Path
) -> None:
    behind(household, gate.port)
    log = tmp_path / "log"
    with running(household, "run", log) as service:
        until(lambda: (household.folder / "data" / "health.json").exists(), log)
        until(lambda: '"ok"' in (household.folder / "data" / "health.json").read_text(), log, 90)
        stops_in_time(service, log)
    until(lambda: gate.inside == 0, log, 5)  # logged out: no session is left at the server


def test_a_worker_whose_server_falls_silent(
    household: Household, gate: Gate, postgres: PostgresServer, tmp_path: Path
) -> None:
    """Its poll goes back into the queue, for whoever comes next."""
    with postgres.database() as name:
        (household.folder / "store-url").write_text(postgres.dsn(name) + "\n")
        behind(household, gate.port, "[store]", 'url_file = "store-url"')
        household.must("migrate")
        gate.open.clear()
        log = tmp_path / "log"
        with running(household, "worker", log) as worker:
            until(lambda: gate.inside == 1, log)
            stops_in_time(worker, log)
        gate.open.set()
        again = tmp_path / "again"
        with running(household, "worker", again) as worker:
            until(lambda: gate.visits >= 2 and '"ok"' in health(household), again, 90)
            stops_in_time(worker, again)
        assert len(household.threads()) == 1


def health(household: Household) -> str:
    path = household.folder / "data" / "health.json"
    return path.read_text() if path.exists() else ""
