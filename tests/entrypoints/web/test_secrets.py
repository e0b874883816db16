"""No secret in any answer: not in the settings page, not in numbers, not in an error."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import SecretStr

from inboxwatch.entrypoints.web.shown_settings import shown
from inboxwatch.settings.model import (
    AccountSettings,
    PageSettings,
    RuleSettings,
    ServiceSettings,
    StoreSettings,
)
from inboxwatch.settings.reaching import EmailSettings, WebhookSettings
from tests.demo_mail import ME
from tests.entrypoints.web.demo_site import PASSWORD, TOKEN, Browser, known_of, token, user, users

CANARY = "canary-secret"


def test_no_answer_holds_a_secret(tmp_path: Path) -> None:
    known = known_of(
        tmp_path,
        accounts={"home": AccountSettings(address=ME, password=SecretStr(f"{CANARY}-imap"))},
        email=EmailSettings(to=("a@example.org",), host="smtp.example.org",
                            password=SecretStr(f"{CANARY}-smtp")),
        webhooks={"hub": WebhookSettings(url=f"https://user:{CANARY}@hooks.example.org/{CANARY}",
                                         secret=SecretStr(f"{CANARY}-hook"))},
        store=StoreSettings(url=SecretStr(f"postgresql://u:{CANARY}@db/x")),
        service=ServiceSettings(ping_url=f"https://hc.example.org/ping/{CANARY}"),
        page=PageSettings(api_token=SecretStr(f"{CANARY}-api-token")),
        rules=(RuleSettings(name="foi", clock="foi"),),
    )  # fmt: skip
    anna = user("anna")
    page = Browser(known, users(anna, tokens=[token()]))
    page.sign_in("anna")
    thread = page.api("GET", "/threads").json()["threads"][0]["id"]
    answers = [
        page.get(path)
        for path in ("/", "/review", "/statistics", "/exports", "/decisions", "/wellbeing",
                     "/settings", "/metrics", "/health", "/nothing", f"/threads/{thread}",
                     "/exports/file?format=json", "/sign-in")
    ]  # fmt: skip
    answers += [
        page.api("GET", path)
        for path in ("/threads", "/health", "/openapi.json", "/decisions", "/nothing")
    ]
    answers.append(page.api("GET", "/threads", token="wrong" * 8))
    answers.append(page.sign_in("anna", CANARY))
    session = hashlib.sha256(page.cookie.encode()).hexdigest()
    for answer in answers:
        for secret in (CANARY, TOKEN, PASSWORD, anna.password_hash, page.cookie, session):
            assert secret not in answer.text, answer.url
    known.store.close()


def test_the_settings_page_shows_what_is_set(tmp_path: Path) -> None:
    known = known_of(tmp_path, rules=(RuleSettings(name="information", clock="foi"),))
    text = Browser(known, users()).get("/settings").text
    assert "imap.example.org" in text
    assert "information" in text
    assert "kent.gov.uk, medway.gov.uk" in text
    known.store.close()


def test_values_are_shown_without_what_is_secret_in_them() -> None:
    assert shown(SecretStr("x")) == "set, not shown"
    assert shown("https://user:pass@hooks.example.org/path?key=1") == "https://hooks.example.org/…"
    assert shown("tgram://bottoken/chat") == "tgram://… (set, not shown)"
    assert shown(None) == shown("") == shown(()) == "–"
    assert shown(True) == "yes"
    assert shown(("a", "b")) == "a, b"
    assert shown(15.0) == "15.0"
    assert shown(Path("x/y")) == "x/y"


def test_numbers_for_prometheus_name_no_case_and_no_address(page: Browser) -> None:
    text = page.get("/metrics").text
    assert 'inboxwatch_threads{person="me",status="overdue"} 8.0' in text
    assert "inboxwatch_up 1.0" in text
    assert 'inboxwatch_account_stalled{account="home"} 0.0' in text
    assert "@" not in text
    headers = {"authorization": f"Bearer {TOKEN}"}
    assert page.get("/metrics", headers=headers).text == text
    assert page.get("/metrics", headers={"authorization": "Bearer x"}).status_code == 401
