"""Signing in: the right password, a bounded number of wrong ones, and an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inboxwatch.entrypoints.web.attempts import Attempts
from inboxwatch.entrypoints.web.users import User
from tests.entrypoints.web.demo_site import HASHER, Browser, StillKnown, user, users


def test_one_signs_in_and_comes_back_to_where_one_wanted(guarded: Browser) -> None:
    asked = guarded.get("/review")
    assert asked.headers["location"] == "/sign-in?next=%2Freview"
    form = guarded.get(asked.headers["location"])
    assert 'name="next" value="/review"' in form.text
    before = guarded.cookie
    entered = guarded.sign_in("Anna ", next="/review")
    assert entered.status_code == 303
    assert entered.headers["location"] == "/review"
    assert guarded.cookie != before  # a cookie planted before is worth nothing
    assert guarded.get("/review").status_code == 200
    assert "Signed in as anna" in guarded.get("/").text
    assert guarded.get("/sign-in").headers["location"] == "/"


@pytest.mark.parametrize("name", ["anna", "nobody", ""])
def test_a_wrong_password_or_name_says_the_same(guarded: Browser, name: str) -> None:
    refused = guarded.sign_in(name, "a wrong password")
    assert refused.status_code == 403
    assert "Name or password is not right." in refused.text
    assert guarded.get("/").status_code == 303


@pytest.mark.parametrize(
    "wanted", ["//evil.example.com", "https://evil.example.com", "/\\evil", "\\\\evil", "/a\nb"]
)
def test_one_is_never_sent_to_another_site(guarded: Browser, wanted: str) -> None:
    entered = guarded.sign_in("anna", next=wanted)
    assert entered.status_code == 303
    assert entered.headers["location"] == "/"


def test_signing_out_ends_the_session_also_for_a_copied_cookie(guarded: Browser) -> None:
    guarded.sign_in("anna")
    copied = guarded.cookie
    assert guarded.post("/sign-out").headers["location"] == "/sign-in"
    guarded.client.cookies.clear()
    guarded.client.cookies.set("inboxwatch", copied)
    assert guarded.get("/").status_code == 303


def test_a_session_ends_by_itself(guarded: Browser, known: StillKnown) -> None:
    guarded.sign_in("anna")
    known.at += timedelta(hours=11)
    assert guarded.get("/").status_code == 200
    known.at += timedelta(hours=1, seconds=1)
    assert guarded.get("/").status_code == 303


def test_another_password_ends_every_session(known: StillKnown) -> None:
    before = Browser(known, users(user("anna")))
    before.sign_in("anna")
    changed = User(name="anna", password_hash=HASHER.hash("quite another password"))
    after = Browser(known, users(changed))
    after.client.cookies.set("inboxwatch", before.cookie)
    assert after.get("/").status_code == 303


def test_the_store_knows_no_session_that_could_be_used(guarded: Browser, known: StillKnown) -> None:
    guarded.sign_in("anna")
    with known.store.transaction(read_only=True) as tx:
        stored = tx.setting("page-sessions") or ""
    assert "anna" in stored
    assert guarded.cookie not in stored


def test_tries_are_bounded_by_waiting(guarded: Browser) -> None:
    for _ in range(5):
        assert guarded.sign_in("anna", "a wrong password").status_code == 403
    refused = guarded.sign_in("anna")  # even the right one has to wait now
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 5
    assert "Please wait" in refused.text


def test_each_wrong_try_makes_the_wait_longer_and_success_forgets() -> None:
    clock = [100.0]
    attempts = Attempts(now=lambda: clock[0])
    waits = []
    for _ in range(40):
        attempts.failed("address a")
        waits.append(attempts.wait("address a", "name x"))
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:8] == [5, 10, 20, 40]
    assert waits[-1] == 900
    clock[0] += 901
    assert attempts.wait("address a") == 0
    attempts.succeeded("address a")
    attempts.failed("address a")
    assert attempts.wait("address a") == 0
    for _ in range(6):
        attempts.failed("name y")
    clock[0] += 4000
    attempts.failed("name y")  # an hour later one begins anew
    assert attempts.wait("name y") == 0


def test_a_flood_of_keys_costs_no_memory() -> None:
    clock = [0.0]
    attempts = Attempts(now=lambda: clock[0])
    for number in range(10_000):
        attempts.failed(f"name {number}")
    clock[0] += 60
    attempts.failed("name last")
    assert len(attempts._wrong) == 1


def test_where_nobody_signs_in_there_is_nothing_to_sign_in_to(page: Browser) -> None:
    assert page.get("/sign-in").headers["location"] == "/"
    assert page.post("/sign-in", name="x", password="y").headers["location"] == "/"
    assert "Sign out" not in page.get("/").text
