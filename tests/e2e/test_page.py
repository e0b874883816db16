"""The page in a real browser: every page, sign-in, each decision, each export; nobody shut out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from inboxwatch.entrypoints.web.server import PageServer
from tests.builders import from_council
from tests.demo_mail import ME
from tests.entrypoints.web.demo_site import (
    PASSWORD,
    StillKnown,
    demo_entries,
    known_of,
    token,
    user,
    users,
)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PAGES = ("/", "/?status=everything", "/review", "/statistics", "/exports", "/decisions",
         "/wellbeing", "/settings", "/nothing-here")  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def known(tmp_path: Path) -> Iterator[StillKnown]:
    """The sample mail, with a message that has no place."""
    loose = from_council(
        "2026-05-20 10:00", message_id="loose@kent.gov.uk", receivers=ME,
        sender="unknown.officer@kent.gov.uk", subject="Your son",
        own_text="Dear Ms Hartley, I tried to ring you yesterday about the plan. Kind regards, Kim",
    )  # fmt: skip
    made = known_of(tmp_path, [*demo_entries(), loose])
    yield made
    made.store.close()


@pytest.fixture
def address(known: StillKnown) -> Iterator[str]:
    """The page with a password, on a port."""
    server = PageServer(known, port=0, users=users(user("anna"), tokens=[token()]))
    server.start()
    yield server.address.rstrip("/")
    server.close()


@contextmanager
def visiting(
    chromium: Browser, address: str, *, sign_in: bool = True, **options: Any
) -> Iterator[Page]:
    """A browser window; the first thing it does is sign in. It may load from us alone."""
    context = chromium.new_context(base_url=address, **options)
    page = context.new_page()
    strangers: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(address) else strangers.append(r.url))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    if sign_in:
        page.goto("/")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.get_by_label("Name").fill("anna")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("10 emails need you")
    yield page
    assert strangers == []
    assert [c for c in complaints if "status of 404" not in c and "status of 403" not in c] == []
    context.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """Signed in, without JavaScript, on a phone."""
    with visiting(
        chromium, address, java_script_enabled=False, viewport={"width": 360, "height": 740}
    ) as shown:
        yield shown


def open_thread(page: Page, words: str) -> None:
    page.goto("/?status=everything")
    page.get_by_role("link", name=words).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


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
    page.get_by_role("button", name="Stop watching").click()
    expect(page.get_by_text("you stopped watching it").first).to_be_visible()
    page.get_by_role("button", name="Watch it again").click()
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
    page.get_by_role("button", name=re.compile(r"Take it back\s*: clock")).click()
    expect(page.get_by_text("ordinary-email:")).to_have_count(0)


def test_each_decision_about_a_message(page: Page) -> None:
    open_thread(page, "Speech therapy in section F")
    opened(page, "Not right?")
    page.get_by_label("This message is").select_option("human")
    page.get_by_role("button", name="Say so").click()
    expect(page.get_by_text("answered by a person").first).to_be_visible()
    page.get_by_role("button", name="Take it back", exact=True).click()
    opened(page, "Not right?")
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nobody_is_shut_out(chromium: Browser, address: str, scheme: Any, width: int) -> None:
    """axe finds nothing on any page, everything opened, and nothing sticks out of the screen."""
    axe = Axe()
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    window = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with visiting(chromium, address, sign_in=False, **window) as page:
        page.goto("/sign-in")
        assert axe.run(page, options=rules).response["violations"] == []
    with visiting(chromium, address, **window) as page:
        paths = list(PAGES)
        for status in ("overdue", "review", "answered", "undelivered"):
            page.goto(f"/?status={status}")
            link = page.locator(".threads h3 a").first.get_attribute("href")
            assert link is not None
            paths.append(link)
        page.goto(paths[-4])
        page.get_by_role("button", name="Answered another way").click()
        paths.append(page.url)  # with what was recorded
        for path in paths:
            page.goto(path)
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
            found = axe.run(page, options=rules).response["violations"]
            assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_on_paper_the_forms_are_gone_and_the_facts_stay(chromium: Browser, address: str) -> None:
    with visiting(chromium, address) as page:
        open_thread(page, "Request for an EHC needs assessment")
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="Answered another way")).to_be_hidden()
        expect(page.get_by_role("heading", name="The facts")).to_be_visible()
        assert page.get_by_text("Please tell me when you have decided.").is_visible()


def test_it_can_be_used_with_the_keyboard_alone(chromium: Browser, address: str) -> None:
    with visiting(chromium, address) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="To the content")).to_be_focused()
        expect(page.get_by_role("link", name="To the content")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="10 need you")).to_be_focused()
