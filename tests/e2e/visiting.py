"""A window of the browser on the page; it may load from us alone, and complain of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.entrypoints.web.demo_site import PASSWORD


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


def open_thread(page: Page, words: str) -> None:
    """Follow a thread's link in the overview."""
    page.goto("/?status=everything")
    page.get_by_role("link", name=words).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
