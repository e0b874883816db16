"""The files that a configuration names: found beside it, read as editors write them, checked."""

from pathlib import Path

import pytest

from inboxwatch.bootstrap import check_files, yardstick_of
from inboxwatch.bootstrap.places import password_of
from inboxwatch.domain.errors import ConfigError
from inboxwatch.settings.load import load
from inboxwatch.settings.model import Settings

CONFIG = """
watch = ["kent.gov.uk"]
rules_file = "own/rules.toml"
holidays_file = "own/holidays.toml"
clocks_file = "own/clocks.toml"
wording_folder = "own/wording"
letters_folder = "own/letters"
[accounts.home]
address = "parent@example.org"
host = "imap.example.org"
password_file = "own/password"
ca_file = "own/ca.pem"
"""
OWN = {
    "rules.toml": '[[rules]]\nname = "send"\nclock = "own"\nmailboxes = ["send"]\n',
    "holidays.toml": '[[holiday]]\non = 2027-05-10\nname = "A day of our own"\n',
    "clocks.toml": '[own]\ntitle = "Our own"\ndue = "7d"\n',
    "wording/own.toml": '[[phrases]]\nsays = "automatic"\nany = ["words of our own robot"]\n',
    "letters/chaser.txt": "Subject: Hello\nText",
    "password": "an invented word\n",
}


def folder_with(tmp_path: Path, encoding: str = "utf-8", **instead: str) -> Path:
    """Write a configuration and its files into a folder; return the configuration."""
    for name, text in {**OWN, **instead}.items():
        path = tmp_path / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding=encoding)
    config = tmp_path / "inboxwatch.toml"
    config.write_text(CONFIG, encoding=encoding)
    return config


def settings_from(config: Path) -> Settings:
    return load(config)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_files_lie_beside_the_configuration_wherever_the_program_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    config = folder_with(tmp_path / "config", encoding)
    monkeypatch.chdir(elsewhere)
    settings = settings_from(config)

    check_files(settings)

    yardstick = yardstick_of(settings)
    assert [rule.name for rule in yardstick.rules] == ["send", "default"]
    assert "own" in yardstick.clocks
    assert any(phrase.text == "words of our own robot" for phrase in yardstick.wording.phrases)
    account = settings.accounts["home"]
    assert password_of("home", account) == "an invented word"
    assert account.ca_file == tmp_path / "config" / "own" / "ca.pem"
    assert settings.model_fields_set == {
        "watch", "accounts", "rules_file", "holidays_file", "clocks_file", "wording_folder",
        "letters_folder",
    }  # fmt: skip


def test_paths_of_ones_home_and_whole_paths_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    config = tmp_path / "some.toml"
    config.write_text('data_folder = "~/mail"\nclocks_file = "/srv/clocks.toml"\n')

    settings = settings_from(config)

    assert settings.data_folder == tmp_path / "home" / "mail"
    assert settings.clocks_file == Path("/srv/clocks.toml")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[rule]]\nclock = "own"\n', "rule: unknown key; rules are written [[rules]]"),
        ('[[rules]]\nname = "x"\nclok = "own"\n', "rules.0.clok: Extra inputs"),
        ("rules = ", "is not TOML"),
    ],
)
def test_a_wrong_rules_file_is_told_and_never_passed_over(
    tmp_path: Path, text: str, fault: str
) -> None:
    settings = settings_from(folder_with(tmp_path, **{"rules.toml": text}))

    with pytest.raises(ConfigError, match=r"rules file .*rules\.toml has ") as caught:
        check_files(settings)

    assert any(fault in told for told in caught.value.faults), caught.value.faults


def test_a_letter_by_a_wrong_name_is_told(tmp_path: Path) -> None:
    settings = settings_from(folder_with(tmp_path, **{"letters/chasser.txt": "Subject: x\ny"}))

    with pytest.raises(ConfigError, match=r"chasser\.txt cannot be used: no letter has this name"):
        check_files(settings)


def test_a_webhook_that_nothing_signs_is_a_mistake(tmp_path: Path) -> None:
    config = folder_with(tmp_path)
    with config.open("a") as file:
        file.write('[webhooks.group]\nurl = "https://hub.example.org"\n')
    with pytest.raises(ConfigError, match=r"webhooks\.group\.secret_file: is missing"):
        check_files(settings_from(config))
