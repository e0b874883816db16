"""A proxy on loopback between a client and a server: counts, delays nothing, breaks on demand."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Rewrite = Callable[[bytes], bytes]


@dataclass
class Proxy:
    """What went through, and what to do with it.

    `cut_after` counts the bytes of one connection from the server; behind them it hangs up.
    """

    target: int
    port: int = 0
    cut_after: int | None = None
    cuts_left: int = 1
    rewrite: Rewrite | None = None
    connections: int = 0
    turns: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    commands: bytearray = field(default_factory=bytearray)
    _open: list[socket.socket] = field(default_factory=list)

    def reset(self) -> None:
        """Count from nothing."""
        self.turns = self.bytes_up = self.bytes_down = 0
        self.commands.clear()

    def hang_up(self) -> None:
        """End every connection."""
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self.target))
            self._open += [client, server]
            threading.Thread(target=self._up, args=(client, server), daemon=True).start()
            threading.Thread(target=self._down, args=(client, server), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := client.recv(65536):
                self.turns += 1
                self.bytes_up += len(said)
                self.commands += said
                server.sendall(said)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _down(self, client: socket.socket, server: socket.socket) -> None:
        sent = 0
        rest = b""
        with contextlib.suppress(OSError):
            while said := server.recv(65536):
                if self.rewrite is not None:
                    lines, _, rest = (rest + said).rpartition(b"\n")
                    said = self.rewrite(lines + b"\n") if lines else b""
                if self.cut_after is not None and self.cuts_left:
                    said = said[: max(self.cut_after - sent, 0)]
                    if sent + len(said) >= self.cut_after:
                        self.cuts_left -= 1
                        client.sendall(said)
                        break
                sent += len(said)
                self.bytes_down += len(said)
                client.sendall(said)
        for end in (client, server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(target: int) -> Iterator[Proxy]:
    """Run a proxy to a port on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(target=target, port=listener.getsockname()[1])
        accepting = threading.Thread(target=proxy._serve, args=(listener,), daemon=True)
        accepting.start()
        try:
            yield proxy
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(5)
            proxy.hang_up()
            for end in proxy._open:
                end.close()
