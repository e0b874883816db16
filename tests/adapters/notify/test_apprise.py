"""Other channels through Apprise, against a real HTTP server on loopback."""

import logging
import sys
import warnings
from collections.abc import Callable
from typing import Any

import apprise
import pytest

from inboxwatch.adapters.notify.apprise import AppriseNotifier
from inboxwatch.domain.bodies import is_within
from inboxwatch.domain.errors import NotifierError
from tests.builders_reminders import a_digest, a_reminder
from tests.servers.http import Answer, HttpServer


def is_councils(address: str) -> bool:
    return is_within(address.rpartition("@")[2], "kent.gov.uk")


def _notifier(url: str, **options: Any) -> AppriseNotifier:
    arguments: dict[str, Any] = {"name": "phone", "url": lambda: url, "forbidden": is_councils}
    return AppriseNotifier(**(arguments | options))


def _url(server: HttpServer) -> str:
    return server.url.replace("http://", "json://") + "/CANARY-token"


def _fault_of(call: Callable[[], object]) -> NotifierError:
    with pytest.raises(NotifierError) as caught:
        call()
    return caught.value


def test_a_digest_arrives_short_and_without_a_remote_picture(http_server: HttpServer) -> None:
    reminders = [a_reminder(str(number)) for number in range(20)]
    _notifier(_url(http_server)).send(a_digest(*reminders))

    (request,) = http_server.wait_for(1)
    told = request.json
    assert isinstance(told, dict)
    assert told["title"] == "Ask for a reply: “Question 0” and 19 more"
    assert "1. Send a short, friendly note" in told["message"]
    assert len(told["message"]) <= 1502
    assert told["message"].endswith("…")
    assert b"github" not in request.body


def test_a_refusal_is_tried_again_later(http_server: HttpServer) -> None:
    http_server.will_answer(Answer(status=500))

    fault = _fault_of(lambda: _notifier(_url(http_server)).send(a_digest(a_reminder())))

    assert not fault.permanent
    assert fault.may_have_arrived


def test_an_address_apprise_does_not_know_is_a_lasting_fault() -> None:
    fault = _fault_of(lambda: _notifier("nonsense://CANARY").send(a_digest(a_reminder())))

    assert (fault.permanent, fault.disables_target) == (True, True)
    assert "CANARY" not in str(fault) + fault.remedy


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    fault = _fault_of(lambda: _notifier("json://localhost").send(a_digest(a_reminder())))

    assert "inboxwatch[channels]" in fault.remedy


@pytest.mark.parametrize(
    "url",
    [
        "mailto://me:secret@example.org?to=send@kent.gov.uk",
        "mailtos://someone:secret@kent.gov.uk",
        "mailto://me:secret@example.org/send%40kent.gov.uk",
        "json://www.kent.gov.uk/in",
    ],
)
def test_a_council_is_never_written_to(url: str) -> None:
    fault = _fault_of(lambda: _notifier(url).send(a_digest(a_reminder())))

    assert "watched body" in str(fault)


def test_no_log_holds_token_or_text(
    http_server: HttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    http_server.will_answer(Answer(), Answer(status=500))
    notifier = _notifier(_url(http_server))
    digest = a_digest(a_reminder(subject="CANARY-subject"))

    notifier.send(digest)
    fault = _fault_of(lambda: notifier.send(digest))

    assert "CANARY" not in caplog.text + str(fault) + fault.remedy


def test_it_takes_digests_and_alerts_only() -> None:
    notifier = _notifier("json://localhost")

    assert notifier.name == "phone"
    assert notifier.accepts("digest")
    assert not notifier.accepts("thread.overdue")


def test_a_service_module_that_breaks_is_a_passing_fault() -> None:
    """Apprise carries a hundred modules of others; none may end the service."""

    def send(_channel: object, *_given: object, **_named: object) -> bool:
        raise LookupError("CANARY")

    services: Any = apprise.plugins.N_MGR
    service = type(
        "Broken",
        (apprise.plugins.NotifyBase,),
        {"service_name": "Broken", "secure_protocol": "brokenservice", "send": send},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        services.add(service, schemas="brokenservice")
    try:
        fault = _fault_of(lambda: _notifier("brokenservice://x").send(a_digest(a_reminder())))
    finally:
        services.remove("brokenservice")

    assert not fault.permanent
    assert "CANARY" not in str(fault)
