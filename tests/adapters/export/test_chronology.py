"""The chronology: archival, tagged, the same bytes, and harmless whatever a stranger wrote."""

import hashlib
import io
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from inboxwatch.adapters.export.chronology import chronology, headline, is_late, thread_numbers
from inboxwatch.adapters.export.documents import documents, pdf_bytes
from inboxwatch.adapters.export.pdf import ChronologyNotSet, chronology_pdf
from inboxwatch.adapters.export.volumes import volumes
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.application.records import NotScanned
from inboxwatch.application.statistics import statistics
from inboxwatch.domain.message import FolderRole, Location, Unreadable
from inboxwatch.domain.overrides import Verb
from inboxwatch.domain.verdict import Status
from tests.builders import assembled, decided, from_council, from_us, judged, moment, said
from tests.demo_mail import demo_picture, demo_yardstick

ENGLAND = demo_yardstick().calendars["england-and-wales"]
HOSTILE = (
    '*bold* _it_ #eval("1") $x^2$ `raw` <script>alert(1)</script> =HYPERLINK("http://x")',
    '#import "/etc/passwd" #read("/etc/passwd") \\u{41} @label // comment /* open',
    "\u202egnihtemos\u202c \u0000\u0007\x1b[31mred \ud800 \u2028 line",
    "日本語 العربية עברית 😀👨‍👩‍👧 e\u0301 \ue000 \U0010ffff \u0378 ﷽",
    "x" * 3000,
    "",
)


@cache
def sample() -> bytes:
    return pdf_bytes(demo_picture(), ENGLAND)


def content() -> dict[str, Any]:
    return chronology(demo_picture(), statistics(demo_picture(), ENGLAND))


def text_of(raw: bytes, tmp_path: Path) -> str:
    path = tmp_path / "x.pdf"
    path.write_bytes(raw)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode()


def pictured(subject: str) -> Picture:
    asked = from_us("2026-03-02 09:00", subject=subject)
    reply = from_council("2026-04-02 09:00", to=asked, subject=subject)
    again = from_us("2026-05-02 09:00", references=(asked.message_id, reply.message_id))
    return Picture(
        as_of=moment("2026-06-01 09:00"),
        threshold="10 working days",
        calendar="england-and-wales",
        verdicts=(judged(asked, reply, again),),
        assembly=assembled(asked, reply, again),
        notices=(subject,),
    )


def test_it_declares_pdf_a_and_is_tagged() -> None:
    with pikepdf.open(io.BytesIO(sample())) as pdf:
        with pdf.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
            assert meta["dc:title"] == "Emails to public bodies and the replies found"
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith("en")
        assert "/OutputIntents" in pdf.Root
        assert len(pdf.pages) > 5
        with pdf.open_outline() as outline:
            titles = [str(item.title) for item in outline.root]
        assert titles[0] == "Summary"
        assert "Timelines" in titles
        assert "Apart: there may be a reply" in titles


def test_every_font_is_embedded_and_nothing_runs() -> None:
    fonts = 0
    with pikepdf.open(io.BytesIO(sample())) as pdf:
        for thing in pdf.objects:
            if not isinstance(thing, pikepdf.Dictionary):
                continue
            if thing.get("/Type") == "/FontDescriptor":
                fonts += 1
                assert any(k in thing for k in ("/FontFile", "/FontFile2", "/FontFile3"))
            assert thing.get("/S") not in ("/JavaScript", "/Launch", "/URI", "/GoToR")
            assert "/AA" not in thing
            assert "/EmbeddedFiles" not in thing
    assert fonts > 0


def test_every_chart_has_words_for_those_who_cannot_see_it() -> None:
    with pikepdf.open(io.BytesIO(sample())) as pdf:
        words = [
            str(thing.Alt)
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
    assert sum(w.startswith("Timeline of ") for w in words) == 8
    assert any("thread 1, from 2 Mar 2026, overdue, 61 working days" in w for w in words)


def test_the_same_picture_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib,tests.adapters.export.test_chronology as t;"
        "print(hashlib.sha256(t.sample()).hexdigest())"
    )
    code = "import sys; sys.path.insert(0,'.');" + code
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == hashlib.sha256(sample()).hexdigest()


def test_it_says_what_was_found_and_never_accuses(tmp_path: Path) -> None:
    text = text_of(sample(), tmp_path)
    flat = " ".join(text.split())
    assert "14 emails, 9 without a human reply, longest wait 61 working days." in flat
    assert "ignored" not in flat.casefold()
    assert "Past its day: no human reply after 10 working days" in flat
    for words in (
        "Written by Sam Hartley <sam.hartley@example.org> to kent.gov.uk, medway.gov.uk.",
        "From Sam Hartley <sam.hartley@example.org> To SEND Enquiries <send@kent.gov.uk>"
        " Sent 2 March 2026, 09:12 Subject Request for an EHC needs assessment - A.H. Kind sent",
        "Kind automatic acknowledgement Why names an earlier message of the thread",
        "Contents",
        "Answered late",
    ):
        assert words in flat
    assert re.search(r"37 days after the due day", flat)
    assert "as a reply by a person" in flat
    assert re.search(r"\b1 / \d+\b", flat)


def test_what_is_not_certain_stands_apart() -> None:
    value = content()
    assert [t["status"] for t in value["review"]] == ["For you to look at"]
    assert all(t["status"] != "For you to look at" for s in value["sections"] for t in s["threads"])
    assert "1 thread that may have a reply" in " ".join(value["summary"])
    only = chronology(
        demo_picture(), statistics(demo_picture(), ENGLAND), statuses={Status.OVERDUE}
    )
    assert [s["title"] for s in only["sections"]] == ["No reply found, and the day for it is past"]
    assert len(only["review"]) == 1


def test_what_could_not_be_read_or_placed_is_listed(tmp_path: Path) -> None:
    stray = from_council("2026-03-09 09:00", subject="Something else entirely")
    place = Location(account="home", folder="Old", role=FolderRole.USER, uidvalidity=1, uid=7)
    picture = replace(
        pictured("Question"),
        assembly=assembled(stray),
        unreadable=(Unreadable(location=place, reason="its structure is broken"),),
        scanned=Scanned(
            messages=3,
            folders=("INBOX",),
            not_scanned=(NotScanned(place="home: Legal", reason="refused"),),
        ),
    )
    flat = " ".join(text_of(pdf_bytes(picture, ENGLAND), tmp_path).split())
    assert "Something else entirely" in flat
    assert "Old, message 7: its structure is broken" in flat
    assert "home: Legal: refused" in flat


@pytest.mark.parametrize("subject", HOSTILE)
def test_hostile_words_are_only_words(subject: str, tmp_path: Path) -> None:
    raw = pdf_bytes(pictured(subject), ENGLAND)
    text = text_of(raw, tmp_path)
    assert "root:" not in text
    for control in ("\x1b", "\u202e", "\x00"):
        assert control not in text
    if subject.startswith("*bold*"):
        assert '*bold* _it_ #eval("1") $x^2$ `raw` <script>alert(1)</script>' in " ".join(
            text.split()
        )
    if "日" in subject:
        assert "[U+65E5]" in text
        assert "é" in text
    with pikepdf.open(io.BytesIO(raw)) as pdf, pdf.open_metadata() as meta:
        assert meta["pdfaid:conformance"] == "A"


def test_a_month_of_nothing_still_makes_a_document() -> None:
    empty = Picture(
        as_of=moment("2026-06-01 09:00"),
        threshold="10 working days",
        calendar="england-and-wales",
        verdicts=(),
        assembly=assembled(),
    )
    assert pdf_bytes(empty, ENGLAND).startswith(b"%PDF")
    assert headline(statistics(empty, ENGLAND).whole) == "0 emails, 0 without a human reply"


def test_the_summary_adds_up_to_all_emails_and_blames_nobody_too_early() -> None:
    """Whoever is named in it will count."""
    late, fresh = from_us("2026-03-02 09:00"), from_us("2026-05-28 09:00")
    done, rung = from_us("2026-03-02 09:00"), from_us("2026-03-03 09:00")
    verdicts = (
        judged(late),
        judged(fresh),
        judged(done, from_council("2026-04-20 09:00", to=done)),
        judged(rung, decisions=decided(said(Verb.MARK, rung, "answered"))),
    )
    picture = Picture(
        as_of=moment("2026-06-01 09:00"),
        threshold="10 working days",
        calendar="england-and-wales",
        verdicts=verdicts,
        assembly=assembled(late, fresh, done, rung),
    )
    value = chronology(picture, statistics(picture, ENGLAND))
    assert value["headline"].startswith("4 emails, 2 without a human reply")
    assert value["summary"][:2] == [
        "Of the 2 without a human reply, 1 may still have one in time.",
        "1 email had a reply by a person, 1 of them late.",
    ]
    assert "counted as without a reply: 1 email closed by the person" in value["summary"][-1]


def test_a_late_answer_is_told_from_one_in_time() -> None:
    asked = from_us("2026-03-02 09:00")
    assert is_late(judged(asked, from_council("2026-04-20 09:00", to=asked)))
    assert not is_late(judged(asked, from_council("2026-03-16 23:00", to=asked)))
    assert not is_late(judged(asked))


def test_a_long_chronology_comes_in_parts_and_loses_no_thread() -> None:
    whole = content()
    parts = volumes(whole, most=8)
    assert len(parts) > 2
    assert volumes(whole) == (whole,)
    threads = [
        t["id"] for p in parts for s in (*p["sections"], {"threads": p["review"]})
        for t in s["threads"]
    ]  # fmt: skip
    assert threads == list(thread_numbers(demo_picture()))
    assert [bool(p["timelines"]) for p in parts] == [True, *[False] * (len(parts) - 1)]
    assert parts[1]["part"] == f"Part 2 of {len(parts)}."


def test_a_missing_typesetter_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ChronologyNotSet) as refused:
        chronology_pdf(content(), as_of=demo_picture().as_of)
    assert "inboxwatch[report]" in refused.value.remedy


def test_the_spreadsheet_s_links_lead_to_places_that_exist() -> None:
    import openpyxl

    files = documents(demo_picture(), ENGLAND)
    with pikepdf.open(io.BytesIO(files["chronology.pdf"])) as pdf:
        names = {str(name) for name in pikepdf.NameTree(pdf.Root.Names.Dests)}
    book = openpyxl.load_workbook(io.BytesIO(files["list.xlsx"]))
    sheet = book["All"]
    rows = list(sheet.iter_rows(min_row=2, min_col=sheet.max_column))
    assert len(rows) == len(demo_picture().verdicts)
    for (cell,) in rows:
        assert str(cell.value).startswith("thread ")
        assert cell.hyperlink is not None
        assert cell.hyperlink.target == "chronology.pdf"
        assert cell.hyperlink.location in names


def test_it_can_be_drawn(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(sample())
    subprocess.run(
        ["pdftoppm", "-r", "40", "-png", str(path), str(tmp_path / "page")],
        check=True,
        timeout=120,
    )
    pages = sorted(tmp_path.glob("page-*.png"))
    with pikepdf.open(path) as pdf:
        assert len(pages) == len(pdf.pages)
    assert all(page.stat().st_size > 1000 for page in pages)
