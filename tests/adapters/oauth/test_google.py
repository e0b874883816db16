"""A browser that comes back to this machine, or a pasted address, signs in at Google."""

import ssl
import threading
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from inboxwatch.adapters.oauth import Client, Grant, OpenPage, google_sign_in
from inboxwatch.adapters.oauth.google import PASTE_ADDRESS
from inboxwatch.domain.errors import ConfigError, MailSourceError
from tests.servers.tokens import TokenServer, browse, last_address, query_of


class Person:
    """Opens what is shown in a browser, on this machine or on another."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        self.trust = trust
        self.shown: list[OpenPage] = []
        self.seen: list[tuple[int, str]] = []
        self.does: Callable[[str], object] = self.browse

    def show(self, page: OpenPage) -> None:
        self.shown.append(page)
        if not page.paste:
            self.thread = threading.Thread(target=self.does, args=(page.page,), daemon=True)
            self.thread.start()

    def browse(self, page: str) -> None:
        self.seen.append(browse(page, self.trust))

    def paste(self) -> str:
        return last_address(self.shown[-1].page, self.trust)


@pytest.fixture
def person(trust: ssl.SSLContext) -> Person:
    return Person(trust)


def sign_in(client: Client, person: Person, seconds: float = 20) -> Grant:
    grant = google_sign_in(client, show=person.show, seconds=seconds)
    person.thread.join(10)
    return grant


def test_the_browser_is_sent_on_and_comes_back(
    service: TokenServer, google: Client, person: Person
) -> None:
    grant = sign_in(google, person)
    assert grant.access_token == "access-1-parent@example.org"
    assert grant.refresh_token in service.good
    [shown] = person.shown
    assert shown.page.startswith("http://127.0.0.1:")
    assert len(shown.page) < 30
    [(status, text)] = person.seen
    assert status == 200
    assert "You can close this page" in text


def test_the_page_asks_for_mail_for_as_long_as_the_user_wishes(
    service: TokenServer, google: Client, person: Person
) -> None:
    sign_in(google, person)
    asked = query_of(service.requests[0].path)
    assert asked["scope"] == "https://mail.google.com/"
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert asked["login_hint"] == "parent@example.org"
    assert asked["response_type"] == "code"
    [form] = service.forms
    assert form["redirect_uri"] == asked["redirect_uri"] == person.shown[0].page.rstrip("/")
    assert len(form["code_verifier"]) >= 43


def test_a_code_without_the_verifier_of_this_run_is_worth_nothing(
    service: TokenServer, google: Client, person: Person
) -> None:
    stolen = last_address(last_page(google, person), person.trust)
    with httpx.Client(verify=person.trust, trust_env=False) as thief:
        answer = thief.post(
            f"{service.url}/token",
            data={
                "grant_type": "authorization_code",
                "client_id": "client-1",
                "code": query_of(stolen)["code"],
                "redirect_uri": PASTE_ADDRESS,
                "code_verifier": "x" * 43,
            },
        )
    assert answer.json()["error"] == "invalid_grant"


def last_page(google: Client, person: Person) -> str:
    with pytest.raises(MailSourceError):
        google_sign_in(google, show=person.show, ask=lambda: "")
    return person.shown[-1].page


def test_a_client_secret_is_brought_where_google_gave_one(
    service: TokenServer, google: Client, person: Person
) -> None:
    service.behaviour.client_secret = "shh"
    assert sign_in(replace(google, client_secret="shh"), person).refresh_token


@pytest.mark.parametrize(
    ("secret", "problem", "remedy"),
    [
        ("", "the client secret is missing", "oauth_client_secret_file"),
        ("wrong", "the client id or its secret is wrong", "oauth_client_secret_file"),
    ],
)
def test_a_missing_or_wrong_client_secret_names_its_setting(
    service: TokenServer, google: Client, person: Person, secret: str, problem: str, remedy: str
) -> None:
    service.behaviour.client_secret = "shh"
    with pytest.raises(MailSourceError) as caught:
        sign_in(replace(google, client_secret=secret), person)
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


def test_an_answer_to_another_sign_in_is_refused_and_the_wait_goes_on(
    google: Client, person: Person
) -> None:
    def attacked(page: str) -> None:
        person.browse(f"{page}?code=planted&state=guessed")
        person.browse(f"{page}?code=planted")
        person.browse(page)

    person.does = attacked
    assert sign_in(google, person).refresh_token
    assert [status for status, _ in person.seen] == [400, 400, 200]


def test_other_pages_and_other_names_get_nothing(google: Client, person: Person) -> None:
    def curious(page: str) -> None:
        with httpx.Client(trust_env=False) as browser:
            odd = browser.get(page, headers={"Host": "evil.example.com"})
            person.seen.append((odd.status_code, odd.text))
        person.browse(f"{page}favicon.ico")
        person.browse(page)

    person.does = curious
    sign_in(google, person)
    assert [status for status, _ in person.seen] == [404, 404, 200]


def test_a_no_on_the_page_is_told_plainly(google: Client, person: Person) -> None:
    def decline(page: str) -> None:
        with httpx.Client(trust_env=False) as browser:
            state = query_of(browser.get(page).headers["location"])["state"]
            browser.get(f"{page}?error=access_denied&state={state}")

    person.does = decline
    with pytest.raises(MailSourceError) as caught:
        sign_in(google, person)
    assert "the answer on the page was no" in caught.value.problem
    assert "test users" in caught.value.remedy


def test_a_browser_that_never_comes_back_ends_the_wait_with_the_other_way(
    google: Client, person: Person
) -> None:
    person.does = lambda page: None
    with pytest.raises(MailSourceError) as caught:
        sign_in(google, person, seconds=0.05)
    assert "inboxwatch sign-in home --paste" in caught.value.remedy
    with pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False) as late:
        late.get(person.shown[0].page)


@pytest.mark.parametrize("form", ["{}", "  {}\n", "{}&authuser=0&prompt=consent"])
def test_the_address_a_browser_ended_at_may_be_pasted(
    service: TokenServer, google: Client, person: Person, form: str
) -> None:
    grant = google_sign_in(google, show=person.show, ask=lambda: form.format(person.paste()))
    assert grant.refresh_token in service.good
    assert person.shown[0].paste
    assert service.forms[-1]["redirect_uri"] == PASTE_ADDRESS


def test_a_wrong_paste_may_be_corrected(google: Client, person: Person) -> None:
    pastes = iter(["what?", f"{PASTE_ADDRESS}/?code=planted&state=guessed"])
    grant = google_sign_in(
        google, show=person.show, ask=lambda: next(pastes, None) or person.paste()
    )
    assert grant.refresh_token
    assert [page.again for page in person.shown] == [False, True, True]


@pytest.mark.parametrize("pasted", ["", "http://[", "4/0AbCd", f"{PASTE_ADDRESS}/?code=a&state=b"])
def test_pastes_that_are_not_of_this_sign_in_end_it(
    service: TokenServer, google: Client, person: Person, pasted: str
) -> None:
    with pytest.raises(MailSourceError, match="not the address"):
        google_sign_in(google, show=person.show, ask=lambda: pasted)
    assert service.forms == []


def test_leave_for_an_hour_only_is_not_enough(
    service: TokenServer, google: Client, person: Person
) -> None:
    service.behaviour.gives_refresh_token = False
    with pytest.raises(MailSourceError, match="for an hour only"):
        sign_in(google, person)


def test_leave_without_the_box_for_mail_is_not_enough(
    service: TokenServer, google: Client, person: Person
) -> None:
    service.behaviour.scope = "openid"
    with pytest.raises(MailSourceError) as caught:
        sign_in(google, person)
    assert "the permission to read mail was not given" in caught.value.problem


def test_without_a_client_id_nothing_is_begun(google: Client, person: Person) -> None:
    with pytest.raises(ConfigError, match="has no client id"):
        google_sign_in(replace(google, client_id=""), show=person.show)
    assert person.shown == []


def test_googles_own_addresses_are_used_unless_others_are_named(google: Client) -> None:
    own = replace(google, authority="")
    assert own.page_url == "https://accounts.google.com/o/oauth2/v2/auth"
    assert own.token_url == "https://oauth2.googleapis.com/token"
