"""Whoever asks gets a token that is good for minutes, renewed once for all who ask."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from inboxwatch.adapters.oauth import Client, Grant, TokenSource, Vault, keep
from inboxwatch.domain.errors import ConfigError, MailSourceError
from tests.servers.http import Answer
from tests.servers.tokens import TokenServer


class Clock:
    """Two clocks of one machine."""

    def __init__(self) -> None:
        self.wall = 1_800_000_000.0
        self.steady = 5_000.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(service: TokenServer, google: Client, vault: Vault, clock: Clock) -> TokenSource:
    return signed_in(service, google, vault, clock)


def signed_in(service: TokenServer, client: Client, vault: Vault, clock: Clock) -> TokenSource:
    keep(
        client,
        vault,
        Grant(
            access_token="unused",
            expires_in_seconds=3600,
            refresh_token=service.new_refresh_token(),
        ),
    )
    return TokenSource(client, vault, wall=lambda: clock.wall, steady=lambda: clock.steady)


def failed(source: TokenSource) -> MailSourceError:
    with pytest.raises(MailSourceError) as caught:
        source()
    return caught.value


def test_a_token_serves_until_five_minutes_before_its_end(
    service: TokenServer, source: TokenSource, clock: Clock
) -> None:
    first = source()
    clock.passes(3299)
    assert source() == first
    assert service.renewals() == 1
    clock.passes(2)
    assert source() != first
    assert service.renewals() == 2


@pytest.mark.parametrize("lasts", [120, "120"])
def test_a_short_token_serves_half_its_time(
    service: TokenServer, source: TokenSource, clock: Clock, lasts: object
) -> None:
    service.behaviour.expires_in = lasts
    first = source()
    clock.passes(59)
    assert source() == first
    clock.passes(2)
    assert source() != first


@pytest.mark.parametrize("nonsense", [None, "soon", -5, [], 0])
def test_a_token_of_unknown_length_is_renewed_early(
    service: TokenServer, source: TokenSource, clock: Clock, nonsense: object
) -> None:
    service.behaviour.expires_in = nonsense
    first = source()
    clock.passes(250)
    assert source() == first
    clock.passes(60)
    assert source() != first


def test_a_clock_that_was_wrong_all_along_matters_nothing(
    service: TokenServer, google: Client, vault: Vault
) -> None:
    years_ago = Clock()
    years_ago.wall = 86_400.0
    source = signed_in(service, google, vault, years_ago)
    first = source()
    years_ago.passes(3000)
    assert source() == first


def test_a_machine_that_slept_renews(
    service: TokenServer, source: TokenSource, clock: Clock
) -> None:
    first = source()
    clock.wall += 4000
    assert source() != first


def test_a_wall_clock_set_back_does_not_keep_an_old_token_alive(
    service: TokenServer, source: TokenSource, clock: Clock
) -> None:
    first = source()
    clock.steady += 4000
    clock.wall -= 100_000
    second = source()
    assert second != first
    clock.wall -= 100
    assert source() != second


def test_a_clock_set_right_by_a_second_changes_nothing(source: TokenSource, clock: Clock) -> None:
    first = source()
    clock.wall -= 1
    assert source() == first


def test_a_refresh_token_that_works_once_is_replaced_at_rest(
    service: TokenServer, google: Client, vault: Vault, source: TokenSource, clock: Clock
) -> None:
    source()
    kept = vault.load("home").refresh_token
    assert kept in service.good
    later = TokenSource(google, vault)
    assert later().startswith("access-2")
    assert vault.load("home").refresh_token != kept


def test_a_refresh_token_that_stays_good_is_kept(
    service: TokenServer, vault: Vault, source: TokenSource, clock: Clock
) -> None:
    service.behaviour.rotates = False
    before = vault.load("home")
    source()
    clock.passes(4000)
    source()
    assert vault.load("home") == before


def test_microsoft_is_asked_for_the_next_refresh_token_too(
    service: TokenServer, microsoft: Client, vault: Vault, clock: Clock
) -> None:
    signed_in(service, microsoft, vault, clock)()
    assert service.requests[-1].path == "/common/oauth2/v2.0/token"
    assert service.forms[-1]["scope"].split() == [
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "offline_access",
    ]


def test_many_threads_cause_one_renewal(service: TokenServer, source: TokenSource) -> None:
    gate = threading.Barrier(12)
    got: list[str] = []

    def ask() -> None:
        gate.wait()
        got.append(source())

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 12
    assert len(set(got)) == 1
    assert service.renewals() == 1


def test_two_programs_never_bring_the_same_refresh_token(
    service: TokenServer, google: Client, vault: Vault, source: TokenSource, tmp_path: Path
) -> None:
    # Two sources on the same folder stand for two processes; each token works once.
    sources = [TokenSource(google, Vault(tmp_path / "sign-in")) for _ in range(6)]
    gate = threading.Barrier(len(sources))
    got: list[str] = []

    def ask(one: TokenSource) -> None:
        gate.wait()
        got.append(one())

    threads = [threading.Thread(target=ask, args=(one,)) for one in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(sources)
    assert service.renewals() == len(sources)


def test_a_token_the_mail_server_refused_is_renewed(
    service: TokenServer, source: TokenSource
) -> None:
    first = source()
    source.refused("an older one")
    assert source() == first
    source.refused(first)
    assert source() != first


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
    service: TokenServer, google: Client, vault: Vault, clock: Clock
) -> None:
    source = signed_in(service, replace(google, timeout_seconds=0.2), vault, clock)
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


def test_no_secret_is_shown(source: TokenSource, service: TokenServer) -> None:
    token = source()
    assert token not in repr(source)
    assert token not in repr(Grant(access_token=token, expires_in_seconds=1, refresh_token=token))
