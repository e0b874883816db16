"""Nobody gets past the gate who should not: not by path, host, form, size or method."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from inboxwatch.entrypoints.web.accesslog import AccessLog
from tests.entrypoints.web.demo_site import NOW, Browser, StillKnown, known_of, user, users

OPEN = ("/sign-in", "/health", "/static/")


def every_route(browser: Browser) -> list[tuple[str, str]]:
    """Method and path of every route of the application, with invented ids in the path."""
    app: Any = browser.client._transport.app.app  # type: ignore[attr-defined]
    routes: list[Any] = []
    for one in app.routes:
        routes += one.original_router.routes if hasattr(one, "original_router") else [one]
    found = []
    for route in routes:
        assert isinstance(route, Route) or hasattr(route, "methods")
        path = route.path.replace("{thread}", "abcdefghij").replace("{name}", "style.css")
        found += [(method, path) for method in sorted(route.methods or ())]
    return found


def test_strangers_reach_nothing_but_sign_in_health_and_style(guarded: Browser) -> None:
    routes = every_route(guarded)
    assert len(routes) > 35
    for method, path in routes:
        answer = guarded.request(method, path)
        if path.startswith(OPEN) and method in ("GET", "HEAD"):
            assert answer.status_code in (200, 503), (method, path)
        elif path.startswith("/api/"):
            if path == "/api/openapi.json":
                assert answer.status_code == 303
            else:
                assert answer.status_code == 401, (method, path)
                assert set(answer.json()) == {"problem", "remedy"}
        elif path == "/sign-in":
            assert answer.status_code == 403, (method, path)
        else:
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/sign-in"), (method, path)
        assert "hartley" not in answer.text.lower()
        assert "kent.gov.uk" not in answer.text


@pytest.mark.parametrize("path", ["/nothing/here", "/docs", "/openapi.json", "/static/../settings"])
def test_what_does_not_exist_is_not_told_to_strangers(guarded: Browser, path: str) -> None:
    assert guarded.get(path).status_code in (303, 404)
    assert "kent" not in guarded.get(path).text


def test_a_wrong_token_or_session_is_no_better_than_none(guarded: Browser) -> None:
    assert guarded.api("GET", "/threads", token="x" * 32).status_code == 401
    guarded.client.cookies.set("inboxwatch", "A" * 43)
    assert guarded.get("/").status_code == 303
    guarded.client.cookies.set("inboxwatch", "<script>")
    assert guarded.get("/").status_code == 303


def test_every_form_needs_the_token_of_this_browser(page: Browser) -> None:
    posts = [path for method, path in every_route(page) if method == "POST"]
    posts = [path for path in posts if not path.startswith("/api/")]
    assert len(posts) >= 13
    thread = page.api("GET", "/threads").json()["threads"][0]["id"]
    for path in posts:
        here = path.replace("abcdefghij", thread)
        fields = {
            "value": "answered", "channel": "phone", "until": "2027-01-01", "name": "x",
            "clock": "10wd", "message": "x", "kind": "human", "said": "yes", "thread": thread,
            "decision": "1", "password": "x",
        }  # fmt: skip
        assert page.post(here, with_token=False, **fields).status_code == 403, path
        assert page.request("POST", here, data={**fields, "token": "x" * 43}).status_code == 403
    assert page.api("GET", "/decisions").json() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example.com"},
        {"origin": "null"},
    ],
)
def test_a_form_of_another_page_is_refused(page: Browser, headers: dict[str, str]) -> None:
    thread = page.api("GET", "/threads").json()["threads"][0]["id"]
    from inboxwatch.entrypoints.web.sessions import form_token

    fields = {"value": "answered", "token": form_token(page.cookie)}
    answer = page.request("POST", f"/threads/{thread}/mark", data=fields, headers=headers)
    assert answer.status_code == 403
    assert page.api("GET", "/decisions").json() == []


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8321", 200),
        ("127.0.0.1:8321", 200),
        ("[::1]:8321", 200),
        ("192.168.1.20", 200),
        ("WATCH.example.org", 200),
        ("rebound.example.com", 400),
        ("localhost.example.com", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
def test_a_name_that_is_not_ours_gets_nothing(tmp_path: Path, host: str, status: int) -> None:
    known = known_of(tmp_path, page={"names": ("watch.example.org",)})
    browser = Browser(known, users())
    answer = browser.get("/", headers={"host": host})
    assert answer.status_code == status
    assert ("kent.gov.uk" in answer.text) == (status == 200)
    known.store.close()


def test_every_answer_carries_the_headers_that_keep_it_safe(page: Browser) -> None:
    for path in ("/", "/review", "/health", "/api/threads", "/nothing", "/exports/file?format=csv"):
        headers = page.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_style_is_kept_by_the_browser_and_holds_no_foreign_address(page: Browser) -> None:
    answer = page.get("/static/style.css")
    assert "immutable" in answer.headers["cache-control"]
    again = page.get("/static/style.css", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "url(" not in answer.text
    assert "@import" not in answer.text
    assert page.get("/static/none.js").status_code == 404


def test_a_flood_is_refused_before_it_is_read(page: Browser) -> None:
    answer = page.request("POST", "/decisions/undo", content=b"x" * 70_000)
    assert answer.status_code == 413

    async def endless() -> Any:
        yield b"x"

    assert page.request("POST", "/decisions/undo", content=endless()).status_code == 411


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(page: Browser) -> None:
    page.client.cookies.clear()
    given = page.get("/").headers["set-cookie"]
    assert "HttpOnly" in given
    assert "samesite=strict" in given.lower()
    assert "secure" not in given.lower()


def test_over_tls_the_cookie_is_for_this_host_alone(known: StillKnown) -> None:
    browser = Browser(known, users(user("anna")), base="https://localhost")
    given = browser.get("/sign-in").headers["set-cookie"]
    assert given.startswith("__Host-inboxwatch=")
    assert "; Secure" in given
    assert browser.sign_in("anna").status_code == 303
    assert browser.get("/").status_code == 200


def test_the_access_log_says_who_and_what_but_not_a_word_of_mail(
    guarded: Browser, known: StillKnown
) -> None:
    guarded.sign_in("anna")
    thread = guarded.api("GET", "/threads").json()["threads"][0]
    guarded.get(f"/?words={thread['subject'][:10]}")
    guarded.post(f"/threads/{thread['id']}/mark", value="answered", note="by phone, secretly")
    path = known.data_folder / "access.log"
    assert path.stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[-1]["who"] == "anna"
    assert lines[-1]["what"] == f"POST /threads/{thread['id']}/mark"
    assert lines[-1]["decisions"] == [1]
    assert any(line["who"] == "api" for line in lines)
    text = path.read_text()
    assert thread["subject"][:10] not in text
    assert "secretly" not in text
    assert "four calm" not in text


def test_the_access_log_is_turned_over_and_its_loss_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    written = AccessLog(tmp_path, largest=300)
    line: dict[str, Any] = {"at": NOW, "who": "anna", "client": "::1", "method": "GET"}
    for number in range(60):
        written.write(**line, path=f"/threads/%20{number}", status=200)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"access.log.1", "access.log.5"} <= names
    assert "access.log.6" not in names
    newest = (tmp_path / "access.log.1").read_text()
    assert "/threads/%20" in newest
    missing = AccessLog(tmp_path / "no such folder")
    missing.write(**line, path="/", status=200)
    assert "could not be written" in caplog.text
