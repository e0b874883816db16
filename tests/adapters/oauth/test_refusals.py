"""What a provider refuses is told in words that a parent can act on."""

import httpx
import pytest

from inboxwatch.adapters.oauth import Client
from inboxwatch.adapters.oauth.refusals import refusal
from inboxwatch.adapters.oauth.wire import network_errors
from inboxwatch.domain.errors import MailSourceError

AGAIN = "inboxwatch sign-in home"
_OF_CONNECTIONS = frozenset({"builtins", "httpx", "ssl", "socket"})


def aadsts(error: str, number: int, text: str) -> dict[str, object]:
    """An answer of the form that Microsoft documents."""
    return {
        "error": error,
        "error_description": f"AADSTS{number}: {text}\r\nTrace ID: 0\r\nCorrelation ID: 1",
        "error_codes": [number],
        "trace_id": "0",
        "correlation_id": "1",
    }


@pytest.mark.parametrize(
    ("answer", "problem", "remedy"),
    [
        (aadsts("invalid_grant", 50173, "The grant has expired."), "no longer good", AGAIN),
        (aadsts("invalid_grant", 700082, "Expired by inactivity."), "no longer good", AGAIN),
        (aadsts("invalid_grant", 70000, "The grant is not valid."), "no longer good", AGAIN),
        (aadsts("invalid_grant", 65001, "Not consented."), "was not given", AGAIN),
        (
            {"error": "invalid_grant", "suberror": "consent_required"},
            "was not given",
            AGAIN,
        ),
        (aadsts("invalid_grant", 53003, "Blocked."), "rule of your organisation", "audit"),
        (aadsts("access_denied", 90094, "Admin."), "organisation must approve", "audit"),
        (
            aadsts("invalid_request", 9002331, "Microsoft Account users only."),
            "personal accounts only",
            "https://login.microsoftonline.com/consumers",
        ),
        (
            aadsts("invalid_request", 50194, "Not multi-tenant."),
            "one organisation only",
            "oauth_authority",
        ),
        (
            aadsts("invalid_client", 7000218, "The body must contain client_secret."),
            "public client",
            "Allow public client flows",
        ),
        (
            aadsts("unauthorized_client", 700016, "Application not found."),
            "may not be used",
            "oauth_client_id",
        ),
        (aadsts("invalid_scope", 70011, "No such scope."), "lacks the permission", "sign-in.md"),
        (
            {"error": "invalid_grant", "error_description": "Token has been expired or revoked."},
            "no longer good",
            AGAIN,
        ),
        (
            {"error": "invalid_client", "error_description": "The OAuth client was not found."},
            "client id or its secret is wrong",
            "oauth_client_id",
        ),
        ({"error": "deleted_client"}, "client id or its secret is wrong", "oauth_client_id"),
        (
            {"error": "invalid_request", "error_description": "client_secret is missing."},
            "client secret is missing",
            "oauth_client_secret_file",
        ),
        ({"error": "redirect_uri_mismatch"}, "Desktop app", "sign-in.md"),
        ({"error": "admin_policy_enforced"}, "does not let other programs", "audit"),
        ({"error": "access_denied"}, "was no", "test users"),
    ],
)
def test_a_refusal_has_plain_words_and_a_remedy(
    answer: dict[str, object], problem: str, remedy: str
) -> None:
    error = refusal("home", "Microsoft", answer)
    assert problem in error.problem
    assert remedy in error.remedy
    assert error.problem.startswith("account 'home': Microsoft: ")
    assert str(answer["error"]) in error.problem or "suberror" in answer
    assert not error.transient


def test_a_number_is_repeated_so_that_it_can_be_looked_up() -> None:
    answer = aadsts("invalid_grant", 50173, "The grant has expired.")
    assert "(invalid_grant AADSTS50173)" in refusal("home", "Microsoft", answer).problem


def test_a_number_is_found_without_its_list_too() -> None:
    answer = aadsts("invalid_client", 7000218, "The body must contain client_secret.")
    del answer["error_codes"]
    assert "public client" in refusal("home", "Microsoft", answer).problem


@pytest.mark.parametrize("error", ["temporarily_unavailable", "server_error"])
def test_a_busy_service_is_asked_again_later(error: str) -> None:
    assert refusal("home", "Google", {"error": error}).transient


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "brand_new"},
        {"error": ["a", "list"]},
        {"error": None, "error_codes": [True, "x", None]},
        {"error": "e" * 500, "error_description": 7, "error_codes": "no list"},
        {},
    ],
)
def test_an_unknown_refusal_is_told_too(answer: dict[str, object]) -> None:
    error = refusal("home", "Google", answer)
    assert "it refused the sign-in" in error.problem
    assert len(error.problem) < 250
    assert "inboxwatch audit" in error.remedy


def test_foreign_text_cannot_draw_on_the_screen() -> None:
    answer = {"error": "x\x1b[2J", "error_description": "one\x1b[31m\ntwo\u202e"}
    problem = refusal("home", "Google", answer).problem
    assert problem.isprintable()


def test_no_remedy_has_a_blank_left_in_it() -> None:
    answers: list[dict[str, object]] = [
        {"error": "invalid_grant"},
        aadsts("x", 9002331, ""),
        aadsts("x", 50059, ""),
    ]
    for answer in answers:
        remedy = refusal("children's post", "Microsoft", answer).remedy
        assert "children's post" in remedy
        assert "{" not in remedy


def every_class(*bases: type[Exception]) -> list[type[Exception]]:
    """Return the classes that a connection raises; what else was imported has more of its own."""
    found = [c for base in bases for c in (base, *every_class(*base.__subclasses__()))]
    return [c for c in found if c.__module__.partition(".")[0] in _OF_CONNECTIONS]


@pytest.mark.parametrize(
    "kind", every_class(httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError)
)
def test_every_error_of_the_network_is_mapped_without_its_text(
    kind: type[Exception], google: Client
) -> None:
    error = kind.__new__(kind)
    error.args = ("https://localhost/?code=secret",)
    with pytest.raises(MailSourceError) as caught, network_errors(google):
        raise error
    assert caught.value.transient
    assert "secret" not in caught.value.problem
    assert caught.value.__cause__ is None
