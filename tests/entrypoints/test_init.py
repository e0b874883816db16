"""`init` and `doctor`, as a person who never heard of IMAP meets them."""

import stat
from pathlib import Path

import pytest

from inboxwatch.adapters.providers import provider_for, provider_of, providers
from tests.e2e.household import Household, Ran
from tests.servers.dovecot import DovecotServer, User


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
