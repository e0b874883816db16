"""A notifier for tests, on a server of theirs; shared by the tests of sending and of its faults."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from inboxwatch.adapters.notify.smtp import Security, SmtpNotifier
from inboxwatch.domain.bodies import is_within
from inboxwatch.domain.errors import NotifierError
from tests.servers.smtp import SmtpServer

SECRET = b"the store's own"
NOW = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)
StartSmtp = Callable[..., SmtpServer]


def is_councils(address: str) -> bool:
    return is_within(address.rpartition("@")[2], "kent.gov.uk")


def notifier_for(server: SmtpServer, **options: Any) -> SmtpNotifier:
    arguments: dict[str, Any] = {
        "name": "home",
        "host": "localhost",
        "port": server.port,
        "sender": "parent@example.org",
        "recipients": ("parent@example.org", "partner@example.org"),
        "secret": lambda: SECRET,
        "forbidden": is_councils,
        "context": ssl.create_default_context(),
        "now": lambda: NOW,
        "security": Security.NONE,
        "timeout_seconds": 5,
    }
    return SmtpNotifier(**(arguments | options))


def fault_of(call: Callable[[], object]) -> NotifierError:
    with pytest.raises(NotifierError) as caught:
        call()
    return caught.value
