"""Whoever asks gets a token that is good for minutes, renewed once for all who ask."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from inboxwatch.adapters.oauth import Client, Grant, TokenSource, Vault
from tests.servers.tokens import TokenServer


class Clock(Protocol):
    """The two clocks of the fixture."""

    wall: float
    steady: float

    def passes(self, seconds: float) -> None: ...


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
    source: TokenSource, clock: Clock
) -> None:
    clock.wall = 86_400.0  # 1970
    first = source()
    clock.passes(3000)
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
    service: TokenServer, microsoft: Client, signed_in: Callable[[Client], TokenSource]
) -> None:
    signed_in(microsoft)()
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


def test_no_secret_is_shown(source: TokenSource, service: TokenServer) -> None:
    token = source()
    assert token not in repr(source)
    assert token not in repr(Grant(access_token=token, expires_in_seconds=1, refresh_token=token))
