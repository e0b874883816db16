"""The page on a port: refuses to be open to others without a password; starts and stops."""

from __future__ import annotations

import ipaddress
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from inboxwatch.domain.errors import ConfigError
from inboxwatch.entrypoints.web.app import create_app
from inboxwatch.entrypoints.web.users import Users, load_users

if TYPE_CHECKING:
    from inboxwatch.bootstrap.known import Known

log = logging.getLogger(__name__)

_START_WITHIN_SECONDS = 15
_STOP_WITHIN_SECONDS = 5


class PageServer:
    """The page, answered by a thread of its own until it is closed.

    Raises:
        ConfigError: others could reach it and nobody has to sign in, or a password is unusable.
    """

    def __init__(
        self,
        known: Known,
        *,
        host: str | None = None,
        port: int | None = None,
        users: Users | None = None,
        health: Callable[[], dict[str, object]] | None = None,
    ) -> None:
        page = known.settings.page
        self.host = host or page.host
        self._wanted = page.port if port is None else port
        if users is None:
            users = load_users(page, known.data_folder)
        require_password(self.host, users)
        if not is_loopback(self.host) and not page.trusted_proxies:
            log.warning(
                "the page at %s speaks plain HTTP, which others in the network can read;"
                " put a TLS proxy before it",
                self.host,
            )
        proxies = list(page.trusted_proxies)
        self._server = uvicorn.Server(
            uvicorn.Config(
                create_app(known, users=users, health=health),
                host=self.host,
                port=self._wanted,
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=proxies,
                timeout_graceful_shutdown=_STOP_WITHIN_SECONDS,
                limit_concurrency=100,
                ws="none",
            )
        )
        self._thread = threading.Thread(target=self._run, name="page", daemon=True)
        self._ended = threading.Event()

    def _run(self) -> None:
        try:
            self._server.run()
        except SystemExit:  # uvicorn's way to say that the port is taken
            log.debug("the page's server ended early")
        finally:
            self._ended.set()

    def start(self) -> None:
        """Listen.

        Raises:
            ConfigError: the address or port cannot be used.
        """
        self._thread.start()
        waited = 0.0
        while not self._server.started:
            if self._ended.wait(0.05) or waited > _START_WITHIN_SECONDS:
                raise ConfigError(
                    f"the page cannot listen at {self.host} port {self._wanted}",
                    remedy="Another program may be using it: choose another with page.port.",
                )
            waited += 0.05

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    @property
    def address(self) -> str:
        """Where to point a browser."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{shown}:{self.port}/"

    def wait(self, seconds: float) -> bool:
        """Wait for the end; tell whether it came."""
        return self._ended.wait(seconds)

    def close(self) -> None:
        """Stop answering."""
        self._server.should_exit = True
        self._thread.join(_STOP_WITHIN_SECONDS + 5)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine itself reaches an address."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_password(host: str, users: Users) -> None:
    """Refuse to show mail to a network without a password.

    Raises:
        ConfigError: nobody has to sign in, and others could reach it.
    """
    if users.is_open and not is_loopback(host):
        raise ConfigError(
            f"the page would be open to everyone who reaches {host}",
            remedy="Set a password first: inboxwatch serve --set-password NAME"
            ' (or keep page.host = "127.0.0.1").',
        )
