"""Many accounts in one process: how long a sweep without news takes, and how much memory.

Run: python -m benchmarks.accounts [ACCOUNTS…]     (default 200 1000; Dovecot over TLS, SQLite)

Each account has its own user, Inbox, Sent and Junk with a little mail. A sweep is what the service
does for every account in turn: `App.poll`, then `App.review_after_poll`, one review at a time. The
connections are kept open, as `run` keeps them at an interval of ten minutes or less. Beside it, in
the same run and as many at a time, the plain way: imapclient, a fresh connection, STATUS of Inbox
and Sent, no database; once with one shared SSLContext, once with the one it makes by itself.
"""

from __future__ import annotations

import multiprocessing
import resource
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.servers.dovecot import DovecotServer

AT_ONCE = 8
SWEEPS = 5
PEER_SAMPLE = 40  # the plain way makes a context of 26 ms for each: a part is enough

Timed = tuple[float, float]  # seconds by the clock, seconds of processor time


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


def over(work: Callable[[str], object], accounts: tuple[str, ...]) -> Timed:
    """Do something for every account, so many at a time."""
    wall, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, accounts))
    return time.perf_counter() - wall, time.process_time() - cpu


def first(config: Path, answer: Connection) -> None:
    """Scan every account for the first time, on a new store."""
    from inboxwatch.bootstrap import open_app

    app = open_app(config, migrate=True)
    scanned = over(_sweeping(app), app.accounts())
    for account in app.accounts():
        app.keep_originals(account)
    over(_sweeping(app), app.accounts())  # settles what the first one changed
    answer.send(({"first scan": scanned}, resident()))
    app.close()


def later(config: Path, answer: Connection) -> None:
    """Sweep without news, as a service that was started again does."""
    from inboxwatch.bootstrap import open_app
    from inboxwatch.entrypoints import memory

    app = open_app(config, migrate=True)
    app.record.notes_may_wait = True  # as in the service
    memory.settle()
    accounts = app.accounts()
    sweep = _sweeping(app)

    def tick() -> Timed:
        wall, cpu = time.perf_counter(), time.process_time()
        app.record.flush()
        if app.people_due():
            raise AssertionError("there is no news")
        app.remind()
        app.health()
        return time.perf_counter() - wall, time.process_time() - cpu

    figures = {"first sweep after a start (it logs in)": over(sweep, accounts)}
    polls, sweeps = [], []
    for _ in range(SWEEPS):
        polls.append(over(app.poll, accounts))
        app.record.flush()  # as the minute's look does
        sweeps.append(over(sweep, accounts))
        app.record.flush()
    figures["polls alone"] = min(polls)
    figures["sweep: polls and reviews"] = min(sweeps)
    figures["the minute's look at everyone"] = min(tick() for _ in range(SWEEPS))
    answer.send((figures, resident()))
    app.close()


def _sweeping(app: Any) -> Callable[[str], None]:
    one_at_a_time = threading.Lock()  # as in the service

    def sweep(account: str) -> None:
        polled = app.poll(account)
        with one_at_a_time:
            app.review_after_poll(app.settings.accounts[account].person, polled)

    return sweep


def plain(config: Path, answer: Connection) -> None:
    """Ask for the counts of two folders over a fresh connection of imapclient each time."""
    import tomllib

    import imapclient

    accounts = tomllib.loads(config.read_text())["accounts"]
    authority = next(iter(accounts.values()))["ca_file"]

    def own() -> ssl.SSLContext:  # what imapclient makes when it is given none
        context = ssl.create_default_context()
        context.load_verify_locations(cafile=authority)
        return context

    shared = own()

    def asking(context: Callable[[], ssl.SSLContext]) -> Callable[[str], None]:
        def ask(name: str) -> None:
            one = accounts[name]
            with imapclient.IMAPClient(
                one["host"], port=one["port"], ssl_context=context(), timeout=30
            ) as client:
                client.login(one["username"], "secret")
                for folder in ("INBOX", "Sent"):
                    client.folder_status(folder, ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])

        return ask

    names = tuple(accounts)
    few = names[:PEER_SAMPLE]
    figures = {"imapclient, one shared context": over(asking(lambda: shared), names)}
    wall, cpu = over(asking(own), few)
    scale = len(names) / len(few)
    figures["imapclient as it comes"] = (wall * scale, cpu * scale)
    answer.send((figures, resident()))


def apart(work: Callable[[Path, Connection], None], config: Path) -> tuple[dict[str, Timed], float]:
    """Measure in a process of its own, so that no server and no test code is counted."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=work, args=(config, theirs))
    process.start()
    while not mine.poll(1):
        if not process.is_alive():
            raise SystemExit("the measuring process ended without an answer")
    answer: tuple[dict[str, Timed], float] = mine.recv()
    process.join()
    return answer


def measure(accounts: int) -> None:
    """Print one table."""
    from tests.servers.dovecot import start_dovecot

    server = start_dovecot(connections=2 * accounts + 100)
    try:
        with tempfile.TemporaryDirectory() as name:
            config = write_mail(server, accounts, Path(name))
            figures, after_scan = apart(first, config)
            more, memory = apart(later, config)
            peers, _memory = apart(plain, config)
    finally:
        server.stop()
    figures |= more
    print(f"{accounts} accounts over TLS, {AT_ONCE} at a time, connections kept")
    print(f"{'':40} {'seconds':>9} {'CPU s':>9} {'ms each':>9}")
    for what, (wall, cpu) in (figures | peers).items():
        print(f"{what:40} {wall:9.2f} {cpu:9.2f} {wall / accounts * 1e3:9.2f}")
    print(f"resident memory {memory:.0f} MB; {after_scan:.0f} MB after the first scan of all")
    sweep = figures["sweep: polls and reviews"]
    for what, (wall, cpu) in peers.items():
        print(f"{what}: {wall / sweep[0]:.1f} times as long, {cpu / sweep[1]:.1f} times the CPU")


if __name__ == "__main__":
    for count in [int(word) for word in sys.argv[1:]] or [200, 1000]:
        measure(count)
