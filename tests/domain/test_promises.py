"""Bodies and their own clocks: found by any name, with their own promise, calendar and times."""

from datetime import date

import pytest

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import load
from inboxwatch.domain.bodies import Body
from inboxwatch.domain.due import due
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.promises import find_body, for_body

PRESETS = load()
BODIES = PRESETS.bodies.values()
CALENDARS = calendars()


@pytest.mark.parametrize(
    "name", ["kent.gov.uk", "Kent", "KCC", "Kent County Council", " kent county council "]
)
def test_a_body_is_found_by_any_of_its_names(name: str) -> None:
    """Domain, title, the beginning of it, or its initials."""
    assert find_body(name, BODIES).name == "kent.gov.uk"


def test_a_former_domain_still_finds_its_body() -> None:
    """Shepway became Folkestone and Hythe."""
    assert find_body("shepway.gov.uk", BODIES).name == "folkestone-hythe.gov.uk"


def test_an_unknown_body_names_the_nearest() -> None:
    """And says how to add one."""
    with pytest.raises(ConfigError) as refused:
        find_body("Maidston Borough", BODIES)
    assert "maidstone.gov.uk" in refused.value.remedy
    with pytest.raises(ConfigError) as strange:
        find_body("§", BODIES)
    assert strange.value.remedy.startswith("Add a body")


def test_a_name_that_fits_two_bodies_is_refused() -> None:
    """Initials are not unique."""
    twins = (
        Body(name="a.gov.uk", title="Alton County Council", domains=("a.gov.uk",)),
        Body(name="b.gov.uk", title="Ashby County Council", domains=("b.gov.uk",)),
    )

    with pytest.raises(ConfigError, match="several") as refused:
        find_body("acc", twins)
    assert "a.gov.uk, b.gov.uk" in refused.value.remedy


def test_a_published_promise_takes_the_place_of_the_general_time() -> None:
    """Three working days where that is what the council promises."""
    clock, notes = for_body(
        PRESETS.clocks["send-promise"], PRESETS.bodies["cheshireeast.gov.uk"], PRESETS.clocks
    )

    result = due(clock, date(2026, 3, 2), calendars=CALENDARS)
    assert result.due_on == date(2026, 3, 5)
    assert clock.citation.startswith("Cheshire East")
    assert notes == []


def test_a_body_without_a_promise_is_told_so() -> None:
    """Nobody else's promise may be held against Kent."""
    clock, notes = for_body(
        PRESETS.clocks["send-promise"], PRESETS.bodies["kent.gov.uk"], PRESETS.clocks
    )

    assert clock.due.code == "10wd"
    assert "no published promise" in notes[0]


def test_kents_own_complaint_times_come_before_the_code() -> None:
    """It did not adopt the Code's ten days."""
    _, notes = for_body(PRESETS.clocks["lgsco-s1"], PRESETS.bodies["kent.gov.uk"], PRESETS.clocks)

    assert "kcc-complaint (20 working days)" in notes[0]


def test_a_council_clock_used_for_another_council_is_told() -> None:
    """Kent's times bind Kent."""
    _, notes = for_body(
        PRESETS.clocks["kcc-complaint"], PRESETS.bodies["medway.gov.uk"], PRESETS.clocks
    )

    assert notes == ["kcc-complaint is the own clock of kent.gov.uk, not of Medway Council."]


def test_a_district_is_no_send_authority() -> None:
    """The request went to the wrong council."""
    _, notes = for_body(
        PRESETS.clocks["ehcna-decision"], PRESETS.bodies["swale.gov.uk"], PRESETS.clocks
    )

    assert "not the SEND authority" in notes[0]


def test_a_bodys_own_calendar_counts_where_the_clock_follows_it() -> None:
    """Easter Monday is a working day for a Scottish council; FOI keeps the union."""
    scottish = Body(name="s.gov.uk", domains=("s.gov.uk",), calendar="scotland")

    letter, _ = for_body(PRESETS.clocks["ordinary-email"], scottish, PRESETS.clocks)
    foi, _ = for_body(PRESETS.clocks["foi"], scottish, PRESETS.clocks)

    assert due(letter, date(2026, 4, 2), calendars=CALENDARS).due_on == date(2026, 4, 17)
    assert foi.calendar == "any-uk"


def test_a_body_that_was_replaced_names_its_successor() -> None:
    """Letters go to the new council."""
    old = Body(name="old.gov.uk", domains=("old.gov.uk",), successor="new.gov.uk")

    _, notes = for_body(PRESETS.clocks["foi"], old, PRESETS.clocks)

    assert "new.gov.uk" in notes[0]
