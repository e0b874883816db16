"""POSTs in general: what a status and a fault mean, and the ping that tells of each cycle."""

import ssl
from collections.abc import Callable

import httpx
import pytest

from inboxwatch.adapters.notify import http
from inboxwatch.adapters.notify.ping import DeadManPing
from inboxwatch.domain.errors import NotifierError
from tests.builders_reminders import AS_OF
from tests.servers.http import Answer, HttpServer

CONTEXT = ssl.create_default_context()


def _fault_of(call: Callable[[], object]) -> NotifierError:
    with pytest.raises(NotifierError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 01 Jun 2026 08:05:00 GMT", 300.0),
        ("Mon, 01 Jun 2026 07:00:00 GMT", 0.0),
        ("Mon, 01 Jun 2026 08:05:00 -0000", None),  # a date without a zone
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("9" * 400, 999_999_999.0),
        (None, None),
    ],
)
def test_the_servers_wish_is_read(header: str | None, seconds: float | None) -> None:
    reply = http.Reply(status=429, retry_after=header)

    fault = _fault_of(lambda: http.check_status("hook", reply, at=AS_OF))

    assert fault.retry_after_seconds == seconds


def _classes(base: type[Exception]) -> list[type[Exception]]:
    return [base, *(c for sub in base.__subclasses__() for c in _classes(sub))]


@pytest.mark.parametrize(
    "fault",
    [
        *_classes(httpx.HTTPError),
        *_classes(httpx.StreamError),
        httpx.InvalidURL,
        OSError,
        UnicodeError,
    ],
    ids=lambda c: c.__name__,
)
def test_every_exception_of_the_library_is_mapped(fault: type[Exception]) -> None:
    made = fault.__new__(fault)
    made.args = ("https://hooks.example.org/CANARY",)

    with pytest.raises(NotifierError) as caught, http._errors("hook"):
        raise made

    assert not caught.value.permanent
    assert "CANARY" not in str(caught.value)
    assert fault.__name__ in str(caught.value)


def test_a_ping_tells_of_good_and_bad_cycles(http_server: HttpServer) -> None:
    ping = DeadManPing(url=f"{http_server.url}/ping/some-uuid?x=1", context=CONTEXT)

    ping.good()
    ping.failed()

    good, bad = http_server.wait_for(2)
    assert (good.method, good.path, good.body) == ("POST", "/ping/some-uuid?x=1", b"")
    assert bad.path == "/ping/some-uuid/fail?x=1"


def test_a_ping_that_is_not_heard_says_so_without_its_address(http_server: HttpServer) -> None:
    http_server.will_answer(Answer(status=404))
    ping = DeadManPing(url=f"{http_server.url}/CANARY", context=CONTEXT)

    fault = _fault_of(ping.good)

    assert "CANARY" not in str(fault)
    with pytest.raises(NotifierError):
        DeadManPing(url="http://ping.example.org/x", context=CONTEXT)
