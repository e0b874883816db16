"""A renewal that fails says whether to wait or to sign in again, and loses nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from inboxwatch.adapters.oauth import Client, Grant, TokenSource, Vault, keep
from inboxwatch.domain.errors import ConfigError, MailSourceError
from tests.servers.http import Answer
from tests.servers.tokens import TokenServer


class Clock(Protocol):
    """The two clocks of the fixture."""

    wall: float
    steady: float

    def passes(self, seconds: float) -> None: ...


def failed(source: TokenSource) -> MailSourceError:
    with pytest.raises(MailSourceError) as caught:
        source()
    return caught.value


def test_a_revoked_sign_in_is_told_with_what_to_do(
    service: TokenServer, source: TokenSource
) -> None:
    service.revoke()
    error = failed(source)
    assert not error.transient
    assert "account 'home'" in error.problem
    assert "revoked, ran out, or the password changed" in error.problem
    assert error.remedy == "Sign in again: inboxwatch sign-in home"


def test_signing_in_again_is_enough_without_a_restart(
    service: TokenServer, google: Client, vault: Vault, source: TokenSource
) -> None:
    service.revoke()
    failed(source)
    again = Grant(
        access_token="unused", expires_in_seconds=1, refresh_token=service.new_refresh_token()
    )
    keep(google, vault, again)
    assert source()


@pytest.mark.parametrize(
    ("answer", "after"),
    [
        (Answer(hang_up=True), None),
        (Answer(body=b'{"access_token": "x"}', hang_up=True), None),
        (Answer(status=503, headers={"Retry-After": "120"}), 120),
        (Answer(status=429, headers={"Retry-After": "soon"}), None),
        (Answer(status=302, headers={"Location": "https://localhost/login"}), None),
        (Answer(body=b"<html>hotel</html>"), None),
        (Answer(body=b"[1]"), None),
        (Answer(body=b'{"token_type": "Bearer"}'), None),
        (Answer(body=b'{"access_token": "a\\r\\nb"}'), None),
        (Answer(status=400, body=b'{"error": "temporarily_unavailable"}'), None),
    ],
)
def test_trouble_on_the_way_is_tried_again_later(
    service: TokenServer, source: TokenSource, answer: Answer, after: float | None
) -> None:
    service.will_answer(answer)
    error = failed(source)
    assert error.transient
    assert error.retry_after_seconds == after
    assert source()


def test_a_service_that_never_answers_costs_a_known_time(
    service: TokenServer, google: Client, signed_in: Callable[[Client], TokenSource]
) -> None:
    source = signed_in(replace(google, timeout_seconds=0.2))
    service.will_answer(Answer(seconds=5))
    assert "ReadTimeout" in failed(source).problem


def test_an_old_token_stands_in_while_the_provider_is_away(
    service: TokenServer, source: TokenSource, clock: Clock
) -> None:
    first = source()
    clock.passes(3400)
    service.will_answer(Answer(status=503))
    assert source() == first
    clock.passes(180)
    service.will_answer(Answer(status=503))
    assert failed(source).transient


def test_an_old_token_does_not_hide_a_revoked_sign_in(
    service: TokenServer, source: TokenSource, clock: Clock
) -> None:
    source()
    clock.passes(3400)
    service.revoke()
    assert not failed(source).transient


def test_another_client_id_in_the_settings_asks_for_a_new_sign_in(
    google: Client, vault: Vault, source: TokenSource
) -> None:
    other = TokenSource(replace(google, client_id="client-2"), vault)
    assert "with another client id" in failed(other).problem


def test_a_new_refresh_token_that_cannot_be_written_is_not_lost(
    service: TokenServer,
    vault: Vault,
    source: TokenSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(ConfigError, match="No space left"):
            source()
    source.refused(source())
    assert source()
    assert vault.load("home").refresh_token in service.good


def test_nothing_to_renew_with_is_not_kept(google: Client, vault: Vault) -> None:
    with pytest.raises(MailSourceError, match="for an hour only"):
        keep(google, vault, Grant(access_token="a", expires_in_seconds=3600))
    with pytest.raises(MailSourceError, match="is not signed in"):
        vault.load("home")
