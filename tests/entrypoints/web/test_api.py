"""The API does what the command line does, in the same shapes, and never falls over."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from inboxwatch.application.listing import picture_json, thread_json
from inboxwatch.entrypoints.web.server import PageServer
from inboxwatch.settings.model import AccountSettings
from tests.entrypoints.web.demo_site import (
    TOKEN,
    Browser,
    StillKnown,
    known_of,
    put,
    token,
    users,
)


def test_the_list_has_the_shape_of_the_command(page: Browser, known: StillKnown) -> None:
    answer = page.api("GET", "/threads")
    picture = known.picture("me")
    expected = {"person": "me", **picture_json(picture), "total": 15}
    assert answer.json() == json.loads(json.dumps(expected))
    one = page.api("GET", f"/threads/{picture.verdicts[0].thread.id}").json()
    assert one == json.loads(json.dumps(thread_json(picture.verdicts[0])))


def test_the_list_can_be_narrowed_and_cut(page: Browser) -> None:
    def subjects(query: str) -> list[str]:
        return [t["subject"] for t in page.api("GET", f"/threads?{query}").json()["threads"]]

    every = subjects("")
    assert subjects("limit=3&offset=2") == every[2:5]
    assert len(subjects("status=overdue&status=review")) == 9
    assert len(subjects("body=medway.gov.uk")) == 1
    assert subjects("case=none") == []
    assert page.api("GET", "/threads?limit=3").json()["total"] == 15
    assert page.api("GET", "/threads?status=nonsense").status_code == 422


def test_each_verb_is_recorded_and_can_be_taken_back(page: Browser) -> None:
    threads = page.api("GET", "/threads").json()["threads"]
    thread = next(t for t in threads if "A.H." in t["subject"])
    other = next(t for t in threads if "Speech" in t["subject"])
    path = f"/threads/{thread['id']}"
    message = thread["messages"][1]["message_id"]
    for verb, body, value in (
        (f"{path}/mark", {"value": "answered", "note": "rang"}, "answered"),
        (f"{path}/mark", {"value": "watch"}, "watch"),
        (f"{path}/log", {"channel": "post", "note": "a letter"}, "post"),
        (f"{path}/snooze", {"until": "2026-08-01"}, "2026-08-01"),
        (f"{path}/case", {"name": "Sam"}, "Sam"),
        (f"{path}/clock", {"clock": "15wd"}, "15wd"),
        (f"{path}/event", {"name": "decision", "on": "2026-05-20"}, "decision=2026-05-20"),
        ("/messages/classify-as", {"message_id": f"<{message}>", "kind": "human"}, "human"),
        ("/messages/unlink", {"message_id": message}, ""),
        (f"/threads/{other['id']}/link", {"message_id": message}, None),
    ):
        answer = page.api("POST", verb, json=body)
        assert answer.status_code == 200, (verb, answer.text)
        assert answer.json()["by"] == "api"
        assert value is None or answer.json()["value"] == value
    after = page.api("GET", path).json()
    assert (after["case"], after["clock"], after["snoozed_until"]) == ("Sam", "15wd", "2026-08-01")
    assert any(
        m["message_id"] == message
        for m in page.api("GET", f"/threads/{other['id']}").json()["messages"]
    )
    for number in range(10, 0, -1):
        undone = page.api("POST", "/undo", json={} if number % 2 else {"decision": number})
        assert undone.json()["id"] == number
    assert page.api("POST", "/undo", json={}).status_code == 404
    assert page.api("GET", path).json() == thread


def test_an_explanation_says_why(page: Browser) -> None:
    thread = page.api("GET", "/threads").json()["threads"][1]
    told = page.api("GET", f"/threads/{thread['id']}/explanation").json()
    assert told["headline"].startswith("Past its day")
    assert any("day 0" in line for line in told["count"])


def test_health_is_told_in_full_to_who_has_the_token(page: Browser, guarded: Browser) -> None:
    assert page.api("GET", "/health").json()["accounts"][0]["account"] == "home"
    assert page.get("/health").json()["status"] == "ok"
    assert guarded.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/threads/zzzzzzzzzz", None, 404),
        ("GET", "/nothing", None, 404),
        ("DELETE", "/threads", None, 405),
        ("POST", "/undo", {"decision": 99}, 404),
        ("POST", "/undo", {"decision": "x"}, 422),
        ("POST", "/undo", {"nonsense": 1}, 422),
        ("POST", "/messages/unlink", {"message_id": "none@example.org"}, 404),
        ("GET", "/export?format=papyrus", None, 400),
        ("GET", "/export?format=csv&as_of=whenever", None, 400),
        ("GET", "/export?format=csv&as_of=0001-01-01", None, 400),
        ("GET", "/export?format=csv&as_of=0001-01-01T00:00:00Z", None, 400),
        ("GET", "/export?format=csv&as_of=0001-01-01T00:00:00%2B14:00", None, 400),
        ("GET", "/export?person=nobody", None, 404),
        ("GET", "/threads?person=nobody", None, 400),
    ],
)
def test_a_failure_says_what_and_what_to_do(
    page: Browser, method: str, path: str, body: Any, status: int
) -> None:
    answer = page.api(method, path, json=body)
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"problem", "remedy"}
    assert all(answer.json().values())


def test_with_several_people_one_is_named(tmp_path: Path) -> None:
    known = known_of(
        tmp_path,
        accounts={
            "home": AccountSettings(address="sam.hartley@example.org"),
            "other": AccountSettings(address="lee@example.org", person="lee"),
        },
    )
    put(known, [], person="lee", account="other")
    page = Browser(known, users(tokens=[token()]))
    assert page.api("GET", "/threads").status_code == 400
    assert page.api("GET", "/threads?person=lee").json()["threads"] == []
    known.store.close()


def test_the_description_holds_the_api_alone_and_is_not_for_strangers(
    page: Browser, guarded: Browser
) -> None:
    told = page.api("GET", "/openapi.json").json()
    assert all(path.startswith("/api/") for path in told["paths"])
    assert len(told["paths"]) == 16
    assert guarded.get("/api/openapi.json").status_code == 303
    guarded.sign_in("anna")
    assert guarded.get("/api/openapi.json").status_code == 200


@pytest.mark.timeout(400)
def test_whatever_is_sent_nothing_breaks(tmp_path: Path) -> None:
    """Schemathesis: nothing that fits the description, or nearly, gives a server error."""
    known = known_of(tmp_path)
    server = PageServer(known, port=0, users=users(tokens=[token()]))
    server.start()
    headers = {"authorization": f"Bearer {TOKEN}"}
    base = server.address.rstrip("/")
    described = httpx.get(f"{base}/api/openapi.json", headers=headers).json()
    threads = httpx.get(f"{base}/api/threads", headers=headers).json()["threads"]
    real = {"thread": threads[0]["id"]}
    seen: Counter[int] = Counter()

    def tried(operation: Any, mode: GenerationMode, path: dict[str, str] | None) -> None:
        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=path))
        def asked(case: Any) -> None:
            answer = case.call(base_url=base, headers=headers)
            seen[answer.status_code] += 1
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)

        asked()

    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and not operation.query and not operation.body:
                continue  # there is nothing to get wrong
            for path in (None, real) if "{thread}" in operation.path else (None,):
                tried(operation, mode, path)
    server.close()
    known.store.close()
    assert sum(seen.values()) > 200
    assert seen[200] > 50, seen  # not only refusals were looked at
    assert seen[422] > 20, seen
