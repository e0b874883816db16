"""From mail in an account to evidence: every format, redacted too, checked by `verify`."""

import io
import json
import zipfile

import openpyxl
import pikepdf

from tests.e2e.household import Household

SUBJECT = "Question about =cmd|' /C calc'!A0 #eval(1) <b>*bold*</b>"


def told(household: Household) -> None:
    household.configure()
    household.asks(SUBJECT, days=60, message_id="asked-1@example.org")
    household.asks("A second question", days=50, message_id="asked-2@example.org")
    household.hears(
        "Re: A second question",
        "Dear parent, the report was sent by post on Monday. Kind regards, Jo Fell",
        days=20,
        message_id="reply-2@kent.gov.uk",
        answers="asked-2@example.org",
        sender="Jo Fell <jo.fell@kent.gov.uk>",
    )
    household.must("poll")
    household.must("review")
    household.must("poll")  # placed messages get their originals


def test_a_bundle_is_made_twice_the_same_and_verified(household: Household) -> None:
    told(household)
    made = household.run("export", "--format", "bundle", "-o", "one.zip")
    assert made.code == 0, made.err
    household.must("export", "--format", "bundle", "-o", "two.zip")
    one = household.folder / "one.zip"
    assert one.read_bytes() == (household.folder / "two.zip").read_bytes()
    found = json.loads(household.must("verify", "one.zip", "--json"))
    assert (found["originals"], found["missing_originals"]) == (3, 0)
    assert found["sha256"] in made.err
    assert "is whole" in household.must("verify", "one.zip", "--sha256", found["sha256"])
    spoilt = bytearray(one.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    one.write_bytes(spoilt)
    ran = household.run("verify", "one.zip")
    assert ran.code == 6
    assert "does not match" in ran.err
    with zipfile.ZipFile(household.folder / "two.zip") as archive:
        text = b"".join(
            archive.read(n) for n in archive.namelist() if n.endswith((".json", ".txt"))
        )
        assert {"chronology.pdf", "list.csv", "list.xlsx"} <= set(archive.namelist())
    assert household.user.password.encode() not in text


def test_nobody_is_named_in_a_redacted_export_of_any_format(household: Household) -> None:
    told(household)
    for kind in ("csv", "xlsx", "json", "ics", "pdf", "bundle"):
        name = f"list.{kind}"
        ran = household.run("export", "--format", kind, "--redact", "--all", "-o", name)
        assert ran.code == 0, ran.err
        assert "may remain" in ran.err
        raw = (household.folder / name).read_bytes()
        for secret in (household.address.encode(), b"jo.fell", b"Jo Fell", b"asked-1"):
            assert secret not in raw, (kind, secret)
    assert household.must("verify", "list.bundle").count("redacted") == 1


def test_the_pdf_and_the_spreadsheet_that_leads_to_it(household: Household) -> None:
    told(household)
    household.must("export", "--format", "pdf", "-o", "chronology.pdf")
    with pikepdf.open(household.folder / "chronology.pdf") as pdf, pdf.open_metadata() as meta:
        assert meta["pdfaid:conformance"] == "A"
    household.must("export", "--format", "xlsx", "--chronology", "chronology.pdf", "-o", "l.xlsx")
    book = openpyxl.load_workbook(io.BytesIO((household.folder / "l.xlsx").read_bytes()))
    sheet = book["All"]
    link = sheet.cell(2, sheet.max_column).hyperlink
    assert link is not None
    assert link.target == "chronology.pdf"
    assert household.run("export", "--format", "bundle").code == 2
    assert household.run("export", "--format", "bundle", "-o", "-").code == 2
    assert household.run("export", "--format", "bundle", "-o", "no/such/x.zip").code == 2


def test_figures_for_oneself_and_for_the_pool(household: Household) -> None:
    told(household)
    value = json.loads(household.must("stats", "--json"))
    assert (value["all"]["sent"], value["all"]["answered"], value["all"]["no_reply"]) == (2, 1, 1)
    assert "council mailbox" in household.must("stats")
    household.must("stats", "--anonymous", "-o", "mine.json")
    printed = household.must("stats", "--anonymous", "-o", "-")
    assert json.loads(printed) == json.loads((household.folder / "mine.json").read_text())
    mine = (household.folder / "mine.json").read_text()
    for secret in (household.address, "jo.fell", "asked-1", "Question"):
        assert secret not in mine
    for number in range(5):
        family = json.loads(mine) | {"as_of": f"2026-01-0{number + 1}"}
        (household.folder / f"f{number}.json").write_text(json.dumps(family))
    names = [f"f{n}.json" for n in range(5)]
    pooled = json.loads(household.must("pool", "--json", *names))
    assert pooled["rows"][0]["sent"] == 10
    assert "kent.gov.uk" in household.must("pool", *names)
    assert "nothing can be shown" in household.must("pool", *names[:4])
    (household.folder / "bad.json").write_text("{")
    assert household.run("pool", "bad.json").code == 2
    assert household.run("pool", "absent.json").code == 2
    assert household.run("pool", "--smallest", "2", *names).code == 2
    assert household.run("stats", "-o", "x").code == 2


def test_a_file_s_ending_says_its_format(household: Household) -> None:
    """What is called .pdf and holds a table opens nowhere."""
    told(household)
    begins = {"pdf": b"%PDF", "xlsx": b"PK", "json": b"{", "ics": b"BEGIN:VCALENDAR", "zip": b"PK"}
    for ending, beginning in begins.items():
        household.must("export", "-o", f"list.{ending}")
        assert (household.folder / f"list.{ending}").read_bytes().startswith(beginning)
    household.must("verify", "list.zip")
    for words in (("-o", "list.txt"), ("--format", "csv", "-o", "list.PDF"), ("-o", "-"), ()):
        household.must("export", *words)
    assert b"status,body" in (household.folder / "list.txt").read_bytes()
    assert b"status,body" in (household.folder / "list.PDF").read_bytes()
