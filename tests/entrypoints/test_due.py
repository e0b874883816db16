"""`due` and `clocks` on the command line: shapes for scripts, words for people, refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inboxwatch.domain.errors import ConfigError
from inboxwatch.entrypoints.cli import cli
from tests.entrypoints.terminals import in_terminal

KEYS = {
    "preset",
    "from",
    "received_on",
    "chase_on",
    "due_on",
    "latest_on",
    "overdue_from",
    "milestones",
    "calendar",
    "citation",
    "confidence",
    "warnings",
}


@pytest.fixture(autouse=True)
def no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file here nor one in the user's folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))


def run(*words: str) -> Result:
    """Run a command that must succeed."""
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def as_json(*words: str) -> Any:
    """Run a command with --json and read what it says."""
    return json.loads(run(*words, "--json").stdout)


def refused(*words: str) -> ConfigError:
    """Run a command that must be refused and return why."""
    with pytest.raises(ConfigError) as caught:
        CliRunner().invoke(cli, words, catch_exceptions=False)
    return caught.value


def test_due_has_the_promised_fields() -> None:
    """Others script against them."""
    found = as_json("due", "foi", "--from", "2026-06-14")

    assert found.keys() >= KEYS
    assert found["due_on"] == found["latest_on"] == "2026-07-14"
    assert found["overdue_from"] == "2026-07-15"
    assert (found["calendar"], found["confidence"]) == ("any-uk", "A")
    assert (found["chase_on"], found["milestones"], found["warnings"]) == (None, {}, [])
    assert "count" not in found


def test_due_takes_london_time_and_any_other() -> None:
    """Half past four UTC in June is after five in London."""
    london = as_json("due", "ehcna-decision", "--from", "2026-06-01T17:30")
    utc = as_json("due", "ehcna-decision", "--from", "2026-06-01T16:30:00+00:00")
    early = as_json("due", "ehcna-decision", "--from", "2026-06-01T16:30")

    assert london["received_on"] == utc["received_on"] == "2026-06-02"
    assert early["received_on"] == "2026-06-01"


def test_due_explains_day_by_day() -> None:
    """The last day counted is the due day, and each skipped one is named."""
    found = as_json("due", "foi", "--from", "2026-06-14", "--explain")

    assert found["count"][-1] == {"on": "2026-07-14", "number": 20, "note": ""}
    skipped = [day["note"] for day in found["count"] if day["number"] is None]
    assert any("World Cup" in name and "Scotland" in name for name in skipped)
    assert all(skipped)


@pytest.mark.parametrize("name", ["ack", "acknowledged", "ACK"])
def test_due_takes_events_by_the_names_people_use(name: str) -> None:
    """Stage one from its acknowledgement, the latest from receipt."""
    found = as_json("due", "lgsco-s1", "--from", "2026-03-27", "--event", f"{name}=2026-03-30")

    assert (found["due_on"], found["latest_on"]) == ("2026-04-15", "2026-04-21")


def test_due_takes_the_certificate_of_an_appeal_and_a_clarification() -> None:
    """Both as NAME=DATE."""
    appeal = as_json("due", "send-appeal", "--from=2026-02-10", "--event=certificate=2026-04-20")
    foi = as_json("due", "foi", "--from=2026-03-02", "--event=clarified=2026-03-16")

    assert appeal["due_on"] == "2026-05-20"
    assert foi["due_on"] == "2026-04-16"


def test_due_extended_takes_the_longer_time() -> None:
    """Three months for a complex subject access request."""
    assert as_json("due", "sar", "--from", "2026-01-31", "--extended")["due_on"] == "2026-04-30"


def test_due_takes_a_plain_time_and_a_calendar() -> None:
    """Ten working days of England and Wales unless another calendar is named."""
    assert as_json("due", "10wd", "--from", "2026-05-20T23:00")["due_on"] == "2026-06-04"
    scotland = as_json("due", "1wd", "--from", "2026-04-02", "--calendar", "scotland")
    assert (scotland["due_on"], scotland["calendar"]) == ("2026-04-06", "scotland")


def test_a_preset_keeps_its_own_calendar() -> None:
    """FOI on another one would be wrong."""
    error = refused("due", "foi", "--from", "2026-05-20", "--calendar", "scotland")

    assert "any-uk" in error.problem


def test_due_at_a_council_uses_its_promise() -> None:
    """And says when it has none, or other times of its own."""
    promised = as_json("due", "send-promise", "--from", "2026-03-02", "--council", "Cheshire East")
    unknown = as_json("due", "send-promise", "--from", "2026-03-02", "--council", "kent")
    nobody = as_json("due", "send-promise", "--from", "2026-03-02")
    code = as_json("due", "lgsco-ack", "--from", "2026-03-02", "--council", "KCC")

    assert promised["due_on"] == "2026-03-05"
    assert "no published promise" in unknown["warnings"][0]
    assert "--council" in nobody["warnings"][0]
    assert "kcc-complaint" in code["warnings"][0]


def test_a_councils_own_preset_works_without_naming_it() -> None:
    """Kent: acknowledged in 3, answered in 20 working days."""
    found = as_json("due", "kcc-complaint", "--from", "2026-03-27")

    assert found["milestones"] == {"acknowledgement": "2026-04-01"}
    assert found["due_on"] == "2026-04-28"


def test_a_preset_switched_off_computes_with_a_warning() -> None:
    """The date is there, and so is the doubt."""
    found = as_json("due", "pap", "--from", "2026-03-20")

    assert found["due_on"] == "2026-04-03"
    assert "switched off" in found["warnings"][0]


def test_school_presets_need_the_term_date_file(tmp_path: Path) -> None:
    """Refused with its name; given, they count school days."""
    error = refused("due", "edu-record", "--from", "2026-03-02")
    terms = tmp_path / "term-dates.toml"
    terms.write_text("[[term]]\nfirst = 2026-02-23\nlast = 2026-03-27\n", encoding="utf-8")

    found = as_json("due", "edu-record", "--from", "2026-03-02", "--term-dates", str(terms))

    assert "term-dates.toml" in error.remedy
    assert found["due_on"] == "2026-03-23"


def test_due_reads_the_users_own_clocks_holidays_terms_and_bodies(tmp_path: Path) -> None:
    """All of them are named in the configuration."""
    (tmp_path / "mine.toml").write_text(
        '[housing]\ntitle = "Housing repairs"\ndue = "2wd"\nfollows_body_calendar = true\n',
        encoding="utf-8",
    )
    (tmp_path / "days.toml").write_text(
        '[[holiday]]\non = 2026-03-03\nname = "Our day"\n', encoding="utf-8"
    )
    (tmp_path / "inboxwatch.toml").write_text(
        'clocks_file = "mine.toml"\nholidays_file = "days.toml"\n'
        '[bodies."north.gov.uk"]\ntitle = "North Council"\ndomains = ["north.gov.uk"]\n',
        encoding="utf-8",
    )

    words = ("due", "housing", "--from", "2026-03-02", "--council", "north", "--explain")
    found = as_json(*words)

    assert found["due_on"] == "2026-03-05"
    assert "Our day" in [day["note"] for day in found["count"]]


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("due", "ordinary-emial", "--from", "2026-03-02"), "'ordinary-email'"),
        (("due", "foi", "--from", "yesterday"), "2026-06-30"),
        (("due", "foi", "--from", "2026-13-01"), "2026-06-30"),
        (("due", "foi", "--from", "2026-03-02", "--event", "ack"), "--event ack="),
        (("due", "foi", "--from", "2026-03-02", "--event", "ack=2026-03-03"), "clarification-"),
        (("due", "foi", "--from", "2026-03-02", "--council", "Kant"), "'Kent"),
    ],
)
def test_a_mistake_is_refused_with_what_to_write(words: tuple[str, ...], remedy: str) -> None:
    """The remedy holds the right form."""
    error = refused(*words)

    assert remedy.lower().strip("'") in error.remedy.lower()


def test_due_in_words_says_what_next_and_that_it_is_no_legal_advice() -> None:
    """Plain text in a pipe: dates, day count, next step, source; warnings beside it."""
    result = run("due", "mediation-contact", "--from", "2026-03-10", "--explain")

    assert "2026-05-10" in result.stdout
    assert "the last office day before" in result.stdout
    assert "Whose deadline: you" in result.stdout
    assert "not legal advice" in result.stdout
    appeal = run("due", "send-appeal", "--from", "2027-01-17").stdout
    assert "only on another reading" in appeal
    council = run(
        "due", "sar", "--from", "2026-03-02", "--event", "id-received=2026-03-10", "--extended"
    ).stdout
    assert "counted from" in council
    both = run("due", "ordinary-email", "--from", "2026-03-02").stdout
    assert "a polite chaser" in both
    plain = run("due", "6w", "--from", "2026-03-02").stdout
    assert "2026-04-13" in plain
    assert "If it passes" not in plain
    outer = run("due", "ca89-s2", "--from", "2026-03-02")
    assert "the latest defensible day" in outer.stdout
    assert "warning: The 25 working days" in outer.stderr


def test_clocks_lists_every_preset_with_its_authority() -> None:
    """Citation, confidence and whose deadline, for people and for scripts."""
    listing = run("clocks").stdout
    found = as_json("clocks")

    by_id = {clock["id"]: clock for clock in found}
    assert len(by_id) == len(found) >= 44
    assert all(name in listing for name in by_id)
    assert "C (off)" in listing
    assert by_id["foi"]["citation"].startswith("Freedom of Information Act 2000")
    assert (by_id["send-appeal"]["whose"], by_id["send-appeal"]["confidence"]) == ("user", "B")
    assert by_id["pap"]["enabled"] is False
    assert by_id["dp-complaint"]["valid_from"] == "2026-06-19"
    assert by_id["lgsco-s1"]["events"] == ["ack"]


@pytest.mark.parametrize(("columns", "is_table"), [(90, False), (220, True)])
def test_clocks_fit_the_terminal(columns: int, is_table: bool, tmp_path: Path) -> None:
    """A table where it fits, three lines a clock where it does not."""
    listing = in_terminal("clocks", columns=columns, folder=tmp_path)

    assert ("───" in listing) is is_table
    assert "send-appeal" in listing
    assert is_table or "2 months, your own deadline, court-rule, confidence B" in listing
    assert max(len(line) for line in listing.splitlines()) <= columns
