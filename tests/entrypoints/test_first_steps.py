"""What the command line says before there is any mail: help, the demo, first steps, settings."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from inboxwatch.entrypoints.cli import GROUPS, VERBS
from tests.e2e.household import clean_environment
from tests.entrypoints.terminals import piped


def test_without_a_command_the_help_stands_alone(tmp_path: Path) -> None:
    code, _, errors = piped(folder=tmp_path)
    assert code == 2
    assert errors.startswith("Usage: inboxwatch")
    assert "See: inboxwatch" not in errors


def test_the_settings_shown_can_be_copied_and_give_nobody_a_way_in(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("whsec_" + "QUJD" * 8)
    (tmp_path / "inboxwatch.toml").write_text(
        'watch = ["kent.gov.uk"]\n[service]\nping_url = "https://watch.example/t0ken"\n'
        '[webhooks.hub]\nurl = "https://chat.example/hooks/t0ken"\nsecret_file = "secret"\n'
    )
    for words in ((), ("--json",)):
        code, shown, _ = piped("config", "show", *words, folder=tmp_path)
        assert code == 0
        assert "t0ken" not in shown
        assert "https://chat.example/" in shown
    lines = piped("config", "show", folder=tmp_path)[1].splitlines()
    assert 'watch = ["kent.gov.uk"]' in lines
    assert "page.enabled = false" in lines
    assert 'reminders.weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"]' in lines


@pytest.mark.parametrize(
    "words",
    [("list",), ("show", "x"), ("poll",), ("review",), ("stats",), ("export",), ("run",)],
    ids=lambda words: words[0],
)
def test_without_an_account_a_command_says_how_to_begin(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    code, _, errors = piped(*words, folder=tmp_path)
    assert code == 2
    assert "there is no account yet" in errors
    assert "inboxwatch init" in errors


def test_doctor_does_not_say_that_all_is_well_when_nothing_is_watched(tmp_path: Path) -> None:
    code, shown, _ = piped("doctor", folder=tmp_path)
    assert code == 7
    assert "All is well" not in shown


def test_doctor_looks_the_users_own_letters_over(tmp_path: Path) -> None:
    (tmp_path / "inboxwatch.toml").write_text('letters_folder = "letters"\n')
    (tmp_path / "letters").mkdir()
    chaser = tmp_path / "letters" / "chaser.txt"

    def said() -> str:
        told = json.loads(piped("doctor", "--json", folder=tmp_path)[1])
        (text,) = (one["text"] for one in told if one["about"] == "letters")
        return str(text)

    chaser.write_text("Subject: Hello\n{{ name }}")
    assert "can be used" in said()
    chaser.write_text("Subject: Hello\n{{ name")
    assert "chaser.txt cannot be used" in said()


def test_the_demo_says_why_its_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    code, _, errors = piped("demo", "--folder", "taken/demo", folder=tmp_path)
    assert code == 2
    assert "taken/demo cannot be written" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("on_path", [True, False])
def test_the_demo_ends_with_a_command_that_can_be_typed(tmp_path: Path, on_path: bool) -> None:
    program = Path(sys.executable).parent / "inboxwatch"
    environment = clean_environment(tmp_path) | {"PATH": str(program.parent) if on_path else ""}
    shown = subprocess.run(
        [program, "demo"], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    last = shown.splitlines()[-1].split()
    assert last[:2] == ["inboxwatch" if on_path else str(program), "audit"]


def test_the_list_of_the_demo_holds_what_its_name_says(tmp_path: Path) -> None:
    assert piped("demo", folder=tmp_path)[0] == 0
    rows = (tmp_path / "inboxwatch-demo" / "unanswered.csv").read_text("utf-8-sig").splitlines()
    assert {row.partition(",")[0] for row in rows[1:]} == {
        "overdue",
        "undelivered",
        "review",
        "waiting",
    }


def test_the_help_has_every_command_once_in_a_group() -> None:
    assert sorted(verb for verbs in GROUPS.values() for verb in verbs) == sorted(VERBS)


def test_the_help_shortens_no_sentence(tmp_path: Path) -> None:
    code, shown, _ = piped("--help", folder=tmp_path, COLUMNS="80")
    assert code == 0
    assert "..." not in shown.replace("[ARGS]...", "")
    assert shown.index("demo") < shown.index("init") < shown.index("list  ")


def test_init_says_before_its_questions_that_its_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    code, shown, errors = piped("init", "--folder", "taken/config", folder=tmp_path)
    assert code == 2
    assert "taken/config cannot be written" in errors
    assert "Your email address" not in shown
