"""Somebody limited to cases sees those threads, and nothing that belongs to others."""

from __future__ import annotations

from dataclasses import replace

from inboxwatch.application.access import limited_to
from inboxwatch.application.listing import picture_json
from inboxwatch.application.picture import Scanned
from inboxwatch.application.records import NotScanned
from inboxwatch.domain.message import FolderRole, Location, Unreadable
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import Unplaced
from inboxwatch.entrypoints.cli.listing import foot_notes
from tests.builders import from_council
from tests.builders_store import an_override
from tests.demo_mail import demo_picture


def test_only_the_threads_of_the_cases_are_left() -> None:
    ours = next(v for v in demo_picture().verdicts if "Speech" in v.thread.subject).thread.root
    whole = demo_picture(an_override(Verb.CASE, ours, id=1, value="Sam"))
    place = Location(account="home", folder="Private", role=FolderRole.USER, uidvalidity=1, uid=1)
    loose = Unplaced(entry=from_council("2026-05-01 09:00"), body="kent.gov.uk", reason="?")
    whole = replace(
        whole,
        assembly=replace(whole.assembly, unplaced=(loose,)),
        unreadable=(Unreadable(location=place, reason="broken"),),
        scanned=Scanned(
            messages=99,
            folders=("Private",),
            not_scanned=(NotScanned(place="home: Private", reason="no"),),
        ),
    )
    seen = limited_to(whole, frozenset({"Sam"}))
    assert [v.thread.subject for v in seen.verdicts] == ["Speech therapy in section F"]
    assert len(seen.assembly.threads) == 1
    assert (seen.unplaced, seen.unreadable, seen.scanned.folders) == ((), (), ())
    # that something is missing is still said
    assert [str(each) for each in seen.scanned.not_scanned] == ["1 folder"]
    assert "not scanned: 1 folder" in foot_notes(seen)
    assert "Private" not in str(picture_json(seen))
    assert seen.as_of == whole.as_of


def test_without_a_case_of_theirs_nothing_is_left() -> None:
    seen = limited_to(demo_picture(), frozenset({"Sam"}))
    assert seen.verdicts == ()
    assert seen.scanned.not_scanned == ()
