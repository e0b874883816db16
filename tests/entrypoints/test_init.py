"""`init` and `doctor`, as a person who never heard of IMAP meets them."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from inboxwatch.adapters.providers import provider_for, provider_of, providers
from inboxwatch.domain.errors import MailSourceError
from inboxwatch.entrypoints.cli.trying import Server, log_in_with, typed, usernames_of
from tests.e2e.household import Household, Ran
from tests.servers.dovecot import DovecotServer, User
from tests.servers.http import HttpServer
from tests.servers.smtp import SmtpServer


@pytest.fixture
def household(dovecot: DovecotServer, mail_user: User, tmp_path: Path) -> Household:
    for folder in ("Sent", "Junk"):
        dovecot.create_folder(mail_user, folder)
    return Household(server=dovecot, user=mail_user, folder=tmp_path)


def answered(household: Household, *answers: str, force: bool = False) -> Ran:
    words = ["init", "--folder", str(household.folder)]
    words += ["--ca-file", str(household.server.certificates.authority)]
    return household.run(*words, *(["--force"] if force else []), input="\n".join(answers) + "\n")


def answers(household: Household, password: str) -> tuple[str, ...]:
    return (
        "parent@school.example",
        household.server.host,
        str(household.server.tls_port),
        "tls",
        household.user.name,
        password,
        "kent.gov.uk send@medway.gov.uk",
        "-",
    )


def test_from_an_address_to_a_tested_configuration(household: Household) -> None:
    household.asks("When is the review?", days=30, message_id="q@school.example")
    ran = answered(household, *answers(household, household.user.password))
    assert ran.code == 0, ran.out + ran.err
    assert "That works." in ran.out
    assert "Sent mail is in: Sent" in ran.out
    assert "Kent County Council" in ran.out
    config = household.config.read_text()
    assert f'"{household.user.password}"' not in config
    secret = household.folder / "secrets" / "mail-password"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert household.must("config", "check").endswith("no mistakes (1 account)\n")
    household.must("poll")
    doctor = household.run("doctor")
    assert doctor.code == 0, doctor.out + doctor.err
    assert "logged in as" in doctor.out
    assert "Sent mail is in Sent" in doctor.out


def test_what_is_no_council_is_asked_for_again(household: Household) -> None:
    """Who watches their own address would get neither a list nor a reminder."""
    given = answers(household, household.user.password)
    ran = answered(household, *given[:6], "kent parent@school.example", *given[6:])
    assert ran.code == 0, ran.out + ran.err
    assert "'parent@school.example' is your own address." in ran.out
    assert "'kent' is neither a domain nor an address." in ran.out
    assert "Did you mean kent.gov.uk? Give all once more." in ran.out
    assert 'watch = ["kent.gov.uk", "send@medway.gov.uk"]' in household.config.read_text()


def test_a_wrong_password_is_told_with_its_remedy_and_may_be_typed_again(
    household: Household,
) -> None:
    given = answers(household, "not the password")
    again = (*given[:6], household.user.password, *given[6:])
    ran = answered(household, *again)
    assert ran.code == 0, ran.out + ran.err
    assert "password" in ran.err
    assert "not the password" not in ran.out + ran.err


def test_what_is_there_is_not_replaced_without_asking(household: Household) -> None:
    household.config.write_text("watch = []\n")
    ran = answered(household)
    assert ran.code == 2
    assert "--force" in ran.err
    assert household.config.read_text() == "watch = []\n"


def test_microsoft_without_a_client_id_points_to_audit(household: Household) -> None:
    ran = answered(household, "parent@outlook.com", "")
    assert ran.code == 2
    assert "inboxwatch audit" in ran.err
    assert not household.config.exists()


def test_doctor_names_each_problem_with_its_remedy(household: Household) -> None:
    household.configure("[email]", 'to = ["me@example.org"]', 'host = "127.0.0.1"', "port = 9")
    (household.folder / "mail-password").write_text("wrong\n")
    household.must("migrate")
    ran = household.run("doctor")
    assert ran.code == 7
    assert "✗ account home" in ran.out
    assert "✗ reminders by email" in ran.out
    ran = household.run("doctor", "--json")
    assert ran.code == 7
    assert {f["level"] for f in ran.json()} >= {"ok", "problem"}


def test_a_service_that_does_not_run_is_seen(household: Household) -> None:
    household.configure()
    ran = household.run("doctor", "--health")
    assert ran.code == 7
    assert "inboxwatch run" in ran.err


def test_every_provider_is_whole_and_found_by_its_domains() -> None:
    for provider in providers():
        assert provider.imap_host
        assert provider.password_link.startswith("https://")
        assert provider.smtp_security in ("tls", "starttls")
        for domain in provider.domains:
            assert provider_of(f"Someone@{domain}") == provider
    assert provider_of("someone@school.example") is None


@pytest.mark.parametrize(
    ("sign_in", "host"), [("microsoft", "outlook.office365.com"), ("google", "imap.gmail.com")]
)
def test_who_signs_in_with_an_organisations_address_has_the_providers_servers(
    sign_in: str, host: str
) -> None:
    found = provider_for("parent@charity.example", sign_in)
    assert found is not None
    assert found.imap_host == host
    assert found.smtp_host
    assert provider_for("parent@charity.example", "password") is None
    known = provider_for("parent@icloud.com", "password")
    assert known is not None
    assert known.id == "icloud"


@pytest.mark.parametrize(
    ("typed_in", "meant"),
    [
        ("abcd efgh ijkl mnop", "abcdefghijklmnop"),  # as Google, Yahoo and Fastmail show them
        (" abcd efgh ijkl mnop ", "abcdefghijklmnop"),
        ("abcd-efgh-ijkl-mnop", "abcd-efgh-ijkl-mnop"),  # as Apple does
        ("correct horse battery", "correct horse battery"),
        ("pass word", "pass word"),
    ],
)
def test_an_app_password_may_be_pasted_as_it_is_shown(typed_in: str, meant: str) -> None:
    assert typed(typed_in) == meant


def test_user_names_are_asked_for_only_where_nobody_can_know() -> None:
    def asked(default: str) -> str:
        return f"asked, {default}"

    def names(address: str) -> list[str]:
        return usernames_of(address, provider_of(address), asked)

    assert names("anna@gmail.com") == ["anna@gmail.com"]
    assert names("anna@icloud.com") == ["anna", "anna@icloud.com"]
    assert names("anna@smith.plus.com") == ["asked, anna@smith.plus.com"]
    assert names("anna@school.example") == ["asked, anna@school.example"]


def test_a_provider_is_found_by_every_domain_below_one() -> None:
    found = provider_of("anna@smith.plus.com")
    assert found is not None
    assert found.id == "plusnet"
    assert provider_of("anna@surplus.com") is None


def test_an_apple_account_logs_in_by_its_name_and_sends_by_its_address(
    dovecot: DovecotServer,
) -> None:
    dovecot.new_user("anna", password="secret")
    server = Server(
        host=dovecot.host,
        port=dovecot.tls_port,
        security="tls",
        ca_file=dovecot.certificates.authority,
    )
    tried = log_in_with(server, ["nobody@icloud.com", "anna"], "secret")
    assert tried.username == "anna"
    with pytest.raises(MailSourceError):
        log_in_with(server, ["nobody@icloud.com"], "secret")


def test_a_server_for_sending_that_refuses_is_told_and_the_rest_is_kept(
    household: Household, start_smtp: Callable[..., SmtpServer]
) -> None:
    smtp = start_smtp(tls="starttls", login=("somebody", "else"))
    given = answers(household, household.user.password)
    ran = answered(household, *given[:-1], "me@example.org", smtp.host, str(smtp.port))
    assert ran.code == 0, ran.out + ran.err
    assert "Trying the server for reminders" in ran.out
    assert "Everything else works" in ran.err
    assert household.config.exists()
    assert 'to = ["me@example.org"]' in household.config.read_text()


def test_doctor_sees_a_mistyped_council_and_a_webhook_without_a_server(
    household: Household,
) -> None:
    household.configure(
        "[webhooks.hub]",
        'url = "http://127.0.0.1:9/hook"',
        'secret_file = "webhook-secret"',
        watch='"kent.gov.ukk", "school.example"',
    )
    (household.folder / "webhook-secret").write_text("whsec_" + "QUJD" * 8 + "\n")
    household.must("poll")
    ran = household.run("doctor")
    assert ran.code == 7
    assert "kent.gov.ukk is no council that inboxwatch knows; kent.gov.uk is" in ran.out
    assert "school.example is no" not in ran.out
    assert "\u2717 reminders by hub: no answer from the server" in ran.out
    assert "one thing needs your attention" in ran.err


def test_doctor_tells_a_webhook_nothing(household: Household, http_server: HttpServer) -> None:
    household.configure(
        "[webhooks.hub]", f'url = "{http_server.url}/hook"', 'secret_file = "webhook-secret"'
    )
    (household.folder / "webhook-secret").write_text("whsec_" + "QUJD" * 8 + "\n")
    household.must("poll")
    assert "its server answers" in household.must("doctor")
    assert [(request.method, request.body) for request in http_server.requests] == [("HEAD", b"")]
