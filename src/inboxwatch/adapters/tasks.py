"""Duties on a queue in PostgreSQL, with Procrastinate: each is done by one worker at a time.

What the queue holds can always be made again, so nothing in it is ever worth saving: a job whose
worker died is put back or dropped, and a duty that is missing is put in anew.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import procrastinate
import psycopg
from procrastinate import exceptions, jobs, retry

from inboxwatch.adapters import fence
from inboxwatch.adapters.queue_schema import SCHEMA
from inboxwatch.domain.errors import StoreError

log = logging.getLogger(__name__)

_TASK = "inboxwatch.duty"
_QUEUE = "duties"
_UPKEEP = "inboxwatch upkeep"
_LOOK_SECONDS = 2.0  # for jobs whose time has come
_STOP_WITHIN_SECONDS = 6.0  # of waiting for running duties; docker kills after 10 in all
_TRY_AGAIN_SECONDS = 10.0  # after PostgreSQL was away
_NOW = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing to do again and again, or when asked (`is_standing` False).

    `do` runs in a thread and returns how long to wait before it is done again, None for not until
    it is asked for. `patience` says how long to wait after it raised so many times in a row.
    `first_after` spreads the first runs.
    """

    name: str
    do: Callable[[], timedelta | None]
    patience: Callable[[BaseException, int], timedelta]
    is_standing: bool = True
    first_after: timedelta = _NOW


class _Patience(retry.BaseRetryStrategy):
    """Asks the duty itself how long to wait."""

    def __init__(self, duties: dict[str, Duty]) -> None:
        self._duties = duties

    def get_retry_decision(
        self, *, exception: BaseException, job: jobs.Job
    ) -> retry.RetryDecision | None:
        duty = self._duties.get(str(job.task_kwargs.get("name")))
        if duty is None:
            return None
        if isinstance(exception, asyncio.CancelledError):  # this worker stops; another goes on
            return retry.RetryDecision(retry_at=datetime.now(UTC))
        wait = duty.patience(exception, job.attempts + 1)
        return retry.RetryDecision(retry_at=datetime.now(UTC) + wait)


class TaskQueue:
    """A worker on the queue. `work` blocks until SIGTERM or SIGINT.

    Args:
        dsn: where PostgreSQL is, as libpq reads it.
        at_once: how many duties are done at the same time.
        dead_after_seconds: without a sign of life, a worker's duties are taken over.
    """

    def __init__(self, dsn: str, *, at_once: int, dead_after_seconds: float = 30.0) -> None:
        self._dsn = dsn
        self._at_once = at_once
        self._dead_after = dead_after_seconds
        self._duties: dict[str, Duty] = {}
        self._running: set[int] = set()
        self._worker_ids: set[int] = set()
        self._suspects: set[tuple[int, int]] = set()  # job, attempts
        self._loop: asyncio.AbstractEventLoop | None = None
        self._counting = threading.Lock()
        self._in_threads = 0
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="duty")
        self._app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=dsn, min_size=1, max_size=4, timeout=10, configure=_in_our_schema
            )
        )
        self._task = self._app.task(
            name=_TASK, queue=_QUEUE, pass_context=True, retry=_Patience(self._duties)
        )(self._perform)

    def add(self, duties: Iterable[Duty]) -> None:
        """Say what this worker can do; every worker of a store does the same."""
        self._duties.update((duty.name, duty) for duty in duties)

    def ask(self, name: str) -> None:
        """Have a duty done soon, by any worker; called in a duty's thread.

        Raises:
            StoreError: PostgreSQL cannot be used.
        """
        if self._loop is None:
            raise StoreError("the worker does not run yet", remedy="Start it first.")
        with _mapped():
            asyncio.run_coroutine_threadsafe(self._put(name, _NOW), self._loop).result(30)

    def work(self, *, may_go_on: Callable[[], None] = lambda: None) -> None:
        """Do duties until told to stop, through times when PostgreSQL is away.

        Duties that do not end in time go back into the queue; `is_idle` then tells that their
        threads still wait for something.

        Args:
            may_go_on: asked every few seconds; raises an error other than StoreError to end it.
        """
        try:
            asyncio.run(self._work(may_go_on))
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    @property
    def is_idle(self) -> bool:
        """Whether no thread of this worker is doing a duty."""
        with self._counting:
            return not self._in_threads

    # ------------------------------------------------------------------ running

    async def _work(self, may_go_on: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, stopping.set)
        while not stopping.is_set():
            try:
                async with self._app.open_async():
                    await self._until(stopping, may_go_on)
            except (exceptions.ConnectorException, psycopg.Error, StoreError) as error:
                log.error("PostgreSQL is away (%s); trying again", type(error).__name__)
            if stopping.is_set():
                break
            try:
                await asyncio.wait_for(stopping.wait(), _TRY_AGAIN_SECONDS)
            except TimeoutError:
                continue

    async def _until(self, stopping: asyncio.Event, may_go_on: Callable[[], None]) -> None:
        """Work until told to stop or until PostgreSQL is away."""
        worker = asyncio.create_task(
            self._app.run_worker_async(
                queues=[_QUEUE],
                concurrency=self._at_once,
                fetch_job_polling_interval=_LOOK_SECONDS,
                delete_jobs="always",
                install_signal_handlers=False,
                shutdown_graceful_timeout=_STOP_WITHIN_SECONDS,
                update_heartbeat_interval=self._dead_after / 3,
                stalled_worker_timeout=self._dead_after,
            )
        )
        both = (worker, asyncio.create_task(self._look_after(may_go_on)))
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({*both, told}, return_when=asyncio.FIRST_COMPLETED)
        for task in (*both, told):
            task.cancel()
        for end in await asyncio.gather(*both, return_exceptions=True):
            if isinstance(end, Exception):
                raise end

    async def _perform(self, context: procrastinate.JobContext, *, name: str) -> None:
        """Do one duty and put its next turn into the queue, while its lock is still held."""
        duty = self._duties.get(name)
        if duty is None:
            log.warning("%s is not in this worker's configuration; dropped", name)
            return
        number = context.job.id or 0
        if context.job.worker_id is not None:
            self._worker_ids.add(context.job.worker_id)
        self._running.add(number)
        try:
            loop = asyncio.get_running_loop()
            again = await loop.run_in_executor(self._threads, self._do, duty)
            if again is not None:
                await self._put(name, again)
        finally:
            self._running.discard(number)

    def _do(self, duty: Duty) -> timedelta | None:
        with self._counting:
            self._in_threads += 1
        try:
            return duty.do()
        finally:
            with self._counting:
                self._in_threads -= 1

    async def _put(self, name: str, after: timedelta) -> None:
        """Put a duty into the queue, unless it waits there already."""
        deferrer = self._task.configure(
            lock=name, queueing_lock=name, schedule_at=datetime.now(UTC) + after
        )
        try:
            await deferrer.defer_async(name=name)
        except exceptions.AlreadyEnqueued:
            return

    # ------------------------------------------------------------------ looking after the queue

    async def _look_after(self, may_go_on: Callable[[], None]) -> None:
        """Take over what dead workers left and put in what is missing; one worker at a time."""
        claim = fence.Claim(self._dsn, _UPKEEP, shared=False)
        while True:
            await asyncio.to_thread(may_go_on)
            try:
                if await asyncio.to_thread(claim.take):
                    await self._take_over()
                    await self._fill()
            finally:
                await asyncio.to_thread(claim.release)
            await self._put_back_lost()
            await asyncio.sleep(self._dead_after / 3)

    async def _take_over(self) -> None:
        stalled = await self._app.job_manager.get_stalled_jobs(
            queue=_QUEUE, seconds_since_heartbeat=self._dead_after
        )
        for job in stalled:
            if job.worker_id in self._worker_ids and job.id in self._running:
                continue  # our own heartbeat is late; the work goes on
            log.warning("%s: its worker died; taken over", job.task_kwargs.get("name"))
            await self._put_back(job)

    async def _put_back_lost(self) -> None:
        """Put back jobs that are ours by the queue's books but that we do not do.

        That happens when PostgreSQL is away at the moment a duty ends.
        """
        doing = await self._app.job_manager.list_jobs_async(queue=_QUEUE, status="doing")
        lost = [j for j in doing if j.worker_id in self._worker_ids and j.id not in self._running]
        for job in lost:
            if (job.id or 0, job.attempts) in self._suspects:  # seen so twice
                await self._put_back(job)
        self._suspects = {(job.id or 0, job.attempts) for job in lost}

    async def _put_back(self, job: jobs.Job) -> None:
        duty = self._duties.get(str(job.task_kwargs.get("name")))
        wait = _NOW
        if duty is not None and job.attempts:  # it may be what brings workers down
            wait = duty.patience(StoreError("its worker died", remedy=""), job.attempts)
        try:
            await self._app.job_manager.retry_job(job, retry_at=datetime.now(UTC) + wait)
        except exceptions.UniqueViolation:  # its next turn waits in the queue already
            await self._app.job_manager.finish_job(job, jobs.Status.FAILED, delete_job=True)
        except exceptions.ConnectorException as error:
            log.info("%s: ended meanwhile (%s)", job.task_kwargs.get("name"), error)

    async def _fill(self) -> None:
        there = {
            str(job.task_kwargs.get("name"))
            for job in await self._app.job_manager.list_jobs_async(queue=_QUEUE)
            if job.status in ("todo", "doing")
        }
        for duty in self._duties.values():
            if duty.is_standing and duty.name not in there:
                await self._put(duty.name, duty.first_after)


async def _in_our_schema(connection: psycopg.AsyncConnection) -> None:
    await connection.execute(f"SET search_path TO {SCHEMA}".encode())
    await connection.commit()


@contextmanager
def _mapped() -> Iterator[None]:
    """Turn the library's errors into ours.

    Raises:
        StoreError: the queue cannot be used.
    """
    try:
        yield
    except (exceptions.ProcrastinateException, psycopg.Error, TimeoutError) as error:
        raise StoreError(
            f"the queue of the workers cannot be used ({type(error).__name__})",
            remedy="Check that PostgreSQL runs, then: inboxwatch migrate",
        ) from error
