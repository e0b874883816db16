"""A relay on loopback between clients and a server, for proxies that count or spoil what passes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar


@dataclass
class Relay:
    """Passes on what each side says, to the letter; a proxy says otherwise in `up` or `down`."""

    target: int
    port: int = 0
    connections: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    def up(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what one client says."""
        while said := client.recv(65536):
            server.sendall(said)

    def down(self, server: socket.socket, client: socket.socket) -> None:
        """Pass on what the server says to one client; hang up on both at the end."""
        while said := server.recv(65536):
            client.sendall(said)

    def hang_up(self) -> None:
        """End every connection."""
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # until the listener is closed
            while True:
                client, _ = listener.accept()
                self.connections += 1
                server = socket.create_connection(("127.0.0.1", self.target))
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open += [client, server]
                for way in (self._up, self._down):
                    threading.Thread(target=way, args=(client, server), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self.up(client, server)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _down(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self.down(server, client)
        for end in (client, server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


R = TypeVar("R", bound=Relay)


@contextmanager
def running(relay: R) -> Iterator[R]:
    """Run a relay on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay.port = listener.getsockname()[1]
        accepting = threading.Thread(target=relay._serve, args=(listener,), daemon=True)
        accepting.start()
        try:
            yield relay
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(5)
            relay.hang_up()
