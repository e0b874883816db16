"""Which address belongs to which body, on label boundaries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.domain.bodies import Body, Watch, body_for, is_within

KENT = Body(
    name="kent.gov.uk",
    domains=("kent.gov.uk",),
    addresses=("kent@case-system.example.com",),
    not_the_body=("members.kent.gov.uk", "iask@kent.gov.uk"),
)
WATCH = Watch(
    bodies=(KENT, Body(name="hull.gov.uk", domains=("hull.gov.uk",))),
    own_addresses=frozenset({"me@example.org", "me@kent.gov.uk"}),
    learned=(("trust.example.com", "kent.gov.uk"), ("one@other.example.com", "hull.gov.uk")),
)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("send@kent.gov.uk", "kent.gov.uk"),
        ("a@mail.kent.gov.uk", "kent.gov.uk"),
        ("kent@case-system.example.com", "kent.gov.uk"),
        ("x@trust.example.com", "kent.gov.uk"),
        ("x@mail.trust.example.com", "kent.gov.uk"),
        ("one@other.example.com", "hull.gov.uk"),
        ("a@solihull.gov.uk", None),
        ("a@kent.gov.uk.example.com", None),
        ("a@notkent.gov.uk", None),
        ("a@kent.police.uk", None),
        ("cllr@members.kent.gov.uk", None),
        ("iask@kent.gov.uk", None),
        ("me@kent.gov.uk", None),
        ("two@other.example.com", None),
        ("nobody", None),
    ],
)
def test_an_address_belongs_to_its_body_and_to_no_lookalike(address: str, name: str | None) -> None:
    body = WATCH.body_of(address)
    assert (body.name if body else None) == name


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True))
def test_a_longer_word_is_never_the_domain(prefix: str) -> None:
    assert not is_within(prefix + "hull.gov.uk", "hull.gov.uk")
    assert is_within(prefix + ".hull.gov.uk", "hull.gov.uk")


def test_the_longest_domain_wins() -> None:
    trust = Body(name="trust", domains=("trust.kent.gov.uk",))
    watch = Watch(bodies=(KENT, trust), own_addresses=frozenset())
    found = watch.body_of("a@trust.kent.gov.uk")
    assert found is trust


def test_watching_one_address_waits_only_there_but_anyone_may_answer() -> None:
    body = body_for("Send@Kent.gov.uk")
    watch = Watch(bodies=(body,), own_addresses=frozenset())
    assert watch.council_mailbox("send@kent.gov.uk") is not None
    assert watch.council_mailbox("complaints@kent.gov.uk") is None
    assert watch.body_of("officer@kent.gov.uk") is body
    assert not body.watches("complaints@kent.gov.uk")
    assert not body.watches("x@elsewhere.example")


def test_watching_a_domain_waits_everywhere_in_it() -> None:
    body = body_for("@kent.gov.uk")
    assert body.watches("anyone@kent.gov.uk")
    assert body.name == "kent.gov.uk"


def test_at_a_public_provider_only_the_address_is_the_body() -> None:
    body = body_for("clerk@gmail.com")
    assert body.owns("clerk@gmail.com")
    assert not body.owns("someone@gmail.com")


def test_bodies_are_found_by_name() -> None:
    assert WATCH.body("kent.gov.uk") is KENT
    assert WATCH.body("none") is None
    assert WATCH.is_own("me@example.org")


def test_a_mailbox_with_more_addresses_than_are_remembered_is_still_judged_right() -> None:
    for number in range(10_050):
        assert WATCH.body_of(f"person{number}@elsewhere.example") is None
    found = WATCH.body_of("send@kent.gov.uk")
    assert found is KENT
