"""What `init` writes is right TOML, with a comment for each choice and no secret."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from inboxwatch.application.setup import Answers, config_text
from inboxwatch.settings.load import load

ANSWERS = Answers(
    account="home",
    address="parent@example.org",
    host="imap.example.org",
    port=993,
    security="tls",
    username="parent@example.org",
    sign_in="password",
    oauth_client_id="",
    password_file="/config/secrets/mail-password",
    watch=("kent.gov.uk",),
)
REMINDED = replace(
    ANSWERS,
    remind_to="parent@example.org",
    smtp_host="smtp.example.org",
    smtp_username="parent",
    smtp_password_file="/config/secrets/mail-password",
)
OTHERWISE = replace(
    ANSWERS,
    aliases=("p@example.org",),
    security="starttls",
    username='odd "name"',
    sign_in="google",
    oauth_client_id="id",
    client_secret_file="/config/secrets/client",
    ca_file="/config/ca.pem",
    sent_folders=("Gesendet \\ x",),
    junk_folders=("Spam",),
)


@pytest.mark.parametrize(
    "answers", [ANSWERS, REMINDED, OTHERWISE, replace(REMINDED, ca_file="/config/ca.pem")]
)
def test_what_is_written_is_read_back_as_it_was_said(answers: Answers, tmp_path: Path) -> None:
    text = config_text(answers)
    path = tmp_path / "inboxwatch.toml"
    path.write_text(text, encoding="utf-8")
    settings, _ = load(path)
    account = settings.accounts["home"]
    assert (account.address, account.host, account.port) == (
        answers.address,
        answers.host,
        answers.port,
    )
    assert account.username in ("", answers.username)
    assert account.sent_folders == answers.sent_folders
    assert account.aliases == answers.aliases
    assert settings.watch == answers.watch
    assert settings.email.to == ((answers.remind_to,) if answers.remind_to else ())
    assert "password =" not in text


def test_another_way_to_sign_in_names_no_password_file() -> None:
    account = tomllib.loads(config_text(OTHERWISE))["accounts"]["home"]
    assert account["sign_in"] == "google"
    assert account["oauth_client_secret_file"] == "/config/secrets/client"
    assert "password_file" not in account
    plain = tomllib.loads(config_text(replace(OTHERWISE, client_secret_file="")))
    assert "oauth_client_secret_file" not in plain["accounts"]["home"]


def test_who_signs_in_sends_by_the_same_sign_in(tmp_path: Path) -> None:
    answers = replace(OTHERWISE, remind_to="parent@example.org", smtp_sign_in_as="home")
    path = tmp_path / "inboxwatch.toml"
    path.write_text(config_text(answers), encoding="utf-8")
    email = load(path)[0].email
    assert (email.sign_in_as, email.to) == ("home", ("parent@example.org",))
    assert (email.host, email.password_file) == ("", None)
