"""A short code typed on any device signs in at Microsoft."""

import builtins
import sys
from dataclasses import replace

import msal.exceptions
import pytest

from inboxwatch.adapters.oauth import Client, DeviceCode, Grant, microsoft_sign_in
from inboxwatch.adapters.oauth.microsoft import _msal_errors
from inboxwatch.domain.errors import ConfigError, MailSourceError
from tests.servers.http import Answer
from tests.servers.tokens import TokenServer


class Pauses:
    """Waits for nothing and remembers how long it should have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def sign_in(client: Client, pauses: Pauses | None = None) -> tuple[Grant, list[DeviceCode]]:
    shown: list[DeviceCode] = []
    grant = microsoft_sign_in(client, show=shown.append, sleep=pauses or Pauses())
    return grant, shown


def refused(client: Client) -> MailSourceError:
    with pytest.raises(MailSourceError) as caught:
        sign_in(client)
    return caught.value


def test_the_person_is_shown_a_page_and_a_code(service: TokenServer, microsoft: Client) -> None:
    shown: list[DeviceCode] = []
    grant = microsoft_sign_in(microsoft, show=shown.append, sleep=Pauses())
    assert shown == [
        DeviceCode(page="https://microsoft.com/devicelogin", code="ABCD-EFGH", minutes=15)
    ]
    assert grant.access_token == "access-1-parent@example.org"
    assert grant.refresh_token in service.good
    assert grant.expires_in_seconds == 3600
    assert grant.signed_in_as == "parent@example.org"


def test_only_leave_to_read_mail_is_asked_for(service: TokenServer, microsoft: Client) -> None:
    sign_in(microsoft)
    asked = set(service.forms[0]["scope"].split())
    assert asked == {
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "offline_access",
        "openid",
        "profile",
    }
    sign_in(replace(microsoft, sends=True))
    assert set(service.forms[-2]["scope"].split()) - asked == {
        "https://outlook.office.com/SMTP.Send"
    }


def test_nobody_else_is_asked_about_the_authority(service: TokenServer, microsoft: Client) -> None:
    sign_in(microsoft)
    paths = [request.path for request in service.requests]
    assert paths == [
        "/common/v2.0/.well-known/openid-configuration",
        "/common/oauth2/v2.0/devicecode",
        "/common/oauth2/v2.0/token",
    ]


def test_it_waits_at_the_pace_it_was_told(service: TokenServer, microsoft: Client) -> None:
    service.behaviour.interval = 5
    service.behaviour.device_answers.extend(
        ["authorization_pending", "slow_down", "authorization_pending"]
    )
    pauses = Pauses()
    sign_in(microsoft, pauses)
    assert pauses.seconds == [5, 5, 10, 10]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("authorization_declined", "the answer on the page was no"),
        ("access_denied", "the answer on the page was no"),
        ("expired_token", "the code ran out before it was used"),
        ("bad_verification_code", "the code ran out before it was used"),
    ],
)
def test_a_no_and_a_late_code_are_told_plainly(
    service: TokenServer, microsoft: Client, answer: str, problem: str
) -> None:
    service.behaviour.device_answers.extend(["authorization_pending", answer])
    error = refused(microsoft)
    assert problem in error.problem
    assert not error.transient
    assert "inboxwatch sign-in home" in error.remedy


def test_waiting_ends_with_the_code_even_if_the_service_forgets(
    service: TokenServer, microsoft: Client
) -> None:
    service.behaviour.device_expires_in = 20
    service.behaviour.interval = 5
    service.behaviour.device_answers.extend(["authorization_pending"] * 50)
    assert "the code ran out" in refused(microsoft).problem
    assert len(service.behaviour.device_answers) == 46


def test_a_short_loss_of_the_network_while_waiting_is_outlasted(
    service: TokenServer, microsoft: Client
) -> None:
    shown: list[DeviceCode] = []

    def show(code: DeviceCode) -> None:
        shown.append(code)
        service.will_answer(Answer(hang_up=True), Answer(status=503), Answer(status=429))

    pauses = Pauses()
    grant = microsoft_sign_in(microsoft, show=show, sleep=pauses)
    assert grant.refresh_token
    assert pauses.seconds == [1, 2, 4, 8]
    assert len(shown) == 1


def test_a_network_that_stays_away_ends_the_wait(service: TokenServer, microsoft: Client) -> None:
    service.behaviour.device_expires_in = 60
    with pytest.raises(MailSourceError) as caught:
        microsoft_sign_in(
            microsoft,
            show=lambda code: service.will_answer(*[Answer(hang_up=True)] * 20),
            sleep=Pauses(),
        )
    assert caught.value.transient


def test_an_unknown_client_id_is_told_before_anything_is_shown(
    service: TokenServer, microsoft: Client
) -> None:
    error = refused(replace(microsoft, client_id="mistyped"))
    assert "may not be used for this kind of account" in error.problem
    assert "AADSTS700016" in error.problem
    assert "oauth_client_id" in error.remedy


def test_leave_that_leaves_out_mail_is_not_enough(service: TokenServer, microsoft: Client) -> None:
    service.behaviour.scope = "openid profile"
    assert "the permission to read mail was not given" in refused(microsoft).problem


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=400, body=b'{"error": "invalid_tenant"}'),
        Answer(status=200, body=b"{}"),
        Answer(status=200, body=b'{"token_endpoint": 5, "authorization_endpoint": []}'),
    ],
    ids=["no such directory", "empty", "nonsense"],
)
def test_a_wrong_authority_is_told_with_its_setting(
    service: TokenServer, microsoft: Client, answer: Answer
) -> None:
    service.will_answer(answer)
    error = refused(microsoft)
    assert "oauth_authority" in error.remedy
    assert not error.transient


def test_what_goes_wrong_while_showing_is_not_blamed_on_the_service(microsoft: Client) -> None:
    def broken(code: DeviceCode) -> None:
        raise ValueError("the screen")

    with pytest.raises(ValueError, match="the screen"):
        microsoft_sign_in(microsoft, show=broken, sleep=Pauses())


def test_a_page_of_somebody_else_is_not_believed(service: TokenServer, microsoft: Client) -> None:
    service.will_answer(Answer(body=b"<html>Please log in to the hotel</html>"))
    error = refused(microsoft)
    assert error.transient
    assert "hotel" not in error.problem


def test_without_a_client_id_the_way_to_one_is_shown(microsoft: Client) -> None:
    with pytest.raises(ConfigError) as caught:
        sign_in(replace(microsoft, client_id=""))
    assert "docs/sign-in.md" in caught.value.remedy
    assert "inboxwatch audit" in caught.value.remedy


def test_an_authority_without_https_is_refused(microsoft: Client) -> None:
    with pytest.raises(ConfigError, match="https://"):
        sign_in(replace(microsoft, authority="http://localhost/common"))


def test_without_msal_the_remedy_is_its_installation(
    microsoft: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_msal(name: str, *rest: object, **more: object) -> object:
        if name == "msal":
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, "msal", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_msal)
    with pytest.raises(ConfigError) as caught:
        sign_in(microsoft)
    assert "inboxwatch[oauth]" in caught.value.remedy


def every_class(base: type[BaseException]) -> list[type[BaseException]]:
    return [base, *(c for below in base.__subclasses__() for c in every_class(below))]


@pytest.mark.parametrize("kind", every_class(msal.exceptions.MsalError))
def test_every_error_of_msal_is_mapped(kind: type[BaseException], microsoft: Client) -> None:
    error = kind.__new__(kind)
    with pytest.raises(MailSourceError), _msal_errors(microsoft, msal):
        raise error
