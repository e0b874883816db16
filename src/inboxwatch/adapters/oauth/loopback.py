"""Take a browser's way back from a sign-in page: at a loopback address, or pasted (RFC 8252)."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>inboxwatch</title>
<body style="font-family:sans-serif;max-width:32em;margin:3em auto"><p>{}</p></body></html>"""
_DONE = "Thank you. You can close this page and go back to inboxwatch."
_ODD = "This page does not belong to the sign-in that inboxwatch is waiting for."


class Listener:
    """Listens on 127.0.0.1 at a free port for one redirect with the right state.

    Its own front page leads on to the provider's, so that a person opens a short address.
    """

    def __init__(self, state: str) -> None:
        self._state = state
        self._target = ""
        self._answer: Mapping[str, str] | None = None
        self._came = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _receiver(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sign-in", daemon=True
        )

    @property
    def address(self) -> str:
        """Where it listens: the redirect URI, and the short address to open."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def lead_to(self, target: str) -> None:
        """Send who opens the address on to this page."""
        self._target = target

    def wait(self, seconds: float) -> Mapping[str, str] | None:
        """Return the redirect's parameters, or None when none came in time."""
        self._came.wait(seconds)
        return self._answer

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def take(self, path: str, host: str) -> tuple[int, str, str]:
        """Answer one visit: status, text for people, address to go on to."""
        own_hosts = {f"{name}:{self._server.server_port}" for name in ("127.0.0.1", "localhost")}
        if host not in own_hosts or urlsplit(path).path not in ("", "/"):
            return 404, _ODD, ""
        answer = parameters(path)
        if not answer:
            return (302, "", self._target) if self._target else (404, _ODD, "")
        if not is_ours(answer, self._state):
            return 400, _ODD, ""
        self._answer = answer
        self._came.set()
        return 200, _DONE, ""


def parameters(url: str) -> dict[str, str]:
    """Return what a redirect carries: `code` or `error`, and `state`; empty when neither."""
    try:
        query = parse_qs(urlsplit(url.strip()).query, max_num_fields=50)
    except ValueError:
        return {}
    found = {name: values[0] for name, values in query.items()}
    return found if "code" in found or "error" in found else {}


def is_ours(answer: Mapping[str, str], state: str) -> bool:
    """Tell whether a redirect answers the sign-in that was begun here (RFC 6749 section 10.12)."""
    return hmac.compare_digest(answer.get("state", "").encode(), state.encode())


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent when a browser goes away early."""


def _receiver(owner: Listener) -> type[BaseHTTPRequestHandler]:
    class Receiver(BaseHTTPRequestHandler):
        timeout = 10  # browsers open connections ahead and leave them idle

        def do_GET(self) -> None:
            """Take one visit."""
            status, text, onward = owner.take(self.path, self.headers.get("Host", ""))
            body = _PAGE.format(text).encode()
            self.send_response(status)
            if onward:
                self.send_header("Location", onward)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing: the path holds the code."""

    return Receiver
