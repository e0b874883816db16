"""How the service does, for monitors: a file, and `/health` on loopback. Nothing about mail."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

log = logging.getLogger(__name__)


class HealthServer:
    """Serves GET /health on 127.0.0.1 until closed; 200 when well, 503 otherwise."""

    def __init__(self, port: int, health: Callable[[], dict[str, object]]) -> None:
        class Handler(BaseHTTPRequestHandler):
            server_version = "inboxwatch"
            sys_version = ""

            def do_GET(self) -> None:
                value = health()
                known = self.path.split("?")[0] == "/health"
                status = 404 if not known else (200 if value.get("status") == "ok" else 503)
                body = json.dumps(value if known else {"status": "not found"}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Log nothing: a monitor asks every minute."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        log.warning("the health file %s could not be written", path)
