"""Many families' figures in one table: nobody's mail, no small group, nothing to work out."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from inboxwatch.application.anonymous import (
    OTHER,
    Family,
    anonymous_json,
    read_family,
    shared_name,
)
from inboxwatch.application.pooling import Pooled, PooledRow, pool, pooled_json
from inboxwatch.application.statistics import statistics
from inboxwatch.domain.errors import ConfigError
from tests.demo_mail import ME, demo_picture, demo_yardstick


def group(
    place: str = "send@kent.gov.uk",
    *,
    body: str = "kent.gov.uk",
    month: str = "2026-03",
    answered: int = 0,
    silent: int = 0,
    apart: int = 0,
    acknowledged: int = 0,
    days: int = 7,
) -> dict[str, Any]:
    counts = {
        "sent": answered + silent + apart,
        "acknowledged": acknowledged,
        "answered": answered,
        "no_reply": silent,
        "unsettled": apart,
    }
    return {
        "body": body,
        "council_mailbox": place,
        "months": {month: counts},
        "waits": [[days, answered, silent + apart]],
    }


def family(number: int, *groups: dict[str, Any]) -> Family:
    value = {
        "format": "inboxwatch-statistics",
        "version": 1,
        "as_of": f"2026-06-{number + 1:02d}",
        "calendar": "england-and-wales",
        "groups": list(groups),
    }
    return read_family(value, name="family.json")


def row(pooled: Pooled, kind: str, name: str) -> PooledRow | None:
    return next((r for r in pooled.rows if (r.kind, r.name) == (kind, name)), None)


def demo_file() -> dict[str, Any]:
    found = statistics(demo_picture(), demo_yardstick().calendars["england-and-wales"])
    value = json.loads(json.dumps(anonymous_json(found)))
    assert isinstance(value, dict)
    return value


def test_a_family_s_file_names_nobody_and_nothing() -> None:
    text = json.dumps(demo_file())
    for secret in (ME, "Hartley", "helen", "priya", "beckett", "message_id", "Annual", "T09"):
        assert secret.casefold() not in text.casefold()
    assert "send@kent.gov.uk" in text
    assert sum(g["council_mailbox"] == OTHER for g in demo_file()["groups"]) == 1


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("send@kent.gov.uk", "send@kent.gov.uk"),
        ("sen.transport@kent.gov.uk", "sen.transport@kent.gov.uk"),
        ("kent-enquiries2@kent.gov.uk", "kent-enquiries2@kent.gov.uk"),
        ("jane.doe@kent.gov.uk", OTHER),
        ("jensen@kent.gov.uk", OTHER),
        ("sam.send@kent.gov.uk", OTHER),
        ("123@kent.gov.uk", OTHER),
        ("send@[10.0.0.1]", OTHER),
    ],
)
def test_only_a_plainly_shared_mailbox_keeps_its_name(address: str, name: str) -> None:
    assert shared_name(address, "kent.gov.uk") == name


def test_a_body_that_is_one_address_is_not_named() -> None:
    found = statistics(demo_picture(), demo_yardstick().calendars["england-and-wales"])
    asked = tuple(
        replace(a, body="jo@example.com", council_mailbox="jo@example.com") for a in found.asked
    )
    text = json.dumps(anonymous_json(replace(found, asked=asked)))
    assert "jo@" not in text
    assert "another body" in text
    assert read_family(json.loads(text), name="x").groups[0].body == "another body"


def test_five_families_make_a_table_with_the_days() -> None:
    pooled = pool([family(n, group(answered=2, silent=4, acknowledged=6)) for n in range(5)])
    assert pooled.families == 5
    whole = row(pooled, "body", "kent.gov.uk")
    assert whole is not None
    assert (whole.sent, whole.answered, whole.no_reply, whole.acknowledged) == (30, 10, 20, 30)
    assert (whole.median_days, whole.median_reached) == (None, False)
    month = row(pooled, "month", "2026-03")
    assert month is not None
    assert (month.sent, month.median_reached) == (30, None)
    assert pooled_json(pooled)["rows"][0]["sent"] == 30
    assert (pooled.known_from, pooled.known_to) == ("2026-06-01", "2026-06-05")


def test_the_median_of_the_pool_is_over_everyone_s_waits() -> None:
    quick = [family(n, group(answered=3, days=4)) for n in range(3)]
    slow = [family(n, group(answered=3, days=30)) for n in range(3, 6)]
    whole = row(pool([*quick, *slow]), "body", "kent.gov.uk")
    assert whole is not None
    assert (whole.median_days, whole.p90_days, whole.median_reached) == (4, 30, True)


def test_four_families_are_too_few_however_much_they_write() -> None:
    pooled = pool([family(n, group(answered=50, silent=50)) for n in range(4)])
    assert pooled.rows == ()
    assert (pooled.families, pooled.left_out) == (None, 1)


def test_a_mailbox_of_one_family_is_hidden_and_not_found_by_subtraction() -> None:
    families = [family(n, group(answered=5, silent=5)) for n in range(6)]
    families[0] = family(
        0, group(answered=5, silent=5), group("complaints@kent.gov.uk", silent=20, month="2026-03")
    )
    pooled = pool(families)
    whole = row(pooled, "body", "kent.gov.uk")
    assert whole is not None
    assert whole.sent == 80
    assert row(pooled, "council_mailbox", "complaints@kent.gov.uk") is None
    shown = row(pooled, "council_mailbox", "send@kent.gov.uk")
    assert shown is not None
    assert shown.sent is None  # 80 less this would be the one family's number
    assert None in (whole.no_reply, shown.no_reply)


def test_a_small_cell_takes_another_with_it() -> None:
    families = [family(n, group(answered=3, silent=6)) for n in range(5)]
    families.append(family(6, group(silent=6, apart=1)))
    whole = row(pool(families), "body", "kent.gov.uk")
    assert whole is not None
    assert whole.unsettled is None
    assert whole.answered is None
    assert whole.no_reply == 36
    assert whole.median_reached is None


def test_the_same_file_twice_is_one_family() -> None:
    one = [family(n, group(answered=5)) for n in range(5)]
    pooled = pool([*one, one[0]])
    assert (pooled.families, pooled.repeated) == (5, 1)
    assert pool([one[0]] * 9).rows == ()


def test_nothing_in_gives_nothing_out_and_a_lower_limit_is_refused() -> None:
    assert pool([]).rows == ()
    with pytest.raises(ValueError, match="below 5"):
        pool([], smallest=4)


def broken(change: str, value: Any) -> dict[str, Any]:
    """A good file with one thing changed, by its path."""
    file = copy.deepcopy(demo_file())
    place: Any = file
    *way, last = change.split("/")
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value
    return file


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("format", "else"),
        ("version", 2),
        ("as_of", "yesterday"),
        ("groups", {"a": 1}),
        ("groups/0", None),
        ("groups/1/body", "Kent Council\x1b[31m"),
        ("groups/0/council_mailbox", "jane.doe@kent.gov.uk"),
        ("groups/0/months", {"2026-13": {}}),
        ("groups/0/months/2026-04/sent", 3),
        ("groups/0/months/2026-04/acknowledged", 9),
        ("groups/0/months/2026-04/sent", True),
        ("groups/0/months/2026-04/sent", -1),
        ("groups/0/waits", [[3, 10**9, 0]]),
        ("groups/0/waits", [[3, 1, 0]]),
        ("groups/0/waits", [[-3, 0, 2]]),
        ("groups/0/council_mailbox", "other"),
    ],
)
def test_a_file_that_is_not_of_the_form_is_refused_by_name(change: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=r"evil\.json") as refused:
        read_family(broken(change, value), name="evil.json")
    assert "--anonymous" in refused.value.remedy


@pytest.mark.parametrize("value", [None, 3, [], "text", {}])
def test_other_json_is_refused(value: object) -> None:
    with pytest.raises(ConfigError):
        read_family(value, name="x.json")


def test_a_good_file_is_read_back_whole() -> None:
    read = read_family(demo_file(), name="x")
    assert sum(len(g.spells) for g in read.groups) == 14
