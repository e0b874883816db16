"""Workers on one PostgreSQL: no account twice at a time, retries, and what a dead one left."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.e2e.gate import Gate
from tests.e2e.household import ANY_TIME, Household, clean_environment
from tests.servers.dovecot import DovecotServer
from tests.servers.postgres import PostgresServer

ACCOUNTS = ("ash", "birch", "cedar")
DEAD_AFTER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Accounts behind a gate each, a store in PostgreSQL, and what can be asked of it."""

    home: Household
    gates: dict[str, Gate]
    dsn: str
    running: ExitStack

    def start(self, verb: str, log: Path) -> subprocess.Popen[bytes]:
        words = ["--dead-after", str(DEAD_AFTER)] if verb == "worker" else []
        with log.open("wb") as err:
            started = subprocess.Popen(
                [sys.executable, "-m", "inboxwatch", "--config", self.home.config, verb, *words],
                stdout=err,
                stderr=err,
                env=clean_environment(self.home.folder),
                cwd=self.home.folder,
            )
        self.running.callback(started.wait, 30)
        self.running.callback(started.kill)
        return started

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        path = "-c search_path=public,inboxwatch_queue"
        with psycopg.connect(self.dsn, autocommit=True, options=path) as connection:
            found = connection.execute(query.encode())
            return found.fetchall() if found.description else []

    def polls(self, account: str) -> list[tuple[int, int, bool]]:
        """Each poll's start and end, in microseconds, and completeness, in order."""
        return [
            (start, end, complete)
            for start, end, complete in self.rows(
                "SELECT started_at, ended_at, complete FROM polls"
                f" WHERE account = '{account}' ORDER BY started_at"
            )
        ]

    def job(self, name: str) -> tuple[Any, ...]:
        """Status, attempts and time of a duty's newest job; an ended one may still be there."""
        (row,) = self.rows(
            "SELECT status, attempts, scheduled_at FROM inboxwatch_queue.procrastinate_jobs"
            f" WHERE lock = '{name}' ORDER BY id DESC LIMIT 1"
        )
        return row


@pytest.fixture
def place(
    dovecot: DovecotServer, postgres: PostgresServer, tmp_path: Path
) -> Iterator[Callable[..., Place]]:
    """Makes the place: `place(poll_every_minutes=0.02)`."""
    with ExitStack() as stack:
        name = stack.enter_context(postgres.database())

        def make(poll_every_minutes: float, *, migrate: bool = True) -> Place:
            gates: dict[str, Gate] = {}
            lines = []
            homes = []
            for account in ACCOUNTS:
                user = dovecot.new_user()
                for folder in ("Sent", "Junk"):
                    dovecot.create_folder(user, folder)
                gates[account] = Gate(to_port=dovecot.tls_port)
                stack.callback(gates[account].close)
                homes.append(Household(server=dovecot, user=user, folder=tmp_path))
                lines += [
                    f"[accounts.{account}]",
                    f'person = "{account}"',
                    f'address = "{account}@example.org"',
                    f'host = "{dovecot.host}"',
                    f"port = {gates[account].port}",
                    f'username = "{user.name}"',
                    'password_file = "mail-password"',
                    f'ca_file = "{dovecot.certificates.authority}"',
                ]
            for home in homes:
                home.asks("When is the review?", days=40, message_id="q1@example.org")
            (tmp_path / "store-url").write_text(postgres.dsn(name) + "\n")
            (tmp_path / "mail-password").write_text("secret\n")
            top = [
                'watch = ["kent.gov.uk"]',
                'after = "10wd"',
                f'data_folder = "{tmp_path / "data"}"',
            ]
            rest = [
                *ANY_TIME,
                f"remind_from = {datetime.now(UTC).date() - timedelta(days=200)}",
                "[store]",
                'url_file = "store-url"',
                "[service]",
                f"poll_every_minutes = {poll_every_minutes}",
            ]
            homes[0].config.write_text("\n".join([*top, *lines, *rest]) + "\n")
            if migrate:
                homes[0].must("migrate")
            return Place(
                home=homes[0],
                gates=gates,
                dsn=postgres.dsn(name),
                running=stack.enter_context(ExitStack()),
            )

        yield make


def eventually(check: Callable[[], bool], seconds: float = 45) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.1)
    return False


def test_two_workers_share_the_accounts_and_never_poll_one_twice_at_once(
    place: Callable[..., Place], tmp_path: Path
) -> None:
    here = place(poll_every_minutes=0.005)
    logs = [tmp_path / "one.log", tmp_path / "two.log"]
    workers = [here.start("worker", log) for log in logs]

    def said() -> str:
        return "\n".join(log.read_text() for log in logs)

    assert eventually(lambda: all(len(here.polls(a)) >= 5 for a in ACCOUNTS)), said()
    workers_seen = here.rows("SELECT count(*) FROM inboxwatch_queue.procrastinate_workers")
    assert workers_seen == [(2,)], said()
    for account in ACCOUNTS:
        polls = here.polls(account)
        assert all(complete for _, _, complete in polls)
        assert all(a[1] <= b[0] for a, b in pairwise(polls)), polls
        assert here.gates[account].most_inside == 1
    assert eventually(lambda: here.rows("SELECT count(*) FROM reminders") == [(3,)]), said()

    refused = here.home.run("run")
    assert refused.code == 2
    assert "already running on this store" in refused.err
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(40) for worker in workers] == [0, 0], said()
    assert "Traceback" not in said()
    left = here.rows("SELECT count(*) FROM inboxwatch_queue.procrastinate_jobs"
                     " WHERE status = 'doing'")  # fmt: skip
    assert left == [(0,)]


def test_the_polls_of_a_worker_killed_in_the_middle_are_taken_over(
    place: Callable[..., Place], tmp_path: Path
) -> None:
    here = place(poll_every_minutes=5)
    logs = [tmp_path / "one.log", tmp_path / "two.log"]
    for gate in here.gates.values():
        gate.lets_through = 2
        gate.open.clear()
    first = here.start("worker", logs[0])
    assert eventually(lambda: all(g.inside == 1 for g in here.gates.values())), logs[0].read_text()
    second = here.start("worker", logs[1])
    heard = "SELECT count(*) FROM inboxwatch_queue.procrastinate_workers"
    assert eventually(lambda: here.rows(heard) == [(2,)])
    time.sleep(DEAD_AFTER * 1.5)  # a slow worker is not a dead one
    assert [gate.visits for gate in here.gates.values()] == [1, 1, 1]

    first.send_signal(signal.SIGKILL)
    first.wait(10)
    for gate in here.gates.values():
        gate.open.set()
    assert eventually(lambda: all(len(here.polls(a)) == 1 for a in ACCOUNTS)), logs[1].read_text()
    assert here.rows("SELECT problem FROM polls WHERE NOT complete") == []
    assert all(f"poll:{a}: its worker died; taken over" in logs[1].read_text() for a in ACCOUNTS)
    assert [gate.visits for gate in here.gates.values()] == [2, 2, 2]
    for account in ACCOUNTS:  # and they go on in their rhythm
        assert eventually(lambda a=account: here.job(f"poll:{a}")[0] == "todo")  # type: ignore[misc]
    second.send_signal(signal.SIGTERM)
    assert second.wait(40) == 0, logs[1].read_text()


def test_a_sick_account_is_tried_again_later_and_delays_no_other(
    place: Callable[..., Place], tmp_path: Path
) -> None:
    here = place(poll_every_minutes=5)
    here.gates["ash"].refuses = True
    here.gates["birch"].open.clear()  # says nothing at all
    log = tmp_path / "one.log"
    worker = here.start("worker", log)
    assert eventually(lambda: len(here.polls("cedar")) == 1), log.read_text()
    assert here.polls("birch") == []
    assert eventually(lambda: here.job("poll:ash")[:2] == ("todo", 1)), log.read_text()
    _, _, again_at = here.job("poll:ash")
    assert timedelta(seconds=40) < again_at - datetime.now(UTC) < timedelta(seconds=95)
    assert log.read_text().count("poll:ash:") == 1

    here.gates["ash"].refuses = False
    here.gates["birch"].open.set()
    here.rows(
        "UPDATE inboxwatch_queue.procrastinate_jobs SET scheduled_at = now()"
        " WHERE lock = 'poll:ash'"
    )
    assert eventually(lambda: [p[2] for p in here.polls("ash")] == [False, True]), log.read_text()
    assert eventually(lambda: here.job("poll:ash")[:2] == ("todo", 0))
    assert eventually(lambda: len(here.polls("birch")) == 1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(40) == 0, log.read_text()


def test_one_process_polls_the_others_while_a_server_says_nothing(
    place: Callable[..., Place], tmp_path: Path
) -> None:
    here = place(poll_every_minutes=0.02)
    here.gates["ash"].open.clear()
    log = tmp_path / "run.log"
    service = here.start("run", log)
    others = ("birch", "cedar")
    assert eventually(lambda: all(here.polls(a) for a in others)), log.read_text()
    began = {account: len(here.gates[account].said_at) for account in others}

    def asked(account: str) -> list[float]:
        return here.gates[account].said_at[began[account] :]

    # Each of these is a poll: the connections are kept, and nothing is new.
    assert eventually(lambda: all(len(asked(account)) >= 4 for account in others)), log.read_text()
    for account in others:
        assert all(after - before < 10 for before, after in pairwise(asked(account)))
    assert here.polls("ash") == []
    assert here.gates["ash"].visits == 1
    here.gates["ash"].open.set()
    assert eventually(lambda: any(complete for _, _, complete in here.polls("ash")))
    service.send_signal(signal.SIGTERM)
    assert service.wait(40) == 0, log.read_text()


def test_a_worker_refuses_sqlite_and_a_store_on_which_run_is_running(
    place: Callable[..., Place], household: Household, tmp_path: Path
) -> None:
    household.configure()
    refused = household.run("worker")
    assert refused.code == 2
    assert "need a store in PostgreSQL" in refused.err
    assert not (household.folder / "data" / "inboxwatch.db").exists()

    here = place(poll_every_minutes=5)
    log = tmp_path / "run.log"
    service = here.start("run", log)
    assert eventually(lambda: all(len(here.polls(a)) == 1 for a in ACCOUNTS)), log.read_text()
    refused = here.home.run("worker")
    assert refused.code == 2
    assert "`inboxwatch run` is already running" in refused.err
    service.send_signal(signal.SIGTERM)
    assert service.wait(40) == 0, log.read_text()


def test_the_queue_is_made_once_and_stays_out_of_backups(
    place: Callable[..., Place], tmp_path: Path
) -> None:
    here = place(poll_every_minutes=5, migrate=False)
    assert "the queue of the workers is ready" in here.home.must("migrate")
    again = here.home.must("migrate")
    assert "queue" not in again
    assert "up to date" in again
    here.home.must("poll")
    before = here.home.must("list", "--person", "ash", "--json")
    here.home.must("backup", "-o", str(tmp_path / "copy.backup"))
    here.home.must("restore", str(tmp_path / "copy.backup"), "--force")
    assert here.home.must("list", "--person", "ash", "--json") == before
    assert here.rows("SELECT count(*) FROM inboxwatch_queue.procrastinate_jobs") == [(0,)]

    # Another version's queue is refused by a worker and replaced by `migrate`.
    here.rows("COMMENT ON SCHEMA inboxwatch_queue IS 'another'")
    refused = here.home.run("worker")
    assert refused.code == 4
    assert "inboxwatch migrate" in refused.err
    assert "the queue of the workers is ready" in here.home.must("migrate")
