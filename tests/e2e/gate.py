"""A gate before a mail server: counts who is inside at once, and can hold or refuse everybody."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Gate:
    """One listening port on loopback for one account. Close it when done.

    Attributes:
        open: cleared, it holds what either side says.
        lets_through: how often a client is let through all the same, with the server's answers.
            The first two times it agrees on TLS, for which it waits less long than for an answer.
        said_at: when clients said something, on the monotonic clock.
    """

    to_port: int
    open: threading.Event = field(default_factory=threading.Event)
    lets_through: int = 0
    refuses: bool = False
    visits: int = 0
    inside: int = 0
    most_inside: int = 0
    said_at: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _listener: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.open.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where to connect."""
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        """Take nobody any more."""
        self.open.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._lock:
            self.visits += 1
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        try:
            with client:
                if self.refuses:
                    return
                with socket.create_connection(("127.0.0.1", self.to_port)) as server:
                    left = [self.lets_through]
                    back = threading.Thread(
                        target=self._copy, args=(server, client, left, 0), daemon=True
                    )
                    back.start()
                    self._copy(client, server, left, 1)
                    back.join(60)
        finally:
            with self._lock:
                self.inside -= 1

    def _copy(
        self, source: socket.socket, target: socket.socket, left: list[int], cost: int
    ) -> None:
        """Pass on what one side says; `left` counts down what the client may yet say."""
        try:
            while block := source.recv(65536):
                if cost:
                    self.said_at.append(time.monotonic())
                if cost and left[0] > 0:
                    left[0] -= cost
                elif cost or not self.lets_through:
                    self.open.wait(60)
                target.sendall(block)
        except OSError:
            pass
        finally:
            for end in (source, target):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
