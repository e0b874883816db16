"""Webhooks over real HTTP: signed, named by the reminder key, tried again only where it helps."""

import base64
import json
import logging
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from inboxwatch.adapters.notify.webhook import WebhookNotifier
from inboxwatch.application.digest import event_id
from inboxwatch.application.payload import write_event
from inboxwatch.application.records import Delivery
from inboxwatch.domain.bodies import is_within
from inboxwatch.domain.errors import NotifierError
from inboxwatch.domain.reminders import Reminder
from tests.builders_reminders import AS_OF, a_digest, a_reminder
from tests.servers.certificates import Certificates
from tests.servers.http import Answer, HttpServer

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
CONTEXT = ssl.create_default_context()


def is_councils(address: str) -> bool:
    return is_within(address.rpartition("@")[2], "kent.gov.uk")


def _notifier(url: str, **options: Any) -> WebhookNotifier:
    arguments: dict[str, Any] = {
        "name": "hook",
        "url": url,
        "secret": lambda: SECRET,
        "context": CONTEXT,
        "now": lambda: datetime.now(UTC),
        "forbidden": is_councils,
        "timeout_seconds": 5,
    }
    return WebhookNotifier(**(arguments | options))


def _event(reminder: Reminder | None = None) -> Delivery:
    reminder = reminder or a_reminder()
    return Delivery(
        id=event_id("hook", "me", reminder.key),
        person="me",
        target="hook",
        type="thread.overdue",
        payload=write_event(reminder, person="me", as_of=AS_OF, at=AS_OF),
        created_at=AS_OF,
    )


def _fault_of(call: Callable[[], object]) -> NotifierError:
    with pytest.raises(NotifierError) as caught:
        call()
    return caught.value


def test_an_event_arrives_signed_and_named_by_its_key(http_server: HttpServer) -> None:
    event = _event()
    _notifier(f"{http_server.url}/in").send(event)

    (request,) = http_server.wait_for(1)
    assert (request.method, request.path) == ("POST", "/in")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == str(a_reminder().key)
    assert Webhook(SECRET).verify(request.body, dict(request.headers)) == json.loads(event.payload)


def test_a_changed_body_or_id_does_not_verify(http_server: HttpServer) -> None:
    _notifier(http_server.url).send(_event())
    request = http_server.wait_for(1)[0]
    receiver = Webhook(SECRET)

    with pytest.raises(WebhookVerificationError):
        receiver.verify(request.body + b" ", dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        receiver.verify(request.body, dict(request.headers) | {"webhook-id": "another"})


def test_a_repeat_has_the_same_id_and_body(http_server: HttpServer) -> None:
    for _ in range(2):
        _notifier(http_server.url).send(_event())

    first, second = http_server.wait_for(2)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_an_id_that_no_header_can_carry_is_encoded(http_server: HttpServer) -> None:
    """A message id may hold anything; the receiver still sees one stable, verifiable id."""
    odd = _event(a_reminder("ü\r\nX: 1 %\udcff"))
    _notifier(http_server.url).send(odd)

    (request,) = http_server.wait_for(1)
    assert "|%C3%BC%0D%0AX:%201%20%25" in request.headers["webhook-id"]
    assert "x" not in request.headers
    Webhook(SECRET).verify(request.body, dict(request.headers))


@pytest.mark.parametrize("padding", ["", "=", "=="])
def test_the_secret_may_be_written_without_padding(http_server: HttpServer, padding: str) -> None:
    secret = SECRET.rstrip("=") + padding
    _notifier(http_server.url, secret=lambda: f"{secret}\n").send(_event())

    (request,) = http_server.wait_for(1)
    Webhook(SECRET).verify(request.body, dict(request.headers))


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "plain words", SECRET.removeprefix("whsec_"), "whsec_c2hvcnQ=", f"{SECRET}!x"],
)
def test_a_weak_or_mistyped_secret_is_refused_unsaid(http_server: HttpServer, secret: str) -> None:
    """The library would sign with whatever part of it happens to be base64."""
    fault = _fault_of(lambda: _notifier(http_server.url, secret=lambda: secret).send(_event()))

    assert (fault.permanent, fault.disables_target) == (True, True)
    assert not secret or secret == "whsec_" or secret not in str(fault) + fault.remedy
    assert http_server.requests == ()
    assert ("is missing" in str(fault)) is (secret == "")
    assert "secret_file" in fault.remedy


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_a_passing_refusal_is_tried_again(http_server: HttpServer, status: int) -> None:
    http_server.will_answer(Answer(status=status))

    fault = _fault_of(lambda: _notifier(http_server.url).send(_event()))

    assert not fault.permanent
    assert not fault.disables_target
    assert str(status) in str(fault)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 410, 413, 422])
def test_any_other_refusal_disables_the_target(http_server: HttpServer, status: int) -> None:
    http_server.will_answer(Answer(status=status, headers={"Location": f"{http_server.url}/b"}))

    fault = _fault_of(lambda: _notifier(http_server.url).send(_event()))

    assert (fault.permanent, fault.disables_target) == (True, True)
    assert "nothing more is sent there" in str(fault)
    assert len(http_server.requests) == 1  # a redirect is not followed


def test_the_servers_wish_arrives_with_the_fault(http_server: HttpServer) -> None:
    http_server.will_answer(Answer(status=429, headers={"Retry-After": "77"}))

    assert _fault_of(lambda: _notifier(http_server.url).send(_event())).retry_after_seconds == 77


@pytest.mark.parametrize("answer", [Answer(hang_up=True), Answer(seconds=3)])
def test_a_lost_answer_is_tried_again_and_may_have_arrived(
    http_server: HttpServer, answer: Answer
) -> None:
    http_server.will_answer(answer)

    fault = _fault_of(lambda: _notifier(http_server.url, timeout_seconds=1).send(_event()))

    assert not fault.permanent
    assert fault.may_have_arrived


def test_an_endless_answer_is_not_listened_to(http_server: HttpServer) -> None:
    http_server.will_answer(Answer(status=200, body=b"x" * 10_000_000))

    _notifier(http_server.url).send(_event())

    assert len(http_server.requests) == 1


def test_nobody_listening_is_a_passing_fault() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

        fault = _fault_of(lambda: _notifier(url).send(_event()))

    assert not fault.permanent
    assert not fault.may_have_arrived


def test_https_is_verified(https_server: HttpServer, certificates: Certificates) -> None:
    fault = _fault_of(lambda: _notifier(https_server.url).send(_event()))
    assert not fault.permanent
    assert https_server.requests == ()

    _notifier(https_server.url, context=certificates.client_context()).send(_event())
    assert len(https_server.wait_for(1)) == 1


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.org/x", "ftp://127.0.0.1/", "hooks.example.org", "", "https://",
     "https://[::1", "http://127.0.0.1.example.org/"],
)  # fmt: skip
def test_only_https_leaves_the_machine(url: str) -> None:
    fault = _fault_of(lambda: _notifier(url))

    assert fault.permanent
    assert "example.org" not in str(fault)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "127.9.9.9", "[::1]:8080", "localhost"])
def test_plain_http_is_for_this_machine(host: str) -> None:
    assert _notifier(f"http://{host}/in").name == "hook"


@pytest.mark.parametrize(
    "url", ["https://www.kent.gov.uk/form", "https://hooks.example.org/?to=send%40kent.gov.uk"]
)
def test_a_council_is_never_written_to(url: str) -> None:
    assert "watched body" in str(_fault_of(lambda: _notifier(url)))


def test_it_takes_what_it_was_set_up_for() -> None:
    notifier = _notifier("https://hooks.example.org", events=("digest",))

    assert notifier.accepts("digest")
    assert not notifier.accepts("thread.overdue")
    assert _notifier("https://hooks.example.org").accepts("thread.answered")


def test_a_digest_may_go_there_too(http_server: HttpServer) -> None:
    digest = a_digest(a_reminder())
    _notifier(http_server.url, events=("digest",)).send(digest)

    (request,) = http_server.wait_for(1)
    assert request.headers["webhook-id"] == digest.id
    assert json.loads(request.body)["type"] == "digest"


def test_no_log_and_no_error_holds_secret_address_or_subject(
    http_server: HttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = base64.b64encode(b"CANARY" * 5).decode()
    notifier = _notifier(f"{http_server.url}/CANARY-token", secret=lambda: f"whsec_{key}")
    event = _event(a_reminder(subject="CANARY-subject"))
    http_server.will_answer(Answer(), Answer(status=404), Answer(hang_up=True))

    notifier.send(event)
    faults = [_fault_of(lambda: notifier.send(event)) for _ in range(2)]

    said = caplog.text + "".join(f"{fault} {fault.remedy}" for fault in faults)
    assert "CANARY" not in said
    assert key not in said
    assert all(fault.__cause__ is None for fault in faults)
