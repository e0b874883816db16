"""Many accounts in one process: how long a sweep without news takes, and how much memory.

Run: python -m benchmarks.accounts [ACCOUNTS]     (default 200; Dovecot over TLS, store in SQLite)

Each account has its own user, Inbox, Sent and Junk with a little mail. The connections are kept
open, as `run` keeps them at an interval of ten minutes or less.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.servers.dovecot import DovecotServer

AT_ONCE = 8
SWEEPS = 5


def write_mail(server: DovecotServer, accounts: int, folder: Path) -> Path:
    """Make the users with their mail and the configuration; return its path."""
    from tests.e2e.household import Household  # not counted in the measuring process

    (folder / "mail-password").write_text("secret\n")
    lines = ['watch = ["kent.gov.uk"]', f'data_folder = "{folder / "data"}"']
    for number in range(accounts):
        user = server.new_user()
        for name in ("Sent", "Junk"):
            server.create_folder(user, name)
        home = Household(server=server, user=user, folder=folder)
        home.asks("When is the review?", days=40, message_id=f"q{number}@example.org")
        lines += [
            f"[accounts.a{number}]",
            f'person = "p{number}"',
            'address = "parent@example.org"',
            f'host = "{server.host}"',
            f"port = {server.tls_port}",
            f'username = "{user.name}"',
            'password_file = "mail-password"',
            f'ca_file = "{server.certificates.authority}"',
        ]
    lines += ["[service]", "poll_every_minutes = 5", f"accounts_at_once = {AT_ONCE}"]
    config = folder / "inboxwatch.toml"
    config.write_text("\n".join(lines) + "\n")
    return config


def resident() -> float:
    """Return this process's resident memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def measure(config: Path, answer: Connection) -> None:
    """Sweep in a process of its own, so that no server and no test code is counted."""
    from inboxwatch.bootstrap import open_app

    app = open_app(config, migrate=True)
    accounts = app.accounts()

    def cycle(account: str) -> None:
        app.poll(account)
        app.review_if_changed(app.settings.accounts[account].person)

    def timed(work: object) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(work, accounts))  # type: ignore[call-overload]
        return time.perf_counter() - wall, time.process_time() - cpu

    def people() -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        for person in app.people(None):
            app.review_if_changed(person)
        app.remind()
        app.health()
        return time.perf_counter() - wall, time.process_time() - cpu

    figures = {"first scan": timed(cycle)}
    for account in accounts:
        app.keep_originals(account)
    timed(cycle)  # settles what the first one changed
    sweeps = [timed(app.poll) for _ in range(SWEEPS)]
    cycles = [timed(cycle) for _ in range(SWEEPS)]
    people()
    ticks = [people() for _ in range(SWEEPS)]
    figures["polls without news, all accounts"] = min(sweeps)
    figures["polls and reviews without news"] = min(cycles)
    figures["the minute's tick without news"] = min(ticks)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    answer.send((figures, resident(), peak))
    app.close()


def main(accounts: int) -> None:
    """Print the table."""
    from tests.servers.dovecot import start_dovecot

    server = start_dovecot()
    try:
        with tempfile.TemporaryDirectory() as name:
            config = write_mail(server, accounts, Path(name))
            context = multiprocessing.get_context("spawn")
            mine, theirs = context.Pipe()
            process = context.Process(target=measure, args=(config, theirs))
            process.start()
            while not mine.poll(1):
                if not process.is_alive():
                    raise SystemExit("the measuring process ended without an answer")
            figures, now, peak = mine.recv()
            process.join()
    finally:
        server.stop()
    print(f"{accounts} accounts over TLS, {AT_ONCE} at a time, connections kept")
    print(f"{'':38} {'seconds':>9} {'CPU s':>9} {'ms each':>9}")
    for what, (wall, cpu) in figures.items():
        print(f"{what:38} {wall:9.2f} {cpu:9.2f} {wall / accounts * 1e3:9.2f}")
    print(f"resident memory {now:.0f} MB, at its highest {peak:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
