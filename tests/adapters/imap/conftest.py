"""An account on a real Dovecot, with mail put into it and a source that reads it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from inboxwatch.adapters.imap import Credentials, Endpoint, ImapSource
from inboxwatch.adapters.mime import HEADER_FIELDS, MimeReader
from inboxwatch.domain.bodies import Watch
from tests.adapters.imap.shelf import Shelf
from tests.builders import COUNCIL, ME, WATCH
from tests.servers.dovecot import DovecotServer, User


def a_mail(
    name: str,
    *,
    sender: str = COUNCIL,
    to: str = ME,
    subject: str = "Your enquiry",
    headers: str = "",
    body: str = "",
) -> bytes:
    """A whole message whose id is `<name@mail.example.org>`."""
    lines = [
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Message-ID: <{name}@mail.example.org>",
        "Date: Mon, 02 Nov 2026 10:00:00 +0000",
        *([headers] if headers else []),
        *([] if "Content-Type" in headers else ["Content-Type: text/plain; charset=utf-8"]),
        "",
        body or f"Words of {name}.",
        "",
    ]
    return "\r\n".join(lines).encode()


def id_of(name: str) -> str:
    return f"{name}@mail.example.org"


def a_source(endpoint: Endpoint, **changes: Any) -> ImapSource:
    """A source with the real reader."""
    return ImapSource(
        account=changes.pop("account", "home"),
        endpoint=endpoint,
        reader=MimeReader(now=lambda: datetime.now(UTC)),
        header_fields=HEADER_FIELDS,
        **changes,
    )


def plainly(port: int, username: str, password: str = "secret") -> Endpoint:
    """Where a server on this machine is, without encryption."""
    return Endpoint(
        host="127.0.0.1",
        port=port,
        security="plain",
        username=username,
        credentials=lambda: Credentials(secret=password),
        ssl_context=None,
    )


@dataclass
class Home:
    """Somebody's account on the server."""

    server: DovecotServer
    user: User
    shelf: Shelf
    _closing: ExitStack = field(default_factory=ExitStack)

    def put(self, name: str, *, folder: str = "INBOX", **parts: Any) -> None:
        at = parts.pop("at", None)
        self.server.append(self.user, a_mail(name, **parts), folder=folder, at=at)

    def put_sent(self, name: str, *, to: str = COUNCIL, **parts: Any) -> None:
        self.put(name, folder="Sent", sender=ME, to=to, **parts)

    def put_all(self, mails: Iterable[bytes], *, folder: str = "INBOX") -> None:
        self.server.append_all(self.user, [(mail, None) for mail in mails], folder=folder)

    def source(self, *, port: int | None = None, **changes: Any) -> ImapSource:
        """A source on the plain port, or on a proxy's; closed after the test."""
        endpoint = changes.pop("endpoint", None) or plainly(
            port or self.server.port, self.user.name, self.user.password
        )
        source = a_source(endpoint, **changes)
        self._closing.callback(source.close)
        return source


@pytest.fixture
def start_home() -> Iterator[Callable[..., Home]]:
    """Makes homes on a server."""
    with ExitStack() as closing:

        def start(server: DovecotServer, watch: Watch = WATCH) -> Home:
            home = Home(server=server, user=server.new_user(), shelf=Shelf(watch))
            closing.enter_context(home._closing)
            server.create_folder(home.user, "Sent")
            return home

        yield start


@pytest.fixture
def home(dovecot: DovecotServer, start_home: Callable[..., Home]) -> Home:
    """An account with an empty INBOX and Sent."""
    return start_home(dovecot)
