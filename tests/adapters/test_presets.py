"""Presets: every row is there, complete and loaded; the user's own are laid over them."""

from datetime import date
from pathlib import Path

import pytest

from inboxwatch.adapters.presets import load
from inboxwatch.domain.allowance import WorkingDays
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.clocks import LegalForce, Party, Start
from inboxwatch.domain.errors import ConfigError

PRESETS = load()
EXPECTED = """
ordinary-email send-promise ehcna-decision ehcp-no-plan ehcp-final draft-comments review-decision
review-final amend-final phase-transfer reassess mediation-contact mediation-meeting send-appeal
tribunal-amend tribunal-school tribunal-make tribunal-assess foi foi-review foi-ico foi-school eir
eir-review sar dp-complaint edu-record lgsco-ack lgsco-s1 lgsco-s2 kcc-complaint ca89-s1 ca89-s2
ca89-s3 lgsco-12w lgsco-12m pap jr csc-referral csc-assessment travel-s1 travel-s2 admission-inyear
member-enquiry
"""
KENT = {
    "kent.gov.uk": "Kent County Council",
    "medway.gov.uk": "Medway Council",
    "ashford.gov.uk": "Ashford Borough Council",
    "canterbury.gov.uk": "Canterbury City Council",
    "dartford.gov.uk": "Dartford Borough Council",
    "dover.gov.uk": "Dover District Council",
    "folkestone-hythe.gov.uk": "Folkestone and Hythe District Council",
    "gravesham.gov.uk": "Gravesham Borough Council",
    "maidstone.gov.uk": "Maidstone Borough Council",
    "sevenoaks.gov.uk": "Sevenoaks District Council",
    "swale.gov.uk": "Swale Borough Council",
    "thanet.gov.uk": "Thanet District Council",
    "tmbc.gov.uk": "Tonbridge and Malling Borough Council",
    "tunbridgewells.gov.uk": "Tunbridge Wells Borough Council",
}


@pytest.mark.parametrize("name", EXPECTED.split())
def test_every_clock_is_there_and_says_all_that_a_user_needs(name: str) -> None:
    """Title, what it applies to, what stops it, authority, source and confidence."""
    clock = PRESETS.clocks[name]

    assert clock.id == name
    assert all((clock.title, clock.applies_to, clock.stopped_by, clock.escalation, clock.citation))
    assert clock.source_url.startswith(("https://", "http://"))
    assert clock.confidence in ("A", "B", "C")
    assert clock.legal_force is not LegalForce.CUSTOM


def test_only_unverified_clocks_are_switched_off() -> None:
    """Confidence C is shipped disabled and names no day of verification."""
    off = {clock.id for clock in PRESETS.clocks.values() if not clock.enabled}
    unverified = {clock.id for clock in PRESETS.clocks.values() if clock.confidence == "C"}

    assert off == unverified == {"eir-review", "pap"}
    assert all((c.verified_on is None) is (c.id in off) for c in PRESETS.clocks.values())


def test_ordinary_mail_is_a_service_standard_and_never_law() -> None:
    """Most emails have no statutory clock."""
    clock = PRESETS.clocks["ordinary-email"]

    assert clock.legal_force is LegalForce.SERVICE_STANDARD
    assert clock.citation.startswith("No law")
    assert (clock.chase, clock.due) == (WorkingDays(count=5), WorkingDays(count=10))
    assert clock.start is Start.RECEIPT_5PM


def test_the_users_own_deadlines_are_marked_as_theirs() -> None:
    """A reminder of one's own limit must not read like a council's lateness."""
    own = {clock.id for clock in PRESETS.clocks.values() if clock.whose is Party.USER}

    assert own == {
        "draft-comments",
        "mediation-contact",
        "send-appeal",
        "foi-ico",
        "lgsco-12m",
        "jr",
    }


def test_send_weeks_do_not_roll_and_are_counted_in_calendar_days() -> None:
    """The Regulations know no next working day."""
    for name in ("ehcna-decision", "ehcp-no-plan", "ehcp-final", "review-final", "amend-final"):
        clock = PRESETS.clocks[name]
        assert (clock.calendar, clock.roll.value) == ("calendar-days", "none")


def test_kent_medway_and_the_twelve_districts_are_there() -> None:
    """Only the first two are SEND authorities."""
    found = {name: PRESETS.bodies[name].title for name in KENT}
    authorities = {name for name in KENT if PRESETS.bodies[name].send_authority}

    assert found == KENT
    assert authorities == {"kent.gov.uk", "medway.gov.uk"}
    assert PRESETS.bodies["kent.gov.uk"].promises == ("kcc-complaint",)


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("send@kent.gov.uk", "kent.gov.uk"),
        ("officer@mail.kent.gov.uk", "kent.gov.uk"),
        ("x@kent.gov.uk.example.com", None),
        ("x@notkent.gov.uk", None),
        ("x@kent.police.uk", None),
        ("x@school.kent.sch.uk", None),
        ("x@shepway.gov.uk", "folkestone-hythe.gov.uk"),
    ],
)
def test_domains_match_on_label_boundaries(address: str, body: str | None) -> None:
    """A neighbour's name within a name is somebody else."""
    watch = Watch(bodies=tuple(PRESETS.bodies.values()), own_addresses=frozenset())

    found = watch.body_of(address)

    assert (found.name if found else None) == body


def write(folder: Path, text: str) -> Path:
    """Write clocks of one's own."""
    path = folder / "clocks.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_single_values_of_a_shipped_clock_can_be_changed(tmp_path: Path) -> None:
    """The rest of it stays as shipped."""
    own = write(tmp_path, '[ordinary-email]\ndue = "15wd"\n[pap]\nenabled = true\n')

    made = load(own_clocks=own)

    assert made.clocks["ordinary-email"].due.code == "15wd"
    assert made.clocks["ordinary-email"].chase == WorkingDays(count=5)
    assert made.clocks["ordinary-email"].legal_force is LegalForce.SERVICE_STANDARD
    assert made.clocks["pap"].enabled
    assert load().clocks["ordinary-email"].due.code == "10wd"


def test_a_clock_of_ones_own_needs_only_title_and_time(tmp_path: Path) -> None:
    """It is marked as one's own choice."""
    own = write(
        tmp_path,
        '[housing]\ntitle = "Housing repairs"\ndue = "20wd"\nvalid_from = 2026-01-01\n'
        'milestones = [{ name = "visit", after = "1w" }]\n',
    )

    clock = load(own_clocks=own).clocks["housing"]

    assert clock.legal_force is LegalForce.CUSTOM
    assert clock.valid_from == date(2026, 1, 1)
    assert clock.milestones[0].allowance.code == "1w"


def test_bodies_of_ones_own_have_several_domains_and_a_successor() -> None:
    """A shipped body keeps what is not given."""
    made = load(
        own_bodies={
            "kent.gov.uk": {"successor": "north.gov.uk", "not_the_body": ("Advice@kent.gov.uk",)},
            "north.gov.uk": {"domains": ("north.gov.uk", "northkent.gov.uk")},
        }
    ).bodies

    assert made["kent.gov.uk"].successor == "north.gov.uk"
    assert made["kent.gov.uk"].title == "Kent County Council"
    assert made["kent.gov.uk"].excludes("advice@kent.gov.uk")
    assert made["north.gov.uk"].owns("a@northkent.gov.uk")
    assert made["north.gov.uk"].title == "north.gov.uk"


def test_every_mistake_is_told_at_once_with_file_table_and_key(tmp_path: Path) -> None:
    """One run, one list, with the nearest right name."""
    own = write(
        tmp_path,
        'loose = 1\n[foi]\ndue = "20 wolves"\nduee = "1wd"\nzzz = 1\nenabled = "yes"\n'
        'title = 3\nvalid_to = "2026"\nstart = "dawn"\nconfidence = "D"\nmilestones = 4\n'
        '[new]\ntitle = "No time"\n[9to5]\ntitle = "x"\ndue = "1d"\n'
        '[rolling]\ntitle = "x"\ndue = "1mo"\ncalendar = "calendar-days"\n'
        'roll = "next-working-day"\n'
        '[lost]\ntitle = "x"\ndue = "1d"\nreplaces = ["nowhere"]\n'
        '[odd]\ntitle = "x"\ndue = "1d"\nalternatives = ["x"]\n'
        '[odder]\ntitle = "x"\ndue = "1d"\nalternatives = [{ event = "x" }]\n'
        '[oddest]\ntitle = "x"\ndue = "1d"\n'
        'alternatives = [{ event = "x", after = "1d", x = 1 }]\n',
    )

    with pytest.raises(ConfigError) as refused:
        load(
            own_clocks=own,
            own_bodies={
                "Big.gov.uk": {"domains": ("big.gov.uk",)},
                "none.gov.uk": {},
                "sad.gov.uk": {"domains": ("sad.gov.uk",), "calendar": "mars"},
                "old.gov.uk": {"domains": ("o.uk",), "successor": "gone", "promises": ["never"]},
            },
        )

    faults = "\n".join(refused.value.faults)
    for words in (
        "clocks.toml: loose: must be a table",
        "[foi] due: '20 wolves' is not a time allowance",
        "[foi] duee: no such key; did you mean 'due'?",
        "[foi] zzz: no such key",
        "[foi] enabled: must be true or false",
        "[foi] title: must be text in quotes",
        "[foi] valid_to: must be a date without quotes",
        "[foi] start: must be one of receipt",
        "[foi] confidence: must be one of A, B, C",
        "[foi] milestones: must be a list",
        "[new] due: is missing",
        "[9to5] its name begins with a digit",
        "[rolling] roll: needs a calendar",
        "[lost] replaces: there is no clock 'nowhere'",
        "[odd] alternatives: must be a table",
        "[odder] alternatives: 'after' is missing",
        "[oddest] alternatives: no such key 'x'",
        "[Big.gov.uk] its name must be in lower case",
        "[none.gov.uk] domains: at least one",
        "[sad.gov.uk] calendar: must be one of",
        "[old.gov.uk] successor: there is no body 'gone'",
        "[old.gov.uk] promises: there is no clock 'never'",
    ):
        assert words in faults
    assert "mistakes" in str(refused.value)


@pytest.mark.parametrize(("text", "words"), [("= no", "is not TOML"), (None, "cannot be read")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | None, words: str) -> None:
    """Missing, or not TOML at all."""
    path = tmp_path / "clocks.toml" if text is None else write(tmp_path, text)

    with pytest.raises(ConfigError, match="have 1 mistake") as refused:
        load(own_clocks=path)
    assert words in refused.value.faults[0]
