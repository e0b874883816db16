"""Commands in answers to reminders: tolerant of how people write, deaf to prose."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.commands import Action, Command, Unknown, parse_commands, parse_line

TWO_DONE = Command(action=Action.DONE, number=2)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("done", Command(action=Action.DONE)),
        ("Done.", Command(action=Action.DONE)),
        ("DONE please!", Command(action=Action.DONE)),
        ("done 2", TWO_DONE),
        ("2 done", TWO_DONE),
        ("2. done, thanks", TWO_DONE),
        ("#2 done", TWO_DONE),
        ("No. 2: done", TWO_DONE),
        ("done number 2", TWO_DONE),
        ("answered 2", TWO_DONE),
        ("“done 2”", TWO_DONE),
        ("*done 2*", TWO_DONE),
        ("snooze 5", Command(action=Action.SNOOZE, days=5)),
        ("snooze for 5 days", Command(action=Action.SNOOZE, days=5)),
        ("2 snooze 10", Command(action=Action.SNOOZE, number=2, days=10)),
        ("snooze 2 10", Command(action=Action.SNOOZE, number=2, days=10)),
        ("snooze 2 for 3 weeks", Command(action=Action.SNOOZE, number=2, days=21)),
        (
            "snooze until 2026-12-01",
            Command(action=Action.SNOOZE, until=date(2026, 12, 1)),
        ),
        ("auto", Command(action=Action.AUTO)),
        ("real 3", Command(action=Action.REAL, number=3)),
        ("stop watching 4", Command(action=Action.STOP, number=4)),
        (
            "called: they said Friday",
            Command(action=Action.CALLED, words="they said Friday"),
        ),
        (
            "2 called: they said: ring again",
            Command(action=Action.CALLED, number=2, words="they said: ring again"),
        ),
        ("Phoned 2 - no answer", Command(action=Action.CALLED, number=2, words="no answer")),
    ],
)
def test_a_command_is_read_however_it_is_written(text: str, command: Command) -> None:
    assert parse_commands(text) == (command,)


@pytest.mark.parametrize(
    "text",
    [
        "done nothing about it yet",
        "I am done with this council",
        "stop 2 from becoming a problem",
        "2 done 3",
        "snooze",
        "snooze 0",
        "2 snooze 3 10",
        "snooze 999 weeks",
        "snooze until 2026-02-30",
        "called",
        "really?",
        "automatic reply: I am away",
        "number done",
    ],
)
def test_prose_is_never_taken_for_a_command(text: str) -> None:
    """A wrong guess would close a thread that still waits."""
    assert parse_commands(text) == (Unknown(line=text),)


def test_several_lines_are_several_commands_and_a_greeting_is_passed_over() -> None:
    text = "Hi there,\n\ndone 1\n  2 snooze 10\n\nstop 3\n\nThanks so much for this.\ndone 4"
    assert parse_commands(text) == (
        Command(action=Action.DONE, number=1),
        Command(action=Action.SNOOZE, number=2, days=10),
        Command(action=Action.STOP, number=3),
    )


@pytest.mark.parametrize(
    "text",
    ["", "\n \n", "Thanks!\n", "> done 1", "On Monday inboxwatch wrote:\ndone 1", "-- \ndone 1"],
)
def test_what_the_reminder_itself_says_is_no_command(text: str) -> None:
    """Its own text offers `done 1`; a badly cut quotation must do nothing."""
    assert parse_commands(text) == ()


def test_saying_it_twice_is_saying_it_once_and_a_flood_ends() -> None:
    assert parse_commands("done 2\n2 done") == (TWO_DONE,)
    assert len(parse_commands("\n".join(f"done {n}" for n in range(1, 99)))) == 20


def test_an_unknown_line_is_told_harmlessly() -> None:
    (unknown,) = parse_commands("wait\x1b[31m\u202e for " + "x" * 300)
    assert isinstance(unknown, Unknown)
    assert len(unknown.line) <= 80
    assert "\x1b" not in unknown.line
    assert "\u202e" not in unknown.line


@given(st.text())
def test_any_text_gives_commands_or_says_that_it_does_not(text: str) -> None:
    for found in parse_commands(text):
        if isinstance(found, Command):
            assert found.number is None or 0 <= found.number <= 999
            assert (found.action is Action.SNOOZE) == (
                found.days is not None or found.until is not None
            )
            assert (found.action is Action.CALLED) == bool(found.words)
        else:
            assert found.line.strip()


@given(st.integers(1, 99), st.integers(1, 700))
def test_number_and_days_are_told_apart(number: int, days: int) -> None:
    wanted = Command(action=Action.SNOOZE, number=number, days=days)
    assert parse_line(f"{number} snooze {days}") == wanted
    assert parse_line(f"snooze {number} {days}") == wanted
