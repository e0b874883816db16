"""kill -9 between any two steps of filing and sending: nothing lost, nothing twice in effect."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inboxwatch.adapters.store import open_store
from inboxwatch.application.digest import reminder_message_id
from inboxwatch.application.outbox import local_secret
from inboxwatch.application.records import DeliveryState
from tests.e2e.reminding import REMINDERS
from tests.servers.http import Answer, HttpServer
from tests.servers.smtp import Mishap, SmtpServer

ROOT = Path(__file__).parents[2]
START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A store on disk, a mail server, a webhook, and the process that is killed."""

    path: Path
    smtp: SmtpServer
    hook: HttpServer
    process: "subprocess.Popen[str]"

    def run(self, *, killed_after: str = "", occurrence: int = 1, minutes: int = 0) -> int:
        """One run of the program; gives its exit code, or minus the signal that ended it."""
        order = {
            "path": str(self.path),
            "smtp_port": self.smtp.port,
            "hook_url": self.hook.url,
            "at": (START + timedelta(minutes=minutes)).isoformat(),
            "step": killed_after,
            "occurrence": occurrence,
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def message_ids(self) -> list[str]:
        """The Message-ID of every mail that arrived, repeats included."""
        return [received.message["Message-ID"] for received in self.smtp.received]

    def event_ids(self) -> list[str]:
        """The webhook-id of every event that arrived, repeats included."""
        return [request.headers["webhook-id"] for request in self.hook.requests]

    def check_nothing_lost_and_nothing_twice(self) -> None:
        """Everything arrived, repeats carry the same id, all is marked, more runs do nothing."""
        assert set(self.event_ids()) == {str(reminder.key) for reminder in REMINDERS}
        store = open_store(self.path)
        with store.transaction() as tx:
            deliveries = tx.deliveries("me")
            secret = local_secret(tx)
            filed = tx.filed_reminders("me")
            remembered = tx.message_ids("me", [m.strip("<>") for m in self.message_ids()])
        store.close()
        (digest,) = (d for d in deliveries if d.type == "digest")
        assert set(self.message_ids()) == {f"<{reminder_message_id(secret, digest.id)}>"}
        assert remembered == {reminder_message_id(secret, digest.id)}
        assert {d.state for d in deliveries} == {DeliveryState.SENT}
        assert len(deliveries) == 3
        assert {f.reminder.key for f in filed} == {r.key for r in REMINDERS}

        before = (self.message_ids(), self.event_ids())
        assert self.run(minutes=600) == 0
        assert (self.message_ids(), self.event_ids()) == before


@pytest.fixture(scope="module")
def process() -> Iterator["subprocess.Popen[str]"]:
    """The program, kept ready to fork."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.reminding"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        yield running


@pytest.fixture
def world(
    tmp_path: Path,
    start_smtp: Callable[..., SmtpServer],
    http_server: HttpServer,
    process: "subprocess.Popen[str]",
) -> World:
    smtp = start_smtp(login=("parent", "sesame"))
    path = tmp_path / "store.sqlite"
    open_store(path).close()
    return World(path=path, smtp=smtp, hook=http_server, process=process)


STEPS = [
    ("filing", 1),
    ("filed", 1),
    ("read", 1),
    *((step, n) for n in (1, 2, 3) for step in ("claimed", "sent", "marked")),
    ("connected", 1),
    ("signing", 1),
    ("signing", 2),
]


@pytest.mark.parametrize(("step", "occurrence"), STEPS)
def test_killed_after_any_step_it_ends_well(world: World, step: str, occurrence: int) -> None:
    assert world.run(killed_after=step, occurrence=occurrence) == KILLED

    assert world.run(minutes=10) == 0

    world.check_nothing_lost_and_nothing_twice()
    repeats = len(world.message_ids()) - 1 + len(world.event_ids()) - 2
    # The one narrow window: it went out and was not marked yet.
    assert repeats == (1 if step == "sent" else 0)


def test_killed_after_every_step_in_turn_it_ends_well(world: World) -> None:
    """A machine that keeps losing power still gets there."""
    ends = [
        world.run(killed_after=step, occurrence=1, minutes=n)
        for n, step in enumerate(("filing", "filed", "read", "claimed", "connected", "sent") * 2)
    ]
    assert KILLED in ends
    world.run(minutes=100)

    world.check_nothing_lost_and_nothing_twice()


def test_nothing_is_sent_for_what_was_not_committed(world: World) -> None:
    world.run(killed_after="filing")

    assert world.message_ids() == []
    assert world.event_ids() == []
    store = open_store(world.path)
    with store.transaction() as tx:
        assert tx.filed_reminders("me") == ()
        assert tx.deliveries("me") == ()
    store.close()


def test_a_server_that_took_it_and_then_hung_up_gets_the_same_message(world: World) -> None:
    """The other way into the window: the answer is lost, not the program."""
    world.smtp.go_wrong(Mishap(stage="data", hang_up=True, keep=True))
    world.hook.will_answer(Answer(status=503), Answer(hang_up=True))

    for n in range(6):
        assert world.run(minutes=n * 30) == 0

    world.check_nothing_lost_and_nothing_twice()
    assert len(world.message_ids()) == 2
