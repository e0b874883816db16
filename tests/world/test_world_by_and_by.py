"""A simulated mailbox that comes by and by, judged after each part, ends as if judged at once."""

from __future__ import annotations

from random import Random

import pytest

from inboxwatch.application.basis import begin_basis
from inboxwatch.application.picture import Picture
from inboxwatch.application.reading import Surroundings, first_opinion
from inboxwatch.application.review import Reviewed, review
from inboxwatch.application.telling import Manner
from inboxwatch.domain.keys import keys
from inboxwatch.domain.message import Message
from inboxwatch.domain.reminders import ReminderPolicy
from tests.fakes_outbox import FakeNotifier
from tests.fakes_store import FakeStore
from tests.household import PERSON, usual_slots
from tests.twins import difference, held
from tests.world.scoring import picture_of, read_world, yardstick
from tests.world.simulator import SCENARIOS, World, simulate

YARDSTICK = yardstick()
CALENDAR = YARDSTICK.calendars["england-and-wales"]


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(threads=2 * len(SCENARIOS), seed=12)


@pytest.fixture(scope="module")
def messages(world: World) -> tuple[Message, ...]:
    return read_world(world)


@pytest.fixture(scope="module")
def at_once(world: World, messages: tuple[Message, ...]) -> FakeStore:
    store = FakeStore()
    poll(store, world, messages)
    judge(store, world)
    return store


def poll(store: FakeStore, world: World, part: tuple[Message, ...]) -> None:
    around = Surroundings(watch=world.watch, wording=YARDSTICK.wording, calendar=CALENDAR)
    with store.transaction() as tx:
        begin_basis(tx, PERSON, YARDSTICK.judged_by, world.watch)
        found = [first_opinion(message, around) for message in part]
        tx.save_entries(PERSON, ((entry, keys(entry, world.watch)) for entry in found))


def judge(store: FakeStore, world: World) -> Reviewed:
    return review(
        store,
        (FakeNotifier(),),
        PERSON,
        watch=world.watch,
        yardstick=YARDSTICK,
        as_of=world.as_of,
        now=world.as_of,
        manner=Manner(policy=ReminderPolicy(), slots=usual_slots(), calendar=CALENDAR),
    )


def same_in_the_end(one: FakeStore, other: FakeStore) -> None:
    step, whole = held(one), held(other)
    for what in ("entries", "placements", "pages", "strays"):
        assert step[what] == whole[what], f"{what}: {difference(step[what], whole[what])}"


@pytest.mark.parametrize("order", ["as it was written", "shuffled", "newest first"])
def test_mail_that_comes_in_parts_is_judged_as_if_it_had_come_at_once(
    world: World, messages: tuple[Message, ...], at_once: FakeStore, order: str
) -> None:
    coming = sorted(messages, key=lambda message: (message.at, message.message_id))
    if order == "shuffled":
        Random(3).shuffle(coming)
    if order == "newest first":
        coming.reverse()
    store, dice, judged = FakeStore(), Random(5), []
    while coming:
        size = dice.choice((1, 1, 1, 2, 3, 8))
        part, coming = tuple(coming[:size]), coming[size:]
        poll(store, world, part)
        judged.append(judge(store, world).threads)
    same_in_the_end(store, at_once)
    assert sum(number < 10 for number in judged) > len(judged) / 2  # only what changed


def test_what_is_stored_says_what_the_picture_says(
    world: World, messages: tuple[Message, ...], at_once: FakeStore
) -> None:
    picture: Picture = picture_of(world, messages)
    with at_once.transaction(read_only=True) as tx:
        stored = {kept.page.thread_id: kept.status for kept in tx.pages(PERSON)}
    assert stored == {verdict.thread.id: verdict.status for verdict in picture.verdicts}
