"""Reminders through a mailbox that has no password: logged in by token, which may be void early."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from inboxwatch.adapters.notify.smtp import Security
from inboxwatch.adapters.notify.smtp_token import TokenLogIn
from inboxwatch.domain.errors import NotifierError
from tests.adapters.notify.smtp_notifier import StartSmtp, fault_of, notifier_for
from tests.builders_reminders import a_digest, a_reminder
from tests.servers.certificates import Certificates
from tests.servers.smtp import SmtpServer, TokenCheck

USER = "parent@outlook.example"
LONG = "e" * 2_400  # Microsoft's are that long: longer than a command of SMTP otherwise may be


@dataclass
class Tokens:
    """Gives tokens in turn; a refused one is followed by the next."""

    given: list[str]
    refused: list[str] = field(default_factory=list)

    def log_in(self) -> TokenLogIn:
        return TokenLogIn(
            token=lambda: self.given[len(self.refused)],
            refused=self.refused.append,
            sign_in="inboxwatch sign-in home",
        )


def notifier(server: SmtpServer, tokens: Tokens, **options: Any) -> Any:
    return notifier_for(server, login=USER, by_token=tokens.log_in(), **options)


def good(*tokens: str, **options: Any) -> TokenCheck:
    return TokenCheck(is_good=lambda user, token: user == USER and token in tokens, **options)


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_reminder_goes_out_by_token(start_smtp: StartSmtp, mechanism: str) -> None:
    server = start_smtp(tokens=good(LONG, mechanism=mechanism))

    notifier(server, Tokens([LONG])).send(a_digest(a_reminder()))

    (received,) = server.wait_for(1)
    assert received.login == USER


def test_it_goes_out_encrypted(start_smtp: StartSmtp, certificates: Certificates) -> None:
    """As providers want it: STARTTLS, and what the server offers is asked again behind it."""
    server = start_smtp(tls="starttls", tokens=good("t1"))

    notifier(
        server,
        Tokens(["t1"]),
        security=Security.STARTTLS,
        context=certificates.client_context(),
    ).send(a_digest(a_reminder()))

    (received,) = server.wait_for(1)
    assert received.was_encrypted
    assert received.login == USER


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_token_refused_early_is_renewed_once(start_smtp: StartSmtp, mechanism: str) -> None:
    check = good("t2", mechanism=mechanism)
    server = start_smtp(tokens=check)
    tokens = Tokens(["t1", "t2"])

    notifier(server, tokens).send(a_digest(a_reminder()))

    assert len(server.wait_for(1)) == 1
    assert check.shown == [(USER, "t1"), (USER, "t2")]
    assert tokens.refused == ["t1"]


def test_a_fresh_token_that_is_refused_is_told_with_the_remedy(start_smtp: StartSmtp) -> None:
    check = good()
    server = start_smtp(tokens=check)

    fault = fault_of(notifier(server, Tokens(["secret-1", "secret-2", "secret-3"])).check)

    assert "refused the sign-in" in fault.problem
    assert "535" in fault.problem
    assert "inboxwatch sign-in home" in fault.remedy
    assert fault.permanent
    assert fault.disables_target
    assert "secret" not in fault.problem + fault.remedy
    assert len(check.shown) == 2  # not more: a mailbox is locked soon


def test_sending_that_an_organisation_switched_off_is_told(start_smtp: StartSmtp) -> None:
    """Signing in again would not help."""
    words = "SmtpClientAuthentication is disabled for the Mailbox."
    server = start_smtp(tokens=good(refusal=f"535 5.7.139 Authentication unsuccessful, {words}"))

    fault = fault_of(notifier(server, Tokens(["t1", "t2"])).check)

    assert "lets no program send from this mailbox" in fault.problem
    assert "Authenticated SMTP" in fault.remedy
    assert "sign-in home" not in fault.remedy


def test_a_server_that_is_busy_is_asked_again_later_and_no_token_is_renewed(
    start_smtp: StartSmtp,
) -> None:
    server = start_smtp(tokens=good(refusal="454 4.7.0 Temporary authentication failure"))
    tokens = Tokens(["t1", "t2"])

    fault = fault_of(notifier(server, tokens).check)

    assert not fault.permanent
    assert tokens.refused == []


def test_a_server_that_takes_no_token_is_told(start_smtp: StartSmtp) -> None:
    fault = fault_of(notifier(start_smtp(login=("a", "b")), Tokens(["t1"])).check)

    assert fault.permanent
    assert "lacks something" in fault.problem


def test_a_sign_in_that_is_void_is_told_in_its_own_words(start_smtp: StartSmtp) -> None:
    revoked = NotifierError("Microsoft: revoked", remedy="Sign in again", permanent=True)

    def token() -> str:
        raise revoked

    by_token = TokenLogIn(token=token, refused=lambda token: None, sign_in="")
    server = start_smtp(tokens=good())

    assert fault_of(notifier_for(server, login=USER, by_token=by_token).check) is revoked
