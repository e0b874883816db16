"""Mail written to do harm does none, on any page, in any file, through the API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.message import Attachment
from tests.builders import from_council, from_us
from tests.demo_mail import ME
from tests.entrypoints.web.demo_site import Browser, StillKnown, known_of, token, users

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE messages; --",
    "{{ 7 * 7 }}{% raw %}",
    "=HYPERLINK(\"http://evil.example.com\",\"click\")",
    "\u202egnp.exe",
    "a\x00b\x1b[31mred\x07\x9b",
    "lone \udc80 surrogate",
    "javascript:alert(1)",
    "</textarea></title></style><svg onload=alert(1)>",
    "x" * 3000,
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u2066mixed\u2069",
    "",
)  # fmt: skip
_REMOVED = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b\x07\x9b"
# A letter of ours for the user's mail program: to the council mailbox, each field once, in code.
_LETTER = re.compile(
    r"mailto:[\w.%-]+@kent\.gov\.uk"
    r"\?subject=[\w.%~-]*(?:&in-reply-to=[\w.%~-]*)?&body=[\w.%~-]*", re.ASCII
)  # fmt: skip
KNOWN_TAGS = {
    "a", "article", "aside", "bdi", "body", "br", "button", "code", "datalist", "dd", "details",
    "div", "dl", "dt", "ellipse", "fieldset", "footer", "form", "h1", "h2", "h3", "head", "header",
    "html", "img", "input", "label", "legend", "li", "line", "link", "main", "meta", "nav", "ol",
    "option", "p", "rect", "section", "select", "small", "span", "strong", "summary", "svg",
    "table", "tbody", "td", "text", "textarea", "th", "thead", "time", "title", "tr", "ul",
    "circle",
}  # fmt: skip


class Harm(HTMLParser):
    """Finds what a page of ours never has: scripts, handlers, styles, foreign addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KNOWN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}")
            if tag == "a" and name == "href" and _LETTER.fullmatch(value or ""):
                continue
            if name in ("src", "href", "action", "formaction") and not (value or "").startswith(
                ("/", "#", "?")
            ):
                self.found.append(f"{tag} {name}={value}")
            if name in ("src", "href", "action") and (value or "").startswith("//"):
                self.found.append(f"{tag} {name}={value}")


@pytest.fixture
def attacked(tmp_path: Path) -> Iterator[tuple[Browser, StillKnown]]:
    """Threads of which every text is hostile: ours, theirs, in doubt and without a place."""
    entries = []
    for number, text in enumerate(NASTY):
        ours = from_us(
            f"2026-04-{1 + number:02} 09:00", f"q{number}-{text[:40]}@example.org",
            sender=ME, subject=text, own_text=f"Number {number * 7919}: {text}",
        )  # fmt: skip
        theirs = from_council(
            f"2026-04-{1 + number:02} 09:01", Kind.ACKNOWLEDGEMENT,
            f"a{number}{text[:40]}@kent.gov.uk", to=ours, receivers=ME,
            subject=f"Automatic reply: {text}", own_text=f"Thank you. {text}",
            attachments=(Attachment(name=text[:99], content_type="text/html", size=3),),
        )  # fmt: skip
        invited = from_council(
            f"2026-04-{2 + number:02} 10:00", Kind.CALENDAR, f"c{number}{text[:40]}@kent.gov.uk",
            to=ours, receivers=ME, subject=text, own_text=text, calendar_method="REQUEST",
            content_types=("text/calendar",),
        )  # fmt: skip
        loose = from_council(
            f"2026-04-{2 + number:02} 12:00", message_id=f"l{number}{text[:40]}@kent.gov.uk",
            sender=f"officer{number}@kent.gov.uk", receivers=ME,
            subject=f"{number} other things: {text}",
            own_text=f"Dear parent, I wonder. {text} Kind regards, {number}",
        )  # fmt: skip
        entries += [ours, theirs, loose, *([invited] if number % 2 else [])]
    known = known_of(tmp_path, entries)
    browser = Browser(known, users(tokens=[token()]))
    browser.get("/")
    yield browser, known
    known.store.close()


def assert_harmless(text: str, where: str) -> None:
    looking = Harm()
    looking.feed(text)
    assert looking.found == [], where
    assert [c for c in _REMOVED if c in text] == [], where
    assert "49" not in text[: text.index("</head>")], where


def test_no_page_is_harmed(attacked: tuple[Browser, StillKnown]) -> None:
    page, _ = attacked
    threads = page.api("GET", "/threads").json()["threads"]
    assert len(threads) >= len(NASTY)
    assert {t["status"] for t in threads} >= {"overdue", "review"}
    thread = threads[0]["id"]
    for text in NASTY[:9]:  # what a person types is no better than what arrives
        page.post(f"/threads/{thread}/log", channel="phone", note=text.replace("\udc80", ""))
        page.post(f"/threads/{thread}/case", name=text.replace("\udc80", "")[:150])
    paths = ["/", "/?status=everything", "/review", "/statistics", "/exports", "/decisions",
             "/wellbeing", "/settings"]  # fmt: skip
    paths += [f"/threads/{t['id']}" for t in threads]
    for path in paths:
        answer = page.get(path)
        assert answer.status_code == 200, path
        assert_harmless(answer.text, path)
        assert len(answer.content) < 120_000, path


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "ics", "report", "pdf", "bundle"])
def test_no_file_fails_over_it(attacked: tuple[Browser, StillKnown], kind: str) -> None:
    page, _ = attacked
    answer = page.get(f"/exports/file?format={kind}&status=overdue&status=review")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    if kind == "csv":
        assert "'=HYPERLINK" in answer.text
    if kind == "json":
        assert json.loads(answer.content)["threads"]


def test_words_typed_into_the_address_come_back_as_words(page: Browser) -> None:
    for text in (*NASTY[:5], "%00", "\u202e"):
        for name in ("words", "body", "case", "mailbox", "person", "status"):
            answer = page.get("/", params={name: text, "status": "everything"})
            assert answer.status_code == 200, (name, text)
            assert_harmless(answer.text, f"{name}={text}")
        answer = page.get("/sign-in", params={"next": text})
        assert answer.status_code == 303


def test_hostile_message_ids_can_still_be_decided_about(
    attacked: tuple[Browser, StillKnown],
) -> None:
    page, _ = attacked
    for thread in page.api("GET", "/threads").json()["threads"][:6]:
        message = thread["messages"][1]["message_id"]
        answer = page.api(
            "POST", "/messages/classify-as", json={"message_id": message, "kind": "human"}
        )
        assert answer.status_code == 200, answer.text
