"""A gate before a mail server: counts who is inside at once, and can hold or refuse everybody."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Gate:
    """One listening port on loopback for one account. Close it when done."""

    to_port: int
    open: threading.Event = field(default_factory=threading.Event)
    refuses: bool = False
    visits: int = 0
    inside: int = 0
    most_inside: int = 0
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
                    back = threading.Thread(target=self._copy, args=(server, client), daemon=True)
                    back.start()
                    self._copy(client, server)
                    back.join(60)
        finally:
            with self._lock:
                self.inside -= 1

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while block := source.recv(65536):
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
