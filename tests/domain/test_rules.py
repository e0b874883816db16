"""Which rule speaks about a thread: the first whose every condition holds."""

from typing import Any

import pytest

from inboxwatch.domain.rules import Rule, first_match
from tests.builders import a_thread, from_us

THREAD = a_thread(from_us("2026-03-02 09:00", subject="Request for an EHC needs assessment"))
BOX = THREAD.council_mailbox
DEFAULT = Rule(name="default", clock="ordinary-email")


def own(**conditions: Any) -> Rule:
    return Rule(name="own", clock="foi", **conditions)


@pytest.mark.parametrize(
    ("rule", "speaks"),
    [
        (own(), True),
        (own(mailboxes=(BOX.address,)), True),
        (own(mailboxes=(BOX.address.partition("@")[0],)), True),
        (own(mailboxes=("complaints",)), False),
        (own(bodies=(BOX.body,)), True),
        (own(bodies=("medway.gov.uk",)), False),
        (own(subject_words=("ehc NEEDS",)), True),
        (own(subject_words=("transport",)), False),
        (own(subject_words=("ehc",), bodies=("medway.gov.uk",)), False),
        (own(subject_words=("ehc",), mailboxes=("complaints",)), False),
    ],
)
def test_every_condition_of_a_rule_must_hold(rule: Rule, speaks: bool) -> None:
    assert rule.matches(THREAD) is speaks
    chosen = first_match((rule, DEFAULT), THREAD)
    assert chosen is (rule if speaks else DEFAULT)


def test_without_a_rule_that_matches_the_default_one_counts() -> None:
    nowhere = Rule(name="own", clock="foi", bodies=("medway.gov.uk",))
    assert first_match((nowhere,), THREAD).clock == "ordinary-email"
