"""Redaction: nobody's name or address is left, the same one always has the same stand-in."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.application.listing import picture_json
from inboxwatch.application.picture import Picture, Scanned, chosen
from inboxwatch.application.records import NotScanned
from inboxwatch.application.redaction import redact
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Address, FolderRole, Location, Unreadable
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.threads import Entry, Thread
from inboxwatch.domain.verdict import Status
from tests.builders import (
    COUNCIL,
    assembled,
    decided,
    from_council,
    from_us,
    judged,
    moment,
    said,
)
from tests.demo_mail import demo_picture


def named(entry: Entry, address: str, name: str = "") -> Entry:
    sender = Address(address=address, name=name)
    return replace(entry, message=replace(entry.message, sender=sender))


def told(picture: Picture) -> str:
    return json.dumps(picture_json(picture), ensure_ascii=False)


def pictured(*entries: object, **given: object) -> Picture:
    verdict = judged(*entries, **given)  # type: ignore[arg-type]
    return Picture(
        as_of=moment("2026-06-01 09:00"),
        threshold="10 working days",
        calendar="england-and-wales",
        verdicts=(verdict,),
        assembly=assembled(*entries),  # type: ignore[arg-type]
    )


def test_no_name_or_address_of_the_sample_is_left() -> None:
    text = told(redact(demo_picture(), names=["A.H."])).casefold()
    for name in (
        "hartley", "sam", "helen", "marsh", "priya", "nair", "beckett", "whitlock", "grace",
        "@kent.gov.uk\"", "@example.org", "mail.example", "icasework", "2031187", "1640333",
        "send@", "a.h.",
    ):  # fmt: skip
        assert name not in text, name
    assert '"kent.gov.uk"' in text
    assert "request for an ehc needs assessment" in text


def test_the_facts_stay() -> None:
    whole, safe = demo_picture(), redact(demo_picture())
    assert [v.status for v in safe.verdicts] == [v.status for v in whole.verdicts]
    assert [v.due_on for v in safe.verdicts] == [v.due_on for v in whole.verdicts]
    assert [len(v.waits) for v in safe.verdicts] == [len(v.waits) for v in whole.verdicts]
    assert all(not p.entry.message.own_text for v in safe.verdicts for p in v.thread.placed)
    assert [v.thread.id for v in safe.verdicts] == [t.id for t in _of(safe)]


def _of(picture: Picture) -> list[Thread]:
    by_id = {t.id: t for t in picture.assembly.threads}
    return [by_id[v.thread.id] for v in picture.verdicts]


def test_a_choice_of_threads_calls_everyone_the_same() -> None:
    whole = demo_picture()
    some = chosen(whole, statuses=frozenset({Status.ANSWERED}))
    alone = redact(some, whole=whole)
    together = chosen(redact(whole), statuses=frozenset({Status.ANSWERED}))
    assert alone.verdicts == together.verdicts
    assert redact(whole) == redact(whole)


def test_everything_a_person_or_machine_said_is_gone_over() -> None:
    asked = from_us(
        "2026-03-02 09:00",
        subject="Ashdown: robin's plan, ref KCC-1234567, ME14 1XQ, 07700 900123",
        locations=(
            Location(
                account="robin", folder="Family/Ashdown", role=FolderRole.USER, uidvalidity=1, uid=1
            ),
        ),
    )
    asked = named(asked, "parent@example.org", "Robin Ashdown")
    holding = from_council(
        "2026-03-04 09:00",
        to=asked,
        holding=True,
        machine_promise="Dear Robin, within 20 days",
        action="write to form@kent.gov.uk, Robin",
    )
    holding = named(holding, "jo.fell@kent.gov.uk", "Jo Fell")
    odd = from_council("2026-03-05 09:00", Kind.CALENDAR, to=asked, sender="x@y.example")
    decisions = decided(
        said(Verb.CASE, asked, "Robin's plan"),
        said(Verb.LOG, asked, "--phone", note="Jo Fell rang Robin on 3 May 2026"),
    )
    picture = replace(
        pictured(asked, holding, odd, decisions=decisions),
        unreadable=(
            Unreadable(
                location=Location(
                    account="robin", folder="Ashdown", role=FolderRole.USER, uidvalidity=1, uid=9
                ),
                reason="broken mail of parent@example.org",
            ),
        ),
        scanned=Scanned(
            messages=3,
            folders=("INBOX", "Family/Ashdown"),
            not_scanned=(
                NotScanned(place="robin: Legal/Ashdown", reason="permission refused for Robin"),
            ),
        ),
        notices=("robin has not been read since 3 May 2026",),
    )
    safe = redact(picture)
    text = told(safe)
    for name in ("robin", "ashdown", "jo.fell", "Jo Fell", "form@", "1234567", "1XQ", "900123"):
        assert name.casefold() not in text.casefold(), name
    assert "on 3 May 2026" in text
    assert safe.scanned.folders == ("INBOX", "Folder 1")
    assert str(safe.scanned.not_scanned[0]).endswith("permission refused for Writer 1")
    assert safe.verdicts[0].case == "Case 1"
    assert safe.verdicts[0].thread.placed[1].entry.message.sender == Address(
        address="officer-1@kent.gov.uk.invalid", name="Officer 1"
    )


def test_a_closed_thread_and_one_without_a_wait_are_gone_over_too() -> None:
    asked = named(from_us("2026-03-02 09:00"), "parent@example.org", "Kim Oak")
    mark = said(Verb.MARK, asked, "answered", note="Kim was rung")
    safe = redact(pictured(asked, decisions=decided(mark)))
    assert "Kim" not in told(safe)
    copied = from_us("2026-03-02 09:00", to="a@b.example", cc=COUNCIL)
    assert redact(pictured(copied)).verdicts[0].wait is None
    nobody = from_us("2026-03-02 09:00")
    nobody = replace(nobody, message=replace(nobody.message, sender=None))
    assert redact(pictured(nobody)).verdicts[0].thread.placed[0].entry.message.sender is None


def test_a_name_that_is_a_word_stays_a_word_in_small_letters() -> None:
    asked = from_us("2026-03-02 09:00", subject="Will said it will be on 3 May 2026; may May come?")
    asked = named(asked, "parent@example.org", "Will May")
    safe = redact(pictured(asked))
    assert safe.verdicts[0].thread.subject == (
        "Writer 1 said it will be on 3 May 2026; may Writer 1 come?"
    )


def test_a_body_that_is_an_address_is_replaced() -> None:
    asked = from_us("2026-03-02 09:00")
    picture = pictured(asked)
    place = replace(picture.verdicts[0].thread.council_mailbox, body=COUNCIL)
    thread = replace(picture.verdicts[0].thread, council_mailbox=place)
    picture = replace(
        picture,
        verdicts=(replace(picture.verdicts[0], thread=thread),),
        assembly=replace(picture.assembly, threads=(thread,)),
    )
    assert redact(picture).verdicts[0].thread.council_mailbox.body == "mailbox-1@redacted.invalid"


def test_unplaced_mail_is_gone_over() -> None:
    alone = from_council(
        "2026-03-02 09:00",
        subject="About Casey",
    )
    alone = named(alone, "casey.poole@kent.gov.uk", "Casey Poole")
    assembly = assembled(alone)
    assert assembly.unplaced
    picture = Picture(
        as_of=moment("2026-06-01 09:00"), threshold="", calendar="", verdicts=(), assembly=assembly
    )
    assert "casey" not in told(redact(picture)).casefold()


@given(st.text(max_size=60))
def test_any_subject_and_name_can_be_redacted(text: str) -> None:
    asked = named(from_us("2026-03-02 09:00", subject=text), "parent@example.org", text)
    safe = redact(pictured(asked), names=[text])
    assert safe == redact(pictured(asked), names=[text])
