"""CSV and XLSX: exact, typed, and harmless whatever a stranger wrote."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.export.csvfile import csv_bytes
from inboxwatch.adapters.export.xlsx import xlsx_bytes

AS_OF = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
COLUMNS = ("status", "body", "subject", "first_sent", "chasers")


def test_excel_sees_utf_8_and_dates_stay_dates() -> None:
    raw = csv_bytes(COLUMNS, [("overdue", "kent.gov.uk", "Café", date(2026, 3, 2), 2)])
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows == [list(COLUMNS), ["overdue", "kent.gov.uk", "Café", "2026-03-02", "2"]]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    raw = csv_bytes(("subject",), [(text,)]).decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(raw)))[1:]
    assert not cell or not cell[0] or not cell[0][0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_formula_in_a_subject_is_made_harmless_in_both() -> None:
    row = ("overdue", "b", '=HYPERLINK("http://x","y")', None, -1)
    assert b"'=HYPERLINK" in csv_bytes(COLUMNS, [row])
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(COLUMNS, [row], as_of=AS_OF)))
    cell = book["All"]["C2"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'=")
    assert book["All"]["E2"].value == -1


def test_the_spreadsheet_has_types_a_filter_and_a_sheet_for_each_body() -> None:
    rows = [
        ("overdue", "kent.gov.uk", "a", date(2026, 3, 2), 2),
        ("waiting", "a/very[long]:name*of?a\\body that goes on", "b", None, 0),
    ]
    raw = xlsx_bytes(COLUMNS, rows, as_of=AS_OF, about=("What this is",))
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames[0] == "All"
    assert "kent.gov.uk" in book.sheetnames
    assert book.sheetnames[-1] == "About"
    assert len(book.sheetnames) == 4
    page = book["All"]
    assert page["D2"].value == datetime(2026, 3, 2)
    assert page["E2"].value == 2
    assert page.auto_filter.ref == "A1:E3"
    assert page.freeze_panes == "A2"


def test_the_same_rows_give_the_same_bytes() -> None:
    rows = [("overdue", "kent.gov.uk", "a", date(2026, 3, 2), 2)]
    assert xlsx_bytes(COLUMNS, rows, as_of=AS_OF) == xlsx_bytes(COLUMNS, rows, as_of=AS_OF)


def test_two_bodies_with_one_short_name_get_two_sheets() -> None:
    rows = [("x", "b" * 31 + "1", "s", None, 0), ("x", "b" * 31 + "2", "s", None, 0)]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(COLUMNS, rows, as_of=AS_OF)))
    assert len(set(book.sheetnames)) == 3
