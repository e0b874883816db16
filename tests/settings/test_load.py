"""The settings: where they come from, and every mistake at once."""

import os
from pathlib import Path

import pytest

from inboxwatch.domain.errors import ConfigError
from inboxwatch.settings.load import find_config, load
from inboxwatch.settings.names import all_paths, field_at, is_secret, nearest, variable

EXAMPLE = Path(__file__).parents[2] / "config" / "inboxwatch.example.toml"


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep this machine's own configuration out of the tests."""
    for name in list(os.environ):
        if name.startswith("INBOXWATCH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nothing"))
    monkeypatch.chdir(tmp_path)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "some.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path | None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value.faults


def test_every_mistake_is_reported_at_once_with_file_and_key(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'wach = ["kent.gov.uk"]\n[accounts.home]\naddress = "parent"\nprot = 3\n'
        "[reminders]\nstop_after = 0\n",
    )
    faults = faults_of(path)
    assert len(faults) == 4
    assert all(str(path) in fault for fault in faults)
    assert any("wach: unknown key; did you mean watch?" in fault for fault in faults)
    assert any(
        "accounts.home.prot: unknown key; did you mean accounts.home.port?" in f for f in faults
    )
    assert any("accounts.home.address: 'parent' is not an email address" in f for f in faults)
    assert any("reminders.stop_after" in f for f in faults)


def test_a_secret_in_the_file_is_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'watch = ["k.gov.uk"]\n[accounts.home]\naddress = "p@example.org"\npassword = "hunter2"\n',
    )
    (fault,) = faults_of(path)
    assert "INBOXWATCH_ACCOUNTS__HOME__PASSWORD" in fault
    assert "hunter2" not in fault


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("INBOXWATCH_ACCOUNTS__HOME__PASWORD_FILE", "INBOXWATCH_ACCOUNTS__HOME__PASSWORD_FILE"),
        ("INBOXWATCH_STORE_PATH", "INBOXWATCH_STORE__PATH"),
        ("INBOXWATCH_WACH", "INBOXWATCH_WATCH"),
    ],
)
def test_a_mistyped_variable_is_an_error_that_names_the_nearest(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "x")
    assert any(f"{name}: unknown variable; did you mean {meant}?" in f for f in faults_of(None))


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        'watch = ["k.gov.uk"]\n[accounts.home]\naddress = "p@example.org"\nhost = "a"\nport = 1\n',
    )
    monkeypatch.setenv("INBOXWATCH_ACCOUNTS__HOME__HOST", "b")
    monkeypatch.setenv("INBOXWATCH_WATCH", "medway.gov.uk, send@kent.gov.uk")
    settings, used = load(path)
    assert used == path
    assert settings.accounts["home"].host == "b"
    assert settings.accounts["home"].port == 1
    assert settings.watch == ("medway.gov.uk", "send@kent.gov.uk")


def test_lists_in_the_environment_may_be_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOXWATCH_WATCH", '["kent.gov.uk"]')
    assert load()[0].watch == ("kent.gov.uk",)


def test_a_secret_from_the_environment_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOXWATCH_WATCH", "kent.gov.uk")
    monkeypatch.setenv("INBOXWATCH_ACCOUNTS__HOME__ADDRESS", "p@example.org")
    monkeypatch.setenv("INBOXWATCH_ACCOUNTS__HOME__PASSWORD", "canary-secret")
    settings, _ = load()
    assert "canary-secret" not in repr(settings)


def test_plain_connections_leave_this_machine_never(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'watch = ["k.gov.uk"]\n[accounts.a]\naddress = "p@example.org"\nhost = "mail.example.org"\n'
        'security = "plain"\n',
    )
    assert any("security: plain" in fault for fault in faults_of(path))


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not valid TOML"):
        load(written(tmp_path, "watch = []\nwatch ="))


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load(tmp_path / "none.toml")


def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "binary.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(path)


def test_the_file_in_this_folder_is_found_and_a_variable_can_name_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert find_config() is None
    here = tmp_path / "inboxwatch.toml"
    here.write_text('watch = ["kent.gov.uk"]\n')
    found = find_config()
    assert found is not None
    assert found.resolve() == here
    other = written(tmp_path, 'watch = ["medway.gov.uk"]\n')
    monkeypatch.setenv("INBOXWATCH_CONFIG", str(other))
    assert load()[0].watch == ("medway.gov.uk",)


def test_the_example_is_right_and_names_every_setting() -> None:
    settings, _ = load(EXAMPLE)
    assert settings.accounts["home"].address == "you@example.org"
    text = EXAMPLE.read_text(encoding="utf-8")
    missing = [path for path in all_paths() if f"{path[-1]}" not in text]
    assert not missing


def test_paths_variables_and_secrets() -> None:
    assert variable(("accounts", "home", "port")) == "INBOXWATCH_ACCOUNTS__HOME__PORT"
    assert field_at(("accounts", "home", "port")) is not None
    assert field_at(("accounts", "home")) is not None
    assert field_at(("rules", "0", "clock")) is not None
    assert field_at(("nothing", "here")) is None
    assert is_secret(("email", "password"))
    assert not is_secret(("email", "password_file"))
    assert nearest(("email", "hots")) == "email.host"
    assert nearest(("nothing", "here")) is None


def test_a_digest_in_the_quiet_hours_is_a_mistake(tmp_path: Path) -> None:
    late = written(tmp_path, 'watch = ["k.gov.uk"]\n[reminders]\nat_time = 21:00:00\n')
    assert any("reminders: at_time lies in the quiet hours" in fault for fault in faults_of(late))
    noon = "at_time = 12:00:00\nquiet_from = 11:00:00\nquiet_until = 13:00:00\n"
    assert any("quiet hours" in f for f in faults_of(written(tmp_path, f"[reminders]\n{noon}")))
    none = "at_time = 03:00:00\nquiet_from = 00:00:00\nquiet_until = 00:00:00\n"
    assert load(written(tmp_path, f"[reminders]\n{none}"))[0].reminders.at_time.hour == 3


def test_reminders_need_a_day_on_which_they_may_come(tmp_path: Path) -> None:
    text = "[reminders]\nweekdays = []\ndigest_weekdays = []\n"
    assert len(faults_of(written(tmp_path, text))) == 2


def test_a_channel_keeps_its_url_out_of_the_file(tmp_path: Path) -> None:
    (fault,) = faults_of(written(tmp_path, '[channels.phone]\nurl = "ntfy://canary"\n'))
    assert "channels.phone.url_file" in fault
    assert "canary" not in fault
    kept = written(tmp_path, '[channels.phone]\nurl_file = "phone-url"\n')
    assert load(kept)[0].channels["phone"].types == ("digest", "health")


@pytest.mark.parametrize(
    ("email", "fault"),
    [
        ('sign_in_as = "work"', "email.sign_in_as: there is no account 'work'; known: home"),
        ('sign_in_as = "home"', "account 'home' has a password and no sign-in"),
        ('sign_in_as = "home"\npassword_file = "x"', "either a password or sign_in_as"),
    ],
)
def test_a_sign_in_for_sending_must_be_one(tmp_path: Path, email: str, fault: str) -> None:
    text = f'watch = ["k.gov.uk"]\n[accounts.home]\naddress = "p@example.org"\n[email]\n{email}\n'
    assert any(fault in told for told in faults_of(written(tmp_path, text)))


def test_a_sign_in_for_sending_needs_no_server(tmp_path: Path) -> None:
    text = (
        'watch = ["k.gov.uk"]\n[accounts.home]\naddress = "p@example.org"\nsign_in = "google"\n'
        '[email]\nto = ["p@example.org"]\nsign_in_as = "home"\n'
    )
    assert load(written(tmp_path, text))[0].email.host == ""


@pytest.mark.parametrize(
    "word", ["kent", "kent.gov.uk.", "https://kent.gov.uk", "a.gov.uk b.gov.uk"]
)
def test_what_no_council_can_be_called_is_no_silent_watch(tmp_path: Path, word: str) -> None:
    path = written(tmp_path, f'watch = ["send@kent.gov.uk", "ours", "{word}"]\n[bodies.ours]\n')
    (fault,) = faults_of(path)
    assert f"watch: '{word}' is neither a domain nor an address" in fault


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("Gmail.com", "is a mail provider"),
        ("p@example.org", "is your own address"),
        ("old@example.org", "is your own address"),
    ],
)
def test_what_is_no_council_for_sure_is_not_watched(tmp_path: Path, word: str, why: str) -> None:
    account = '[accounts.home]\naddress = "p@example.org"\nhost = "imap.example.org"\n'
    watch = (
        f'watch = ["kent.gov.uk", "send@gmail.com", "{word}"]\nalso_mine = ["old@example.org"]\n'
    )
    path = written(tmp_path, watch + account)
    (fault,) = faults_of(path)
    assert f"watch: '{word}' {why}" in fault
