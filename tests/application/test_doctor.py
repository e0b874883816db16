"""`doctor` says what was seen of the mail, so that a wrong setting shows."""

from dataclasses import replace
from datetime import UTC, datetime

from inboxwatch.application.doctor import Level, about_folders, about_mail, problem
from inboxwatch.application.records import FolderState
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.message import FolderRole, Location, Unreadable
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import Assembly, Unplaced
from tests.builders import from_council, said
from tests.demo_mail import demo_picture

PLACE = Location(account="a", folder="INBOX", role=FolderRole.INBOX, uidvalidity=1, uid=1)


def test_the_councils_written_to_are_named() -> None:
    findings = about_mail("me", demo_picture())
    assert all(f.level is Level.GOOD for f in findings)
    assert "send@kent.gov.uk (7)" in findings[1].text


def test_doubts_are_hints_with_their_remedy() -> None:
    unsure = said(Verb.CLASSIFY, "ooo4@kent.gov.uk", "unsure")
    picture = demo_picture(unsure)
    loose = Unplaced(entry=from_council("2026-05-01 09:00"), body="kent.gov.uk", reason="none")
    picture = replace(
        picture,
        unreadable=(Unreadable(location=PLACE, reason="broken"),),
        assembly=Assembly(threads=picture.assembly.threads, unplaced=(loose,)),
    )
    hints = [f for f in about_mail("me", picture) if f.level is Level.HINT]
    assert len(hints) == 3
    assert "review" in hints[0].remedy


def test_no_council_mail_at_all_points_to_the_settings() -> None:
    nothing = replace(demo_picture(), verdicts=())
    assert "watch" in about_mail("me", nothing)[1].remedy


def test_an_error_becomes_a_problem() -> None:
    found = problem("store", ConfigError("it is broken", remedy="mend it"))
    assert (found.level, found.text, found.remedy) == (Level.PROBLEM, "it is broken", "mend it")


def test_a_server_that_hides_or_misses_mail_is_named() -> None:
    well = FolderState(account="a", folder="INBOX", role=FolderRole.INBOX)
    lied_at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    states = (
        well,
        replace(well, folder="School", search_lied_at=lied_at),
        replace(well, folder="All Mail", view_limited=True, messages=10_000),
    )

    missed, hidden = about_folders("a", states)

    assert "'School'" in missed.text
    assert "2 November 2026" in missed.text
    assert "newest 10,000" in hidden.text
    assert "limit" in hidden.remedy
    assert {missed.level, hidden.level} == {Level.HINT}
