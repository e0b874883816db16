"""A proxy on loopback between a client and a server: counts, delays nothing, breaks on demand."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.servers.relay import Relay, running

Rewrite = Callable[[bytes], bytes]


@dataclass
class Proxy(Relay):
    """What went through, and what to do with it.

    `cut_after` counts the bytes of one connection from the server; behind them it hangs up.
    """

    cut_after: int | None = None
    cuts_left: int = 1
    rewrite: Rewrite | None = None
    turns: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    commands: bytearray = field(default_factory=bytearray)

    def reset(self) -> None:
        """Count from nothing."""
        self.turns = self.bytes_up = self.bytes_down = 0
        self.commands.clear()

    def up(self, client: socket.socket, server: socket.socket) -> None:
        """Count what the client says."""
        while said := client.recv(65536):
            self.turns += 1
            self.bytes_up += len(said)
            self.commands += said
            server.sendall(said)

    def down(self, server: socket.socket, client: socket.socket) -> None:
        """Count what the server says; rewrite it, or cut it off, as told."""
        sent = 0
        rest = b""
        while said := server.recv(65536):
            if self.rewrite is not None:
                lines, _, rest = (rest + said).rpartition(b"\n")
                said = self.rewrite(lines + b"\n") if lines else b""
            if self.cut_after is not None and self.cuts_left:
                said = said[: max(self.cut_after - sent, 0)]
                if sent + len(said) >= self.cut_after:
                    self.cuts_left -= 1
                    client.sendall(said)
                    return
            sent += len(said)
            self.bytes_down += len(said)
            client.sendall(said)


def proxied(target: int) -> AbstractContextManager[Proxy]:
    """Run a proxy to a port on this machine."""
    return running(Proxy(target=target))
