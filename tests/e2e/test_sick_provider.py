"""A whole provider that accepts connections and says nothing delays nobody else's accounts."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from inboxwatch.bootstrap import App, open_app
from inboxwatch.entrypoints.daemon import Service
from inboxwatch.entrypoints.running import scheduler_for
from tests.servers.dovecot import DovecotServer

SICK, WELL = 30, 30
EVERY_SECONDS = 3.0


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A port whose connections are taken by the system and never answered."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        yield listener


@pytest.fixture
def app(dovecot: DovecotServer, silent: socket.socket, tmp_path: Path) -> Iterator[App]:
    (tmp_path / "mail-password").write_text("secret\n")
    lines = ['watch = ["kent.gov.uk"]', f'data_folder = "{tmp_path / "data"}"']
    for kind, count, port in (
        ("sick", SICK, silent.getsockname()[1]),
        ("well", WELL, dovecot.tls_port),
    ):
        for number in range(count):
            user = dovecot.new_user()
            lines += [
                f"[accounts.{kind}{number}]",
                f'person = "{kind}{number}"',
                f'address = "{user.name}"',
                f'host = "{dovecot.host}"',
                f"port = {port}",
                'password_file = "mail-password"',
                f'ca_file = "{dovecot.certificates.authority}"',
            ]
    lines += ["[service]", f"poll_every_minutes = {EVERY_SECONDS / 60}"]
    config = tmp_path / "inboxwatch.toml"
    config.write_text("\n".join(lines) + "\n")
    before = threading.active_count()
    opened = open_app(config, migrate=True)
    yield opened
    silent.close()  # lets go of who still waits
    end = time.monotonic() + 30
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.1)
    opened.close()


def ends(app: App, account: str) -> list[float]:
    with app.store.transaction(read_only=True) as tx:
        last = tx.last_complete_poll(account)
    return [last.ended_at.timestamp()] if last is not None else []


def test_thirty_good_accounts_keep_their_rhythm_beside_thirty_silent_ones(
    app: App, tmp_path: Path
) -> None:
    """The silent ones come first by name, and each holds its thread until the time limit."""
    service = Service(
        app=app,
        scheduler=scheduler_for(app.settings.service.accounts_at_once),
        health_file=tmp_path / "health.json",
        apart_seconds=0.01,
        tick_seconds=0.5,  # which records the polls without news
    )
    seen: dict[str, set[float]] = {f"well{number}": set() for number in range(WELL)}
    service.start()
    try:
        began = time.time()
        while time.time() < began + 20:  # longer than the time limit of a connection
            for account, moments in seen.items():
                moments.update(ends(app, account))
            time.sleep(0.2)
    finally:
        began_to_stop = time.monotonic()
        service.stop()
        assert time.monotonic() - began_to_stop < 10

    for account, moments in seen.items():
        assert moments, account
        rhythm = [began, *sorted(moments)]
        assert all(later - earlier < 8 for earlier, later in pairwise(rhythm)), (account, rhythm)
        assert len(moments) >= 3, (account, rhythm)
    assert all(not ends(app, f"sick{number}") for number in range(SICK))
    failed = [name for name, pace in service.paces.items() if pace.failures]
    assert failed
    assert all(name.startswith("sick") for name in failed)
