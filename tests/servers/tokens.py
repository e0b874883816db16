"""A sign-in service on loopback that answers as Microsoft's and Google's are documented to."""

import base64
import hashlib
import json
import secrets
import ssl
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.servers.certificates import Certificates
from tests.servers.http import Answer, HttpServer, Request

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
# What the documentation of each service shows for a refusal.
REFUSALS: Mapping[str, Mapping[str, object]] = {
    "authorization_pending": {
        "error_description": "AADSTS70016: OAuth 2.0 device flow error. Authorization is pending.",
        "error_codes": [70016],
    },
    "authorization_declined": {
        "error_description": "AADSTS70018: The user declined.",
        "error_codes": [70018],
    },
    "expired_token": {
        "error_description": "AADSTS70020: The provided value for device_code has expired.",
        "error_codes": [70020],
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An authorization code that waits to be exchanged."""

    challenge: str
    redirect_uri: str


@dataclass(kw_only=True)
class Behaviour:
    """How the service behaves; a test changes what it is about."""

    user: str = "parent@example.org"
    expires_in: object = 3600
    rotates: bool = True  # a refresh token works once
    gives_refresh_token: bool = True
    client_id: str = "client-1"
    client_secret: str = ""
    scope: str | None = None  # None: what was asked for
    device_answers: deque[str] = field(default_factory=deque)  # errors before the grant
    interval: int = 1
    device_expires_in: int = 900


class TokenServer(HttpServer):
    """Speaks HTTPS with a certificate of the test authority. Scripted answers win."""

    def __init__(self, *, certificates: Certificates, issue: Callable[[str], str]) -> None:
        """`issue` makes the access token of a user."""
        super().__init__(certificates=certificates)
        self.behaviour = Behaviour()
        self.forms: list[dict[str, str]] = []  # what was posted, in order
        self.secrets: set[str] = set()  # every token and code ever given out
        self.good: set[str] = set()  # refresh tokens that work
        self._issue = issue
        self._codes: dict[str, Code] = {}
        self._lock = threading.Lock()

    @property
    def microsoft(self) -> str:
        """The authority for Microsoft's flow."""
        return f"{self.url}/common"

    @property
    def google(self) -> str:
        """The authority for Google's flow."""
        return self.url

    def revoke(self) -> None:
        """Make every refresh token void, as after a change of password."""
        self.good.clear()

    def new_refresh_token(self) -> str:
        """A refresh token that works."""
        token = self._secret("refresh")
        self.good.add(token)
        return token

    def renewals(self) -> int:
        """How often a refresh token was brought."""
        return sum(form.get("grant_type") == "refresh_token" for form in self.forms)

    def take(self, request: Request) -> Answer:
        with self._changed:
            scripted = bool(self._answers)
        answer = super().take(request)
        if scripted:
            return answer
        with self._lock:
            return self._dispatch(request)

    def _dispatch(self, request: Request) -> Answer:
        parts = urlsplit(request.path)
        if request.method == "GET":
            if parts.path.endswith("/v2.0/.well-known/openid-configuration"):
                return self._discovery(parts.path.split("/")[1])
            if parts.path == "/o/oauth2/v2/auth":
                return self._page(dict(parse_qsl(parts.query)))
            return Answer(status=404, body=b"{}")
        form = dict(parse_qsl(request.body.decode()))
        self.forms.append(form)
        if form.get("client_id") != self.behaviour.client_id:
            return _refused(
                "unauthorized_client", "AADSTS700016: Application was not found.", 700016
            )
        if parts.path.endswith("/devicecode"):
            return self._device_code(form)
        if not parts.path.endswith("/token"):
            return Answer(status=404, body=b"{}")
        if self.behaviour.client_secret and "client_secret" not in form:
            return _refused("invalid_request", "client_secret is missing.")
        if form.get("client_secret", "") != self.behaviour.client_secret:
            return _refused("invalid_client", "Unauthorized", status=401)
        return self._token(form)

    def _discovery(self, tenant: str) -> Answer:
        base = f"{self.url}/{tenant}/oauth2/v2.0"
        return _json(
            {
                "issuer": f"{self.url}/{tenant}/v2.0",
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "device_authorization_endpoint": f"{base}/devicecode",
            }
        )

    def _device_code(self, form: Mapping[str, str]) -> Answer:
        self._asked_scope = form.get("scope", "")
        return _json(
            {
                "user_code": "ABCD-EFGH",
                "device_code": self._secret("device"),
                "verification_uri": "https://microsoft.com/devicelogin",
                "expires_in": self.behaviour.device_expires_in,
                "interval": self.behaviour.interval,
                "message": "To sign in, use a web browser to open the page.",
            }
        )

    def _page(self, query: Mapping[str, str]) -> Answer:
        """Say yes on the page at once and send the browser back."""
        code = self._secret("code")
        self._asked_scope = query["scope"]
        assert query["code_challenge_method"] == "S256"
        self._codes[code] = Code(
            challenge=query["code_challenge"], redirect_uri=query["redirect_uri"]
        )
        back = urlencode({"state": query["state"], "code": code, "scope": query["scope"]})
        return Answer(status=302, headers={"Location": f"{query['redirect_uri']}?{back}"})

    def _token(self, form: Mapping[str, str]) -> Answer:
        kind = form.get("grant_type")
        if kind == DEVICE_GRANT:
            if self.behaviour.device_answers:
                error = self.behaviour.device_answers.popleft()
                return _json({"error": error, **REFUSALS.get(error, {})}, status=400)
            return self._grant()
        if kind == "authorization_code":
            return self._exchange(form)
        if kind == "refresh_token":
            if form["refresh_token"] not in self.good:
                return _refused("invalid_grant", "Token has been expired or revoked.")
            if self.behaviour.rotates:
                self.good.discard(form["refresh_token"])
            return self._grant(with_refresh=self.behaviour.rotates)
        return _refused("unsupported_grant_type", "")

    def _exchange(self, form: Mapping[str, str]) -> Answer:
        code = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if code is None or code.challenge != challenge:
            return _refused("invalid_grant", "Bad Request")
        if code.redirect_uri != form.get("redirect_uri"):
            return _refused("redirect_uri_mismatch", "Bad Request")
        return self._grant()

    def _grant(self, *, with_refresh: bool = True) -> Answer:
        access = self._issue(self.behaviour.user)
        self.secrets.add(access)
        given: dict[str, object] = {
            "token_type": "Bearer",
            "access_token": access,
            "expires_in": self.behaviour.expires_in,
        }
        asked = getattr(self, "_asked_scope", "")
        if asked or self.behaviour.scope is not None:
            given["scope"] = asked if self.behaviour.scope is None else self.behaviour.scope
        if with_refresh and self.behaviour.gives_refresh_token:
            given["refresh_token"] = self.new_refresh_token()
        if "openid" in asked:
            claims = json.dumps(
                {"sub": "1", "preferred_username": self.behaviour.user, "aud": "client-1"}
            )
            body = base64.urlsafe_b64encode(claims.encode()).rstrip(b"=").decode()
            given["id_token"] = f"e30.{body}.c2ln"
            self.secrets.add(str(given["id_token"]))
        return _json(given)

    def _secret(self, kind: str) -> str:
        made = f"{kind}-{secrets.token_urlsafe(24)}"
        self.secrets.add(made)
        return made


def browse(page: str, context: ssl.SSLContext) -> tuple[int, str]:
    """Open a page as a browser does, following redirects; the last page's status and text.

    Not with httpx, so that a log of that library holds the program's own requests alone.
    """
    status, where, text = _visit(page, context)
    while where:
        status, where, text = _visit(where, context)
    return status, text


def last_address(page: str, context: ssl.SSLContext) -> str:
    """Open a page in a browser of another machine: where it is sent to, and cannot go."""
    return _visit(page, context)[1]


def _visit(url: str, context: ssl.SSLContext) -> tuple[int, str, str]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = (
        HTTPSConnection(parts.hostname, parts.port, timeout=10, context=context)
        if parts.scheme == "https"
        else HTTPConnection(parts.hostname, parts.port, timeout=10)
    )
    with closing(connection):
        connection.request("GET", f"{parts.path or '/'}?{parts.query}".rstrip("?"))
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()


def query_of(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _json(table: Mapping[str, object], *, status: int = 200) -> Answer:
    return Answer(
        status=status,
        body=json.dumps(table).encode(),
        headers={"Content-Type": "application/json"},
    )


def _refused(error: str, description: str, *numbers: int, status: int = 400) -> Answer:
    table: dict[str, object] = {"error": error, "error_description": description}
    if numbers:
        table["error_codes"] = list(numbers)
    return _json(table, status=status)
