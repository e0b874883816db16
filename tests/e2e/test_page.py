"""The page in a real browser, without JavaScript: every page, each decision, each export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.visiting import open_thread, visiting
from tests.entrypoints.web.demo_site import PASSWORD


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """Signed in, without JavaScript, on a phone."""
    with visiting(
        chromium, address, java_script_enabled=False, viewport={"width": 360, "height": 740}
    ) as shown:
        yield shown


def opened(page: Page, summary: str) -> None:
    page.get_by_text(summary, exact=True).first.click()


def test_signing_in_and_out_without_javascript(page: Page) -> None:
    page.get_by_text("More", exact=True).click()
    expect(page.get_by_text("Signed in as anna")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/review")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Name or password is not right.")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 email for you to look at")


def test_every_page_is_reached_by_its_link(page: Page) -> None:
    for name, heading in (
        ("Look at", "1 email for you to look at"),
        ("Figures", "How each council mailbox replies"),
        ("Export", "Take the list with you"),
        ("Overview", "10 emails need you"),
    ):
        page.get_by_role("navigation", name="Pages", exact=True).get_by_role(
            "link", name=name
        ).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    for name, heading in (
        ("Your decisions", "Your decisions"), ("Health", "All is well"), ("Settings", "Settings"),
    ):  # fmt: skip
        page.get_by_text("More", exact=True).click()
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_the_list_is_narrowed_by_the_form_and_the_tiles(page: Page) -> None:
    page.get_by_role("link", name="8 past their day").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Past its day (8)")
    opened(page, "Choose what is shown")
    page.get_by_label("Body").select_option("medway.gov.uk")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Past its day (1)")
    page.get_by_role("link", name="Show all again").click()
    page.get_by_role("link", name="complaints@kent.gov.uk").click()
    expect(page.get_by_role("heading", level=3)).to_have_count(2)


def test_each_decision_about_a_thread_and_taking_it_back(page: Page) -> None:
    open_thread(page, "Speech therapy in section F")
    page.get_by_role("button", name="No reply needed").click()
    expect(page.get_by_text("you said it needs none").first).to_be_visible()
    page.get_by_role("button", name="Take it back", exact=True).click()
    expect(page.get_by_text("no human reply after 10 working days").first).to_be_visible()
    page.get_by_role("button", name="Answered another way").click()
    page.get_by_role("button", name="Watch it again").click()
    expect(page.get_by_role("button", name="Watch it again")).to_have_count(0)
    page.get_by_role("button", name="Stop watching").click()
    expect(page.get_by_text("you stopped watching it").first).to_be_visible()
    page.get_by_role("button", name="Watch it again").click()
    expect(page.get_by_text("you stopped watching it")).to_have_count(0)
    opened(page, "Note a call, a letter, a meeting")
    page.get_by_label("How", exact=True).select_option("phone")
    page.get_by_label("What was said").fill("They promised to write on Friday.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("note").filter(has_text="promised to write on Friday")).to_be_visible()
    opened(page, "Remind me later")
    page.get_by_label("No reminders before").fill("2026-07-01")
    page.get_by_role("button", name="Be quiet until then").click()
    expect(page.get_by_text("Wednesday 1 July 2026")).to_be_visible()
    opened(page, "Put it in a case")
    page.get_by_label("Case (a child's initials, say)").fill("Sam")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Change the case")).to_be_visible()
    opened(page, "Another clock")
    page.get_by_label("Which deadline runs").select_option("ordinary-email")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_text("ordinary-email:")).to_be_visible()
    opened(page, "Something happened on a day")
    page.get_by_label("What", exact=True).select_option("decision")
    page.get_by_label("When", exact=True).fill("2026-05-20")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("event decision=2026-05-20").first).to_be_visible()
    opened(page, "Show me the words")
    expect(page.get_by_label("The letter")).to_have_value(re.compile("Speech therapy in section F"))
    link = page.get_by_role("link", name="Open it in your mail program")
    expect(link).to_have_attribute("href", re.compile("^mailto:priya.nair@kent.gov.uk"))
    page.get_by_role("button", name=re.compile(r"Take it back\s*: clock")).click()
    expect(page.get_by_text("ordinary-email:")).to_have_count(0)


def test_each_decision_about_a_message(page: Page) -> None:
    open_thread(page, "Speech therapy in section F")
    opened(page, "Why? Not right?")
    page.get_by_label("This message is").select_option("human")
    page.get_by_role("button", name="Say so").click()
    expect(page.get_by_text("answered by a person").first).to_be_visible()
    page.get_by_role("button", name="Take it back", exact=True).click()
    expect(page.get_by_role("button", name="Take it back", exact=True)).to_have_count(0)
    opened(page, "Why? Not right?")
    page.get_by_role("button", name="It does not belong here").click()
    expect(page.get_by_text("Not right?")).to_have_count(0)
    page.get_by_role("button", name="Take it back", exact=True).click()
    expect(page.get_by_text("Not right?")).to_have_count(1)
    page.get_by_role("button", name="It belongs here").click()
    expect(page.get_by_text("answered by a person").first).to_be_visible()


def test_the_review_queue_with_one_click(page: Page) -> None:
    for words in ("No, keep waiting", "It is automatic", "It is about something else",
                  "Yes, it answers me"):  # fmt: skip
        page.goto("/review")
        page.get_by_role("button", name=words).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to look at")
        page.get_by_role("button", name="Take it back").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("1 email for you to look at")
    opened(page, "It belongs to an email of mine")
    page.get_by_label("Which one?").select_option(
        label="Speech therapy in section F (priya.nair@kent.gov.uk)"
    )
    page.get_by_role("button", name="Put it there").click()
    expect(page.get_by_text("Recorded.")).to_be_visible()
    expect(page.get_by_text("belongs to no thread")).to_have_count(0)
    page.goto("/decisions")
    page.get_by_role("button", name=re.compile("Take it back")).first.click()
    page.goto("/review")
    expect(page.get_by_text("Council mail that belongs to no thread (1)")).to_be_visible()


@pytest.mark.parametrize(
    ("title", "begins"),
    [
        ("Report", b"<!DOCTYPE html>"),
        ("Spreadsheet", b"PK"),
        ("CSV", b"\xef\xbb\xbfstatus,"),
        ("Calendar", b"BEGIN:VCALENDAR"),
        ("Chronology", b"%PDF-"),
        ("Evidence bundle", b"PK"),
        ("JSON", b"{"),
    ],
)
def test_each_export_is_downloaded(page: Page, tmp_path: Path, title: str, begins: bytes) -> None:
    page.goto("/exports")
    page.get_by_role("radio", name=re.compile(f"^{title}")).check()
    page.get_by_label("Body").select_option("kent.gov.uk")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    path = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(path)
    assert downloading.value.suggested_filename.startswith("inboxwatch-2026-06-01.")
    assert path.read_bytes().startswith(begins)
    if title == "Spreadsheet":
        cells = [
            str(cell)
            for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
            for cell in row
        ]
        assert "Taxi did not come again" in cells
        assert "In-year place for a child with an EHC plan" not in cells  # another body's
