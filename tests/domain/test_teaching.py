"""A correction is remembered for the same words, and a confirmed sender joins the body."""

from datetime import UTC, datetime

import pytest

from inboxwatch.domain.bodies import Body, Watch
from inboxwatch.domain.kinds import Classification, Kind
from inboxwatch.domain.message import Address, Message
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.teaching import learned_places, taught
from inboxwatch.domain.threads import Direction, Entry

AT = datetime(2026, 6, 3, 10, tzinfo=UTC)
WATCH = Watch(
    bodies=(
        Body(name="kent.gov.uk", domains=("kent.gov.uk",)),
        Body(name="medway.gov.uk", domains=("medway.gov.uk",)),
    ),
    own_addresses=frozenset({"sam@family.example"}),
)


def an_entry(
    message_id: str,
    sender: str | None,
    to: tuple[str, ...] = (),
    *,
    direction: Direction = Direction.RECEIVED,
    text: str = "f1",
) -> Entry:
    return Entry(
        message=Message(
            message_id=message_id,
            at=AT,
            sender=Address(address=sender) if sender else None,
            to=tuple(Address(address=address) for address in to),
        ),
        classification=Classification(kind=Kind.HUMAN, fingerprint=text),
        direction=direction,
    )


def sent(message_id: str, *to: str) -> Entry:
    return an_entry(message_id, "sam@family.example", to, direction=Direction.SENT)


def said(number: int, verb: Verb, target: str, value: str, *, undone: bool = False) -> Override:
    return Override(
        id=number, at=AT, by="cli", verb=verb, target=target, value=value,
        undone_at=AT if undone else None,
    )  # fmt: skip


def test_a_correction_is_remembered_for_the_sender_and_the_words() -> None:
    overrides = (said(1, Verb.CLASSIFY, "m1", "acknowledgement"),)
    entries = (an_entry("m1", "send@kent.gov.uk"), an_entry("m2", "send@kent.gov.uk"))

    assert taught(overrides, entries) == (("send@kent.gov.uk", "f1", Kind.ACKNOWLEDGEMENT),)


def test_what_is_undone_is_forgotten_and_the_last_word_counts() -> None:
    overrides = (
        said(1, Verb.CLASSIFY, "m1", "acknowledgement"),
        said(2, Verb.CLASSIFY, "m1", "bulk"),
        said(3, Verb.CLASSIFY, "m1", "human", undone=True),
    )

    assert taught(overrides, (an_entry("m1", "a@kent.gov.uk"),)) == (
        ("a@kent.gov.uk", "f1", Kind.BULK),
    )


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (an_entry("m1", "a@kent.gov.uk", text=""), "bulk"),
        (an_entry("m1", None), "bulk"),
        (an_entry("m1", "sam@family.example", direction=Direction.SENT), "bulk"),
        (an_entry("m1", "a@kent.gov.uk"), "unsure"),
        (an_entry("elsewhere", "a@kent.gov.uk"), "bulk"),
    ],
)
def test_what_cannot_be_learned_from_teaches_nothing(entry: Entry, kind: str) -> None:
    assert taught((said(1, Verb.CLASSIFY, "m1", kind),), (entry,)) == ()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("cantium.example", (("cantium.example", "kent.gov.uk"),)),
        ("@Cantium.example", (("cantium.example", "kent.gov.uk"),)),
        ("officer@gmail.com", (("officer@gmail.com", "kent.gov.uk"),)),
        ("gmail.com", ()),
        ("", ()),
        ("send@kent.gov.uk", ()),
        ("sam@family.example", ()),
        ("family.example", ()),
        ("medway.gov.uk", ()),
    ],
)
def test_a_confirmed_place_joins_the_body(
    place: str, expected: tuple[tuple[str, str], ...]
) -> None:
    overrides = (said(1, Verb.CONFIRM_BODY, place, "kent.gov.uk"),)

    assert learned_places(overrides, (), WATCH) == expected


def test_a_body_that_is_not_watched_learns_nothing() -> None:
    assert (
        learned_places((said(1, Verb.CONFIRM_BODY, "x.example", "hull.gov.uk"),), (), WATCH) == ()
    )


@pytest.mark.parametrize(
    ("sender", "place"),
    [("case@cantium.example", "cantium.example"), ("officer@gmail.com", "officer@gmail.com")],
)
def test_a_message_linked_by_hand_brings_its_sender(sender: str, place: str) -> None:
    entries = (sent("root", "send@kent.gov.uk"), an_entry("m1", sender))

    places = learned_places((said(1, Verb.LINK, "m1", "root"),), entries, WATCH)

    assert places == ((place, "kent.gov.uk"),)


def test_a_thread_that_the_body_began_is_theirs_too() -> None:
    entries = (an_entry("root", "send@kent.gov.uk"), an_entry("m1", "case@cantium.example"))

    assert learned_places((said(1, Verb.LINK, "m1", "root"),), entries, WATCH) == (
        ("cantium.example", "kent.gov.uk"),
    )


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (sent("root", "send@kent.gov.uk"),),
        (an_entry("m1", "case@cantium.example"),),
        (sent("root", "send@kent.gov.uk"), an_entry("m1", None)),
        (sent("root", "send@kent.gov.uk"), sent("m1", "x@cantium.example")),
        (sent("root", "friend@other.example"), an_entry("m1", "case@cantium.example")),
        (sent("root", "a@kent.gov.uk", "b@medway.gov.uk"), an_entry("m1", "c@cantium.example")),
        (an_entry("root", None), an_entry("m1", "case@cantium.example")),
    ],
)
def test_a_link_that_says_no_body_teaches_nothing(entries: tuple[Entry, ...]) -> None:
    assert learned_places((said(1, Verb.LINK, "m1", "root"),), entries, WATCH) == ()
