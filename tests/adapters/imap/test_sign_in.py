"""Signing in: what is accepted, what is refused and what the user is told."""

import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from inboxwatch.adapters.imap import Credentials, Endpoint, Limits, Mechanism
from inboxwatch.domain.errors import MailSourceError
from inboxwatch.domain.message import FolderRole
from tests.adapters.imap.conftest import Home, a_mail, a_source, id_of, plainly
from tests.adapters.imap.proxy import proxied
from tests.adapters.imap.shelf import Shelf
from tests.builders import WATCH
from tests.fakes_imap import FakeImap, running
from tests.servers.dovecot import DovecotServer


def _endpoint(home: Home, **changes: object) -> Endpoint:
    endpoint = Endpoint(
        host=home.server.host,
        port=home.server.tls_port,
        security="tls",
        username=home.user.name,
        credentials=lambda: Credentials(secret=home.user.password),
        ssl_context=home.server.certificates.client_context(),
    )
    return replace(endpoint, **changes)  # type: ignore[arg-type]


def _fault(home: Home, endpoint: Endpoint) -> MailSourceError:
    source = home.source(endpoint=endpoint)
    with pytest.raises(MailSourceError) as caught:
        home.shelf.poll(source)
    source.close()
    assert "home" in caught.value.problem
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_encrypted_account_is_read(home: Home, security: str) -> None:
    home.put("reply")
    port = home.server.tls_port if security == "tls" else home.server.port

    home.shelf.poll(home.source(endpoint=_endpoint(home, security=security, port=port)))

    assert home.shelf.ids == {id_of("reply")}


@pytest.mark.parametrize("mechanism", [Mechanism.XOAUTH2, Mechanism.OAUTHBEARER])
def test_a_token_signs_in(home: Home, mechanism: Mechanism) -> None:
    home.put("reply")
    token = home.server.token(home.user)
    endpoint = _endpoint(home, credentials=lambda: Credentials(secret=token, mechanism=mechanism))

    home.shelf.poll(home.source(endpoint=endpoint))

    assert home.shelf.ids == {id_of("reply")}


def test_a_password_with_a_pound_sign_signs_in(dovecot: DovecotServer) -> None:
    user = dovecot.new_user("pound@example.org", password="fünf £5")
    source = a_source(plainly(dovecot.port, user.name, user.password))

    assert source.folders() == (("INBOX", FolderRole.INBOX),)
    source.close()


def test_an_unknown_authority_is_refused(home: Home) -> None:
    fault = _fault(home, _endpoint(home, ssl_context=ssl.create_default_context()))

    assert "certificate" in fault.problem
    assert not fault.transient


def test_a_wrong_password_says_what_to_do(home: Home) -> None:
    fault = _fault(home, _endpoint(home, credentials=lambda: Credentials(secret="not-this")))

    assert "password" in fault.problem
    assert "app password" in " ".join(fault.remedy.split())
    assert not fault.transient
    assert "not-this" not in fault.problem + fault.remedy


def test_a_token_that_ran_out_is_refused(home: Home) -> None:
    token = home.server.token(home.user, valid_for=timedelta(hours=-1))
    credentials = Credentials(secret=token, mechanism=Mechanism.XOAUTH2)

    fault = _fault(home, _endpoint(home, credentials=lambda: credentials))

    assert not fault.transient
    assert token not in fault.problem


def test_a_refused_token_is_forgotten_and_another_tried_once(home: Home) -> None:
    home.put("reply")
    stale = home.server.token(home.user, valid_for=timedelta(hours=-1))
    forgotten: list[str] = []

    def credentials() -> Credentials:
        token = home.server.token(home.user) if forgotten else stale
        return Credentials(
            secret=token, mechanism=Mechanism.XOAUTH2, forget=lambda: forgotten.append(token)
        )

    home.shelf.poll(home.source(endpoint=_endpoint(home, credentials=credentials)))

    assert home.shelf.ids == {id_of("reply")}
    assert forgotten == [stale]


def test_tokens_that_are_all_refused_are_tried_twice_and_no_more(home: Home) -> None:
    stale = home.server.token(home.user, valid_for=timedelta(hours=-1))
    forgotten: list[str] = []
    credentials = Credentials(
        secret=stale, mechanism=Mechanism.XOAUTH2, forget=lambda: forgotten.append(stale)
    )

    fault = _fault(home, _endpoint(home, credentials=lambda: credentials))

    assert forgotten == [stale]
    assert "renewed a moment ago" in fault.problem
    assert "inboxwatch sign-in" in fault.remedy
    assert stale not in fault.problem + fault.remedy
    assert not fault.transient


def test_a_distant_server_is_not_read_without_encryption(home: Home) -> None:
    fault = None
    source = a_source(_endpoint(home, host="192.0.2.1", security="plain"))
    with pytest.raises(MailSourceError) as caught:
        source.folders()
    fault = caught.value
    assert "without encryption" in fault.problem
    assert not fault.transient


def test_tls_to_a_plain_port_names_the_setting(home: Home) -> None:
    fault = _fault(home, _endpoint(home, port=home.server.port))

    assert "security" in fault.remedy or fault.transient


def test_what_is_asked_first_goes_with_the_sign_in(home: Home) -> None:
    home.put("reply")
    with proxied(home.server.port) as proxy:
        home.shelf.poll(home.source(port=proxy.port))
        _wait_for(lambda: b"LOGOUT" in bytes(proxy.commands))  # nobody waits for a farewell
        proxy.reset()
        home.shelf.poll(home.source(port=proxy.port))
    said = bytes(proxy.commands)
    assert said.index(b"LOGIN") < said.index(b"STATUS")
    assert proxy.turns <= 2  # all in one, and the farewell
    assert home.shelf.ids == {id_of("reply")}


def test_nothing_goes_with_a_sign_in_that_is_a_dialogue(home: Home) -> None:
    home.put("reply")
    home.user = home.server.new_user(home.user.name, password='a "quoted\\ word')
    with proxied(home.server.port) as proxy:
        home.shelf.poll(home.source(port=proxy.port))
    assert home.shelf.ids == {id_of("reply")}


def test_nothing_but_the_wish_to_encrypt_goes_in_clear(home: Home) -> None:
    with proxied(home.server.port) as proxy:
        source = home.source(endpoint=_endpoint(home, security="starttls", port=proxy.port))
        home.shelf.poll(source)
        source.close()
    said = bytes(proxy.commands)
    assert b"STARTTLS" in said
    assert not any(word in said for word in (b"LOGIN", b"LIST", home.user.password.encode()))


def test_a_refused_sign_in_has_its_followers_answered_and_is_told(home: Home) -> None:
    home.put("reply")
    home.shelf.poll(home.source())
    wrong = plainly(home.server.port, home.user.name, "canary-of-a-password")
    with proxied(home.server.port) as proxy:
        fault = _fault(home, replace(wrong, port=proxy.port))
    assert proxy.connections == 1
    assert not fault.transient
    assert "canary" not in fault.problem + fault.remedy


def test_a_go_between_that_loses_what_comes_with_the_sign_in() -> None:
    """It is found out once; from then on each command waits for the one before."""
    early: list[str] = []

    def lose(command: str) -> bytes | None:
        before, now = fake.commands[-2:-1], command.partition(" ")[0]
        if before and before[0].startswith("LOGIN") and now == "LIST" and len(early) < 1:
            early.append(command)
            return b""
        return None

    with running(FakeImap(script=lose)) as fake:
        fake.folder("INBOX").put(a_mail("reply"))
        shelf = Shelf(WATCH)
        quick = Limits(connect_seconds=2, read_seconds=0.5, poll_seconds=20)
        source = a_source(plainly(fake.port, "x"), limits=quick)
        shelf.poll(source)
        source.close()
        assert shelf.ids == {id_of("reply")}
        assert early
        logins = [c for c in fake.commands if c.startswith("LOGIN")]
        assert len(logins) == 2
        shelf.poll(source)
        source.close()
        assert len([c for c in fake.commands if c.startswith("LOGIN")]) == 3


def test_a_server_that_refuses_what_comes_with_the_sign_in_is_asked_again() -> None:
    def refuse(command: str) -> bytes | None:
        is_early = fake.commands[-2:-1] and fake.commands[-2].startswith("LOGIN")
        return b"TAG BAD not yet\r\n" if is_early and command.startswith("LIST") else None

    with running(FakeImap(script=refuse)) as fake:
        fake.folder("INBOX").put(a_mail("reply"))
        shelf = Shelf(WATCH)
        shelf.poll(a_source(plainly(fake.port, "x")))
    assert shelf.ids == {id_of("reply")}


def _wait_for(happened: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)
