"""Somebody limited to a case sees that case, and nothing of any other, anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inboxwatch.domain.overrides import Verb
from inboxwatch.entrypoints.web.threadview import ref
from tests.builders import from_council
from tests.builders_store import an_override
from tests.demo_mail import ME
from tests.entrypoints.web.demo_site import (
    Browser,
    StillKnown,
    demo_entries,
    known_of,
    token,
    user,
    users,
)
from tests.entrypoints.web.test_gate import every_route

OWN = "own-token-of-lena-0000000001"
THEIRS = "Speech therapy in section F"


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[tuple[Browser, StillKnown, dict[str, str]]]:
    """Lena may see the case Sam alone: one thread. Ids of threads by subject."""
    loose = from_council(
        "2026-05-20 10:00", message_id="loose@kent.gov.uk", receivers=ME,
        sender="unknown.officer@kent.gov.uk", subject="A secret about another child",
        own_text="Dear Ms Hartley, I tried to ring you yesterday about the plan. Kind regards, Kim",
    )  # fmt: skip
    known = known_of(tmp_path, [*demo_entries(), loose])
    browser = Browser(
        known,
        users(
            user("lena", cases=["Sam"]),
            tokens=[token(), token(OWN, name="lena", cases=["Sam"])],
        ),
    )
    ids = {t["subject"]: t["id"] for t in browser.api("GET", "/threads").json()["threads"]}
    for subject, case in ((THEIRS, "Sam"), ("Taxi did not come again", "Noor")):
        browser.api("POST", f"/threads/{ids[subject]}/case", json={"name": case})
    browser.sign_in("lena")
    yield browser, known, ids
    known.store.close()


Limited = tuple[Browser, StillKnown, dict[str, str]]

FOREIGN = ("Taxi", "Noor", "A.H.", "secret", "loose@", "complaint", "medway", "FOI", "Panel")


def test_no_page_shows_another_case(limited: Limited) -> None:
    page, _, ids = limited
    for path in ("/", "/?status=everything", "/?case=Noor&status=everything", "/review",
                 "/statistics", "/exports", "/decisions", f"/threads/{ids[THEIRS]}"):  # fmt: skip
        answer = page.get(path)
        assert answer.status_code == 200, path
        words = re.sub(r"<option.*?</option>", "", answer.text)  # the clocks have titles
        for harmless in ("a formal complaint", "For a complaint", "case=Noor"):
            words = words.replace(harmless, "")
        assert [w for w in FOREIGN if w in words] == [], path
    assert THEIRS in page.get("/").text


def test_no_route_at_all_shows_or_changes_another_case(limited: Limited) -> None:
    """Every route there is, a new one too, asked about a thread of another case."""
    page, _, ids = limited
    taxi = ids["Taxi did not come again"]
    before = page.api("GET", "/decisions").json()
    fields: dict[str, Any] = {
        "value": "answered", "channel": "phone", "until": "2027-01-01", "name": "Sam",
        "clock": "10wd", "message": ref("loose@kent.gov.uk"), "kind": "human", "said": "yes",
        "note": "x", "thread": taxi, "decision": 2, "message_id": "loose@kent.gov.uk",
    }  # fmt: skip
    asked = 0
    for method, route in every_route(page):
        path = route.replace("abcdefghij", taxi)
        if path in ("/sign-in", "/sign-out"):
            continue
        asked += 1
        if method == "POST":
            answers = [
                page.request(method, path, json=fields, headers={"authorization": f"Bearer {OWN}"})
                if path.startswith("/api/")
                else page.post(path, **fields)
            ]
        else:
            answers = [
                page.request(method, path, params=dict(where))
                for where in ({}, {"case": "Noor"}, {"person": "me", "status": "everything"})
            ]
            if path.startswith("/api/"):
                answers = [page.api(method, path.removeprefix("/api"), token=OWN)]
        for answer in answers:
            assert answer.status_code < 500 or path == "/health", (method, path)
            if taxi in path or method == "POST":
                assert answer.status_code in (400, 403, 404, 422), (method, path)
            words = answer.text if "zip" not in answer.headers.get("content-type", "") else ""
            assert [w for w in ("Taxi", "secret", "loose@") if w in words] == [], (method, path)
    assert asked > 35
    assert page.api("GET", "/decisions").json() == before


def test_another_threads_page_is_not_there(limited: Limited) -> None:
    page, _, ids = limited
    for subject, thread in ids.items():
        expected = 200 if subject == THEIRS else 404
        assert page.get(f"/threads/{thread}").status_code == expected, subject
        assert page.get(f"/threads/{thread[:6]}").status_code == expected, subject
        assert page.api("GET", f"/threads/{thread}", token=OWN).status_code == expected
        explained = page.api("GET", f"/threads/{thread}/explanation", token=OWN)
        assert explained.status_code == expected


@pytest.mark.parametrize("extra", ["", "&as_of=2026-05-25"])
@pytest.mark.parametrize("kind", ["csv", "json", "ics", "report"])
def test_no_export_holds_another_case(limited: Limited, kind: str, extra: str) -> None:
    page, _, _ = limited
    every = "".join(f"&status={s}" for s in ("answered", "waiting", "overdue", "review", "closed"))
    text = page.get(f"/exports/file?format={kind}{every}{extra}").text
    assert THEIRS in text
    assert [w for w in FOREIGN if w in text] == []
    assert page.api("GET", f"/export?format={kind}{every}{extra}", token=OWN).text == text


def test_the_spreadsheet_holds_no_other_case(limited: Limited, tmp_path: Path) -> None:
    page, _, _ = limited
    path = tmp_path / "list.xlsx"
    path.write_bytes(
        page.get("/exports/file?format=xlsx&status=undelivered&status=overdue").content
    )
    cells = [
        str(cell)
        for sheet in openpyxl.load_workbook(path).worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    assert THEIRS in cells
    assert [w for w in FOREIGN if any(w in cell for cell in cells)] == []


def test_the_api_shows_no_other_case(limited: Limited) -> None:
    page, _, _ = limited
    listing = page.api("GET", "/threads", token=OWN).json()
    assert [t["subject"] for t in listing["threads"]] == [THEIRS]
    assert listing["unplaced"] == []
    assert listing["scanned"]["folders"] == []
    assert {d["value"] for d in page.api("GET", "/decisions", token=OWN).json()} == {"Sam"}
    for path in ("/health",):
        assert page.api("GET", path, token=OWN).status_code == 403
    assert page.get("/metrics", headers={"authorization": f"Bearer {OWN}"}).status_code == 403
    for path in ("/settings", "/wellbeing", "/metrics"):
        assert page.get(path).status_code == 403


def test_nothing_of_another_case_can_be_decided(limited: Limited) -> None:
    page, _, ids = limited
    taxi = ids["Taxi did not come again"]
    before = page.api("GET", "/decisions").json()
    assert page.post(f"/threads/{taxi}/mark", value="answered").status_code == 404
    assert page.api("POST", f"/threads/{taxi}/mark", token=OWN,
                    json={"value": "answered"}).status_code == 404  # fmt: skip
    assert page.post("/decisions/undo", decision=2).status_code == 404
    assert page.api("POST", "/undo", token=OWN, json={"decision": 2}).status_code == 404
    loose = {"message_id": "loose@kent.gov.uk"}
    own = ids[THEIRS]
    assert page.api("POST", f"/threads/{own}/link", token=OWN, json=loose).status_code == 404
    assert page.api("POST", "/messages/unlink", token=OWN, json=loose).status_code == 404
    named = {**loose, "kind": "bulk"}
    assert page.api("POST", "/messages/classify-as", token=OWN, json=named).status_code == 404
    assert page.post(f"/threads/{own}/case", name="Noor").status_code == 403
    assert page.post(f"/threads/{own}/case", name="").status_code == 403
    assert page.api("GET", "/decisions").json() == before


def test_one_can_decide_about_ones_own_case(limited: Limited) -> None:
    page, _, ids = limited
    answer = page.post(f"/threads/{ids[THEIRS]}/log", channel="phone", note="said Friday")
    assert answer.status_code == 303
    assert page.get("/decisions").text.count("page:lena") == 1
    undone = page.api("POST", "/undo", token=OWN, json={})
    assert undone.json()["note"] == "said Friday"
    again = page.api("POST", "/undo", token=OWN, json={})
    assert again.json()["value"] == "Sam"  # its own case's decision, the last that is left


def test_a_note_about_the_other_half_of_a_shared_message_stays_hidden(limited: Limited) -> None:
    """One message to two mailboxes makes two threads, which may be of two cases."""
    page, known, _ = limited
    both = [
        t for t in page.api("GET", "/threads").json()["threads"] if "school place" in t["subject"]
    ]
    assert len(both) == 2
    with known.store.transaction() as tx:
        for thread, case in zip(both, ("Sam", "Noor"), strict=True):
            about = {
                "target": thread["messages"][0]["message_id"],
                "council_mailbox": thread["council_mailbox"],
            }
            tx.add_override("me", an_override(Verb.CASE, value=case, **about))
        note = an_override(Verb.LOG, value="phone", note="about Noor only", **about)
        tx.add_override("me", note)
    assert page.get(f"/threads/{both[0]['id']}").status_code == 200
    assert page.get(f"/threads/{both[1]['id']}").status_code == 404
    for path in ("/decisions", f"/threads/{both[0]['id']}"):
        assert "Noor" not in page.get(path).text
