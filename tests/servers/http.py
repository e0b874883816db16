"""An HTTP receiver on loopback that records requests and answers as it was told."""

import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

from tests.servers.certificates import Certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that arrived; header names are in lower case."""

    method: str
    path: str  # with the query
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> object:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How to answer one request.

    Attributes:
        seconds: wait first.
        hang_up: close the connection instead; with `body`, after the first half of it.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    seconds: float = 0
    hang_up: bool = False


class HttpServer:
    """Listens on 127.0.0.1; answers from a script, and 200 when the script is over."""

    def __init__(self, *, certificates: Certificates | None = None) -> None:
        """With `certificates` it speaks HTTPS."""
        self._requests: list[Request] = []
        self._answers: deque[Answer] = deque()
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._scheme = "https" if certificates else "http"
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        if certificates:
            self._server.socket = certificates.server_context().wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="http-server", daemon=True
        )

    @property
    def url(self) -> str:
        """Without a slash at its end."""
        return f"{self._scheme}://localhost:{self._server.server_port}"

    @property
    def requests(self) -> tuple[Request, ...]:
        """All that have arrived so far, in order."""
        with self._changed:
            return tuple(self._requests)

    def wait_for(self, count: int, *, seconds: float = 10) -> tuple[Request, ...]:
        """Return when `count` requests are there; fail when they are not in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._requests) >= count, seconds):
                raise AssertionError(f"{len(self._requests)} of {count} requests came in time")
            return tuple(self._requests)

    def will_answer(self, *answers: Answer) -> None:
        """Answer the next requests so, each once and in order."""
        with self._changed:
            self._answers.extend(answers)

    def start(self) -> None:
        """Listen in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop waiting in delayed answers, close the port, end the thread."""
        self._stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(10)
        self._server.server_close()

    def take(self, request: Request) -> Answer:
        """Record a request; gives its answer after the answer's wait."""
        with self._changed:
            self._requests.append(request)
            answer = self._answers.popleft() if self._answers else Answer()
            self._changed.notify_all()
        self._stopping.wait(answer.seconds)
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent when a client goes away early; some tests are about just that."""


def _handler_of(owner: HttpServer) -> type[BaseHTTPRequestHandler]:
    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def __getattr__(self, name: str) -> object:
            if name.startswith("do_"):  # every method is taken
                return self._receive
            raise AttributeError(name)

        def _receive(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            answer = owner.take(
                Request(
                    method=self.command,
                    path=self.path,
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=self.rfile.read(length),
                )
            )
            self.close_connection = True  # no idle connection outlives its test
            if answer.hang_up and not answer.body:
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            half = len(answer.body) // 2
            self.wfile.write(answer.body[:half] if answer.hang_up else answer.body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing; the requests are recorded."""

    return Receiver
