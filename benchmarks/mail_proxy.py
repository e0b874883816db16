"""A proxy on loopback that makes a server seem distant, and counts what passes. No loss, no cap.

It runs in a process of its own. As on a real line, what a client sends right after connecting
arrives only when the three steps of the handshake are over.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

_PIECE = 256 * 1024


@dataclass(slots=True)
class Passed:
    """What went through. A turn is a client that speaks after it was spoken to."""

    up: int = 0
    down: int = 0
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Distant:
    """A running proxy."""

    port: int
    _ask: Connection

    def passed(self) -> Passed:
        """Return what passed since the last time this was asked."""
        time.sleep(0.2)  # what a client says while leaving is still on its way
        self._ask.send("passed")
        found: Passed = self._ask.recv()
        return found


@contextmanager
def distant(target: int, *, rtt: float) -> Iterator[Distant]:
    """Run a proxy to a loopback port; `rtt` in seconds."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_run, args=(target, rtt, theirs), daemon=True)
    process.start()
    try:
        yield Distant(mine.recv(), mine)
    finally:
        process.terminate()
        process.join()


def _run(target: int, rtt: float, ask: Connection) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(target, rtt, ask))


async def _serve(target: int, rtt: float, ask: Connection) -> None:
    passed = Passed()

    def tell() -> None:
        ask.recv()
        ask.send(replace(passed))
        passed.up = passed.down = passed.turns = 0

    async def serve(near: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        arrives = time.perf_counter() + 1.5 * rtt
        _at_once(client)
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        waited = True  # the next thing that the client says begins a turn

        async def listen() -> None:
            nonlocal waited
            while said := await _read(near):
                passed.up += len(said)
                passed.turns += waited
                waited = False
                queue.put_nowait((max(time.perf_counter() + rtt / 2, arrives), said))
            queue.put_nowait((time.perf_counter() + rtt / 2, b""))

        listening = asyncio.create_task(listen())
        await asyncio.sleep(1.5 * rtt)
        far, server = await asyncio.open_connection("127.0.0.1", target, limit=_PIECE)
        _at_once(server)
        answers: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def hear() -> None:
            while said := await _read(far):
                passed.down += len(said)
                answers.put_nowait((time.perf_counter() + rtt / 2, said))
            answers.put_nowait((time.perf_counter() + rtt / 2, b""))

        async def deliver() -> None:
            nonlocal waited
            while said := await _due(answers):
                waited = True
                await _write(client, said)
            client.close()

        hearing, delivering = asyncio.create_task(hear()), asyncio.create_task(deliver())
        while said := await _due(queue):
            await _write(server, said)
        server.close()
        await asyncio.gather(listening, hearing, delivering, return_exceptions=True)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=_PIECE)
    asyncio.get_running_loop().add_reader(ask.fileno(), tell)
    ask.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _due(queue: asyncio.Queue[tuple[float, bytes]]) -> bytes:
    at, said = await queue.get()
    if (left := at - time.perf_counter()) > 0:
        await asyncio.sleep(left)
    return said


async def _read(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.read(_PIECE)
    except OSError:
        return b""


async def _write(stream: asyncio.StreamWriter, said: bytes) -> None:
    with contextlib.suppress(OSError):
        stream.write(said)
        await stream.drain()


def _at_once(stream: asyncio.StreamWriter) -> None:
    stream.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
