"""Our side of `benchmarks.mail`: the whole program with its store, in a process of its own.

`ImapclientSource` feeds the same chain by a careful use of imapclient, to compare like with like.
"""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ACCOUNT = "home"
PERSON = "parent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What one piece of work took, and what the store then held."""

    seconds: float
    cpu: float
    poll: float = 0.0  # of the seconds, those before the review
    turns: int = 0
    new: int = 0
    peak_mb: float = 0.0


def configure(folder: Path, *, name: str, where: dict[str, object], kept_open: bool) -> Path:
    """Write a configuration of its own folder and return its path."""
    home = folder / name
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / "mail-password").write_text("secret\n")
    lines = [
        'watch = ["kent.gov.uk"]',
        f'data_folder = "{home / "data"}"',
        f"[accounts.{ACCOUNT}]",
        f'person = "{PERSON}"',
        'address = "parent@example.org"',
        'password_file = "mail-password"',
        *(f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
          for key, value in where.items()),
        "[service]",
        f"poll_every_minutes = {5 if kept_open else 15}",
    ]  # fmt: skip
    config = home / "inboxwatch.toml"
    config.write_text("\n".join(lines) + "\n")
    return config


class Ours:
    """The program in a process of its own, told what to do through a pipe."""

    def __init__(self, config: Path, *, by_imapclient: dict[str, Any] | None = None) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(config, by_imapclient, theirs))
        self._process.start()
        self._pipe.recv()  # it is ready: the imports are done

    def poll(self) -> Took:
        """Poll once and review what changed."""
        self._pipe.send("poll")
        took: Took = self._answer()
        return took

    def stored(self) -> dict[str, Any]:
        """Return the ids of the messages stored, the threads, and whether SEARCH was trusted."""
        self._pipe.send("stored")
        found: dict[str, Any] = self._answer()
        return found

    def close(self) -> None:
        """End the process."""
        self._pipe.send("close")
        self._process.join(30)

    def _answer(self) -> Any:
        while not self._pipe.poll(0.5):
            if not self._process.is_alive():
                raise SystemExit("the measured process ended without an answer")
        return self._pipe.recv()


def _serve(config: Path, by_imapclient: dict[str, Any] | None, pipe: Connection) -> None:
    from inboxwatch.bootstrap import open_app
    from inboxwatch.entrypoints import memory

    app = open_app(config, migrate=True)
    if by_imapclient is not None:
        app._sources[ACCOUNT] = ImapclientSource(**by_imapclient)  # type: ignore[assignment]
    app.watch(PERSON), app.yardstick, app._tls
    app.record.notes_may_wait = True  # as in the service
    memory.settle()
    pipe.send("ready")
    while True:
        what = pipe.recv()
        if what == "poll":
            turns = app.source(ACCOUNT).turns
            app.record.flush()  # as the minute's look does between two polls
            began, cpu = time.perf_counter(), time.process_time()
            polled = app.poll(ACCOUNT)
            read = time.perf_counter()
            app.review_after_poll(PERSON, polled)
            ended = time.perf_counter()
            if "-v" in sys.argv:
                print(f"   poll {read - began:.4f} review {ended - read:.4f}", file=sys.stderr)
            after = app.source(ACCOUNT).turns
            pipe.send(
                Took(
                    seconds=ended - began,
                    cpu=time.process_time() - cpu,
                    poll=read - began,
                    turns=after - turns if after > turns else after,
                    new=polled.new,
                    peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                )
            )
        elif what == "stored":
            with app.store.transaction(read_only=True) as tx:
                ids = tx.message_ids(PERSON)
                threads = {placed.thread_id for placed in tx.placements(PERSON)}
                trusted = {n: s.search_trusted for n, s in tx.folder_states(ACCOUNT).items()}
            pipe.send({"ids": ids, "threads": len(threads), "trusted": trusted})
        else:
            app.close()
            return


class ImapclientSource:
    """A `MailSource` as somebody careful writes it with imapclient: one first scan, then none."""

    turns = 0

    def __init__(self, *, port: int, user: str) -> None:
        from inboxwatch.adapters.clock import utc_now
        from inboxwatch.adapters.mime import MimeReader

        self._port = port
        self._user = user
        self._reader = MimeReader(now=utc_now)

    def poll(
        self, states: Mapping[str, Any], wanted: Any, *, progress: Callable[..., None] | None = None
    ) -> Iterator[Any]:
        """Yield everything that is ours, a folder at a time."""
        from benchmarks.mail_peers import careful

        from inboxwatch.application.records import Arrival, FetchedPart, FolderBatch, FolderState
        from inboxwatch.domain.message import FolderRole, Location, Message

        for folder, uidvalidity, uidnext, messages, mails in careful(self._port, self._user):
            role = FolderRole.SENT if folder == "Sent" else FolderRole.INBOX
            arrivals = []
            for mail in mails:
                read = self._reader.read_parts(
                    mail.header,
                    (FetchedPart(**mail.part),) if mail.part else (),
                    location=Location(
                        account=ACCOUNT, folder=folder, role=role,
                        uidvalidity=uidvalidity, uid=mail.uid,
                    ),
                    received_at=mail.received_at,
                    size=mail.size,
                )  # fmt: skip
                if isinstance(read, Message):
                    arrivals.append(Arrival(message=read))
            state = FolderState(
                account=ACCOUNT, folder=folder, role=role, uidvalidity=uidvalidity,
                uidnext=uidnext, messages=messages, watch_digest=wanted.watch_digest,
            )  # fmt: skip
            yield FolderBatch(state=replace(state), arrivals=tuple(arrivals), complete=True)

    def close(self) -> None:
        """Nothing is kept open."""
