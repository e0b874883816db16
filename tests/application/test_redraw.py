"""Drawing again after a decision gives what drawing all would give, for less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inboxwatch.application.redraw import redrawn
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.verdict import Status
from tests.builders_store import an_override, at
from tests.demo_mail import demo_picture, demo_watch, demo_yardstick

ROOT = next(v.thread for v in demo_picture().verdicts if "Speech" in v.thread.subject).root


def word(number: int, verb: Verb, value: str, **changes: object) -> Override:
    return an_override(verb, ROOT, id=number, value=value, **changes)


CASE = word(1, Verb.CASE, "Sam")


@pytest.mark.parametrize(
    ("before", "now", "exact"),
    [
        ((), (CASE,), True),
        ((CASE,), (replace(CASE, undone_at=at(9)),), True),
        ((CASE,), (CASE, word(2, Verb.CASE, "Noor")), True),
        ((), (word(1, Verb.SNOOZE, "2026-07-01"), word(2, Verb.CLOCK, "20wd")), True),
        ((), (word(1, Verb.LOG, "phone", note="said Friday"),), True),
        ((), (word(1, Verb.MARK, "answered"),), False),
        ((CASE,), (CASE, word(2, Verb.MARK, "stop-watching")), False),
        ((CASE,), (CASE,), True),
    ],
)
def test_it_is_the_same_picture(
    before: tuple[Override, ...], now: tuple[Override, ...], exact: bool
) -> None:
    again = redrawn(
        demo_picture(*before), before=before, now=now, yardstick=demo_yardstick(),
        watch=demo_watch(),
    )  # fmt: skip
    assert again is not None
    assert again.exact is exact
    assert again.picture == demo_picture(*now)


def test_only_what_the_decision_is_about_is_judged_anew() -> None:
    whole = demo_picture()
    again = redrawn(
        whole, before=(), now=(word(1, Verb.MARK, "answered"),), yardstick=demo_yardstick(),
        watch=demo_watch(),
    )  # fmt: skip
    assert again is not None
    kept = {id(verdict) for verdict in whole.verdicts}
    fresh = [v for v in again.picture.verdicts if id(v) not in kept]
    assert [v.status for v in fresh] == [Status.CLOSED]


@pytest.mark.parametrize("verb", [Verb.CLASSIFY, Verb.LINK, Verb.UNLINK, Verb.CONFIRM_BODY])
def test_what_changes_where_mail_belongs_needs_all_of_it(verb: Verb) -> None:
    said = (word(1, verb, "human" if verb is Verb.CLASSIFY else ROOT),)
    again = redrawn(
        demo_picture(), before=(), now=said, yardstick=demo_yardstick(), watch=demo_watch()
    )
    assert again is None
