"""The whole chain over a simulated parent's mailbox: bytes in, verdicts out, the truth known."""

from __future__ import annotations

from pathlib import Path

import pytest

from inboxwatch.application.picture import Picture
from inboxwatch.domain.message import Message
from tests.world.mails import PARENT
from tests.world.peers import any_later_mail_answers, last_message_is_mine
from tests.world.scoring import Score, picture_of, read_world, score
from tests.world.simulator import (
    SCENARIOS,
    World,
    simulate,
    write_maildir,
    write_mboxes,
)

# What the chain reached when these were written. A change may better them, never worsen them.
NEEDLESS_REVIEWS_AT_MOST = 0.01
WRONG_FACTS_AT_MOST = 0


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(threads=540, seed=1)


@pytest.fixture(scope="module")
def messages(world: World) -> tuple[Message, ...]:
    return read_world(world)


@pytest.fixture(scope="module")
def picture(world: World, messages: tuple[Message, ...]) -> Picture:
    return picture_of(world, messages)


@pytest.fixture(scope="module")
def scored(world: World, picture: Picture) -> Score:
    result = score(world, picture)
    print(f"\n{result.table()}")
    return result


def test_the_world_is_large_and_varied(scored: Score) -> None:
    assert len(SCENARIOS) >= 80
    assert scored.asked >= 400
    assert set(scored.statuses) == {"answered", "waiting", "overdue", "undelivered", "review"}


def test_nobody_is_told_they_were_ignored_when_they_were_answered(scored: Score) -> None:
    assert scored.accused == []


def test_no_ignored_question_is_taken_for_answered(scored: Score) -> None:
    assert scored.missed == []


def test_hardly_any_question_is_put_to_review_without_need(scored: Score) -> None:
    assert len(scored.reviewed) / scored.asked <= NEEDLESS_REVIEWS_AT_MOST, scored.reviewed


def test_every_other_status_is_right(scored: Score) -> None:
    assert scored.otherwise == []


def test_what_machines_told_is_right(scored: Score) -> None:
    """Acknowledged, read, deleted unread, chased, promised."""
    assert len(scored.facts) <= WRONG_FACTS_AT_MOST, scored.facts


def test_another_world_is_judged_as_well() -> None:
    other = simulate(threads=364, seed=20260301)  # so many that one review more is no per cent

    result = score(other, picture_of(other))

    assert (result.accused, result.missed, result.otherwise, result.facts) == ([], [], [], [])
    assert len(result.reviewed) / result.asked <= NEEDLESS_REVIEWS_AT_MOST


def test_the_rules_of_simpler_tools_are_wrong_on_a_third_of_it(
    world: World, messages: tuple[Message, ...]
) -> None:
    """So that the figures above are known to be hard to reach."""
    mine_is_last = last_message_is_mine(world, messages)
    anything_later = any_later_mail_answers(world, messages)

    assert mine_is_last.wrong > 0.3
    assert anything_later.wrong > 0.3


def test_the_same_seed_makes_the_same_world(world: World) -> None:
    assert simulate(threads=540, seed=1) == world
    assert simulate(threads=540, seed=2) != world


def test_the_world_can_be_written_as_mail_files(world: World, tmp_path: Path) -> None:
    write_maildir(world, tmp_path / "Maildir")
    mboxes = write_mboxes(world, tmp_path)

    assert len(list((tmp_path / "Maildir").rglob("*:2,S"))) == len(world.mails)
    assert {path.name for path in mboxes} == {
        "INBOX.mbox", "Sent.mbox", "Junk.mbox", "Archive.mbox",
    }  # fmt: skip
    assert PARENT.encode() in (tmp_path / "Sent.mbox").read_bytes()
