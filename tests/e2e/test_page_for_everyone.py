"""Nobody is shut out of the page: axe, small screens, dark and light, paper, the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Attachment
from inboxwatch.entrypoints.web.server import PageServer
from tests.builders import from_council, from_us
from tests.demo_mail import ME
from tests.e2e.visiting import open_thread, visiting
from tests.entrypoints.web.demo_site import known_of, users

PAGES = ("/", "/?status=everything", "/review", "/statistics", "/exports", "/decisions",
         "/wellbeing", "/settings", "/nothing-here")  # fmt: skip


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
        expect(page.get_by_role("button", name="Take it back", exact=True)).to_be_visible()
        paths.append(page.url)  # with what was recorded
        for path in paths:
            page.goto(path)
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
            found = axe.run(page, options=rules).response["violations"]
            assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", [360, 1280])
def test_endless_words_stay_on_the_screen(chromium: Browser, tmp_path: Path, width: int) -> None:
    """A subject, a sender, a file name and a text without a space, wherever they are shown."""
    word = "W" * 300
    asked = from_us(
        "2026-04-02 09:00", "q@example.org", subject=word, own_text=f"{word}?", sender=ME
    )
    invited = from_council(
        "2026-04-03 10:00", Kind.CALENDAR, "c@kent.gov.uk", to=asked, receivers=ME,
        sender=f"{word[:60]}@kent.gov.uk", subject=f"Invitation: {word}", own_text=word,
        calendar_method="REQUEST", content_types=("text/calendar",),
        attachments=(Attachment(name=word, content_type="text/calendar", size=3),),
    )  # fmt: skip
    loose = from_council(
        "2026-04-04 12:00", message_id="l@kent.gov.uk", sender="officer@kent.gov.uk", receivers=ME,
        subject=f"Other {word}", own_text=f"Dear parent, {word}",
    )  # fmt: skip
    known = known_of(tmp_path, [asked, invited, loose])
    server = PageServer(known, port=0, users=users())
    server.start()
    with visiting(
        chromium,
        server.address.rstrip("/"),
        sign_in=False,
        viewport={"width": width, "height": 800},
    ) as page:
        page.goto("/")
        thread = page.locator(".threads h3 a").first.get_attribute("href")
        assert thread is not None
        for path in ("/", "/review", "/statistics", "/exports", thread):
            page.goto(path)
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.get_by_label("What was said").fill(word)
        page.get_by_role("button", name="Keep the note").click()
        expect(page.get_by_role("note").filter(has_text=word)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    server.close()
    known.store.close()


def test_on_paper_the_forms_are_gone_and_the_facts_stay(chromium: Browser, address: str) -> None:
    with visiting(chromium, address) as page:
        open_thread(page, "Request for an EHC needs assessment")
        page.wait_for_load_state()
        page.emulate_media(media="print")
        for form in page.locator("form").all():
            expect(form).to_be_hidden()
        expect(page.get_by_role("heading", name="The facts")).to_be_visible()
        expect(page.get_by_text("Please tell me when you have decided.")).to_be_visible()


def test_it_can_be_used_with_the_keyboard_alone(chromium: Browser, address: str) -> None:
    with visiting(chromium, address) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="To the content")).to_be_focused()
        expect(page.get_by_role("link", name="To the content")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="10 need you")).to_be_focused()
