"""The gate before every page: right host, right sender, signed in, or no further. ASGI."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inboxwatch.domain.errors import InboxwatchError
from inboxwatch.entrypoints.web.accesslog import AccessLog
from inboxwatch.entrypoints.web.sessions import Sessions, is_token, new_token
from inboxwatch.entrypoints.web.users import Users
from inboxwatch.entrypoints.web.visitor import NOBODY, Visitor

LARGEST_BODY = 64 * 1024  # bytes; no form of ours comes near
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
SIGN_IN = "/sign-in"
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_ALWAYS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Only our own pages learn where one came from; they need it to know a form of ours.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
}


def cookie_name(scheme: str) -> str:
    """Return the cookie's name; over TLS one that a browser only takes from this very host."""
    return "__Host-inboxwatch" if scheme == "https" else "inboxwatch"


def set_cookie(response: Response, token: str, scheme: str) -> None:
    """Give a browser its token until it is closed, or the session ends on our side."""
    response.set_cookie(
        cookie_name(scheme), token, httponly=True, samesite="strict", secure=scheme == "https"
    )


@dataclass(slots=True)
class Gate:
    """Lets a request through with its visitor in `scope["visitor"]`, or answers it itself."""

    app: ASGIApp
    users: Users
    sessions: Sessions
    access_log: AccessLog
    names: frozenset[str] = field(default_factory=frozenset)  # host names of ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        request = _Request(scope)
        refused, fresh = await self._look(request)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(message, request, fresh)
            await send(message)

        await (refused or self.app)(scope, receive, sending)

    async def _look(self, request: _Request) -> tuple[Response | None, str]:
        """Return the refusal where there is one, and a cookie to give where there was none."""
        scope = request.scope
        scope["visitor"] = NOBODY
        if not self._is_our_host(request.host):
            return PlainTextResponse("This is not the name of this page.\n", 400), ""
        too_large = _too_large(request)
        if too_large is not None:
            return too_large, ""
        path = request.path
        if path == "/health" or path.startswith("/static/"):
            return None, ""
        if path.startswith("/api/") or (path == "/metrics" and request.bearer):
            token = self.users.bearer(request.bearer)
            if token is None and path == "/api/openapi.json":
                return await self._session(request)
            if token is None:
                return _unauthorized(), ""
            by = "api" if token.name == "api" else f"api:{token.name}"
            scope["visitor"] = Visitor(name=token.name, cases=token.cases, by=by)
            return None, ""
        return await self._session(request)

    async def _session(self, request: _Request) -> tuple[Response | None, str]:
        scope = request.scope
        if request.method not in _READING and not request.is_from_our_page:
            return PlainTextResponse("This form was not sent from this page.\n", 403), ""
        token = request.cookie
        fresh = "" if token else new_token()
        if self.users.is_open:
            scope["visitor"] = Visitor(name="page", token=token or fresh, by="page")
            return None, fresh
        user = None
        if token:
            try:
                user = await anyio.to_thread.run_sync(self.sessions.user, token)
            except InboxwatchError as error:
                return PlainTextResponse(f"{error.problem}\n{error.remedy}\n", 503), ""
        if user is not None:
            scope["visitor"] = Visitor(
                name=user.name, cases=user.cases, token=token, by=f"page:{user.name}"
            )
            return None, ""
        scope["visitor"] = Visitor(name="-", token=token or fresh, cases=frozenset())
        if request.path == SIGN_IN:
            return None, fresh
        wanted = request.path if request.method in _READING else "/"
        query = f"?{urlencode({'next': wanted})}" if wanted != "/" else ""
        return RedirectResponse(f"{SIGN_IN}{query}", 303), ""

    def _is_our_host(self, host: str) -> bool:
        """Tell whether a Host is ours: a name somebody else's DNS gave this machine is not.

        A plain address is no name, so DNS rebinding cannot make one up.
        """
        if host in self.names or host == "localhost":
            return True
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True

    def _dress(self, message: Message, request: _Request, fresh: str) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in _ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault("cache-control", "no-store")
        if fresh and "set-cookie" not in headers:
            carrier = Response()
            set_cookie(carrier, fresh, request.scheme)
            headers.append("set-cookie", carrier.headers["set-cookie"])
        if request.path == "/health" or request.path.startswith("/static/"):
            return
        self.access_log.write(
            at=self.sessions.now(),
            who=request.scope["visitor"].name,
            client=request.client,
            method=request.method,
            path=quote(request.path),
            status=message["status"],
            decisions=request.scope.get("decided", ()),
        )


class _Request:
    """What the gate needs to know of a request."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.headers = Headers(scope=scope)
        self.path: str = scope["path"]
        self.method: str = scope["method"]
        self.scheme: str = scope.get("scheme", "http")
        client = scope.get("client")
        self.client: str = client[0] if client else "-"

    @property
    def host(self) -> str:
        """The Host without its port, lower case; an IPv6 address without brackets."""
        try:
            return (urlsplit(f"//{self.headers.get('host', '')}").hostname or "").lower()
        except ValueError:
            return ""

    @property
    def bearer(self) -> str:
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    @property
    def cookie(self) -> str:
        """The token of our cookie, or an empty text."""
        wanted = cookie_name(self.scheme)
        for pair in self.headers.get("cookie", "").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == wanted and is_token(value):
                return value
        return ""

    @property
    def is_from_our_page(self) -> bool:
        """Whether a browser says nothing against it; the form's own token is checked besides."""
        if self.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = self.headers.get("origin")
        return origin is None or urlsplit(origin).netloc.lower() == self.headers["host"].lower()


def _too_large(request: _Request) -> Response | None:
    given = request.headers.get("content-length")
    if given is None:
        if "transfer-encoding" in request.headers:
            return _told(411, "the length of the request is missing", "Send Content-Length.")
        return None
    if not given.isdigit() or int(given) > LARGEST_BODY:
        return _told(413, "the request is too large", f"Send at most {LARGEST_BODY} bytes.")
    return None


def _unauthorized() -> Response:
    response = _told(
        401,
        "this needs a token of the API",
        "Send `Authorization: Bearer TOKEN`; set it with page.api_token_file.",
    )
    response.headers["www-authenticate"] = "Bearer"
    return response


def _told(status: int, problem: str, remedy: str) -> Response:
    return JSONResponse({"problem": problem, "remedy": remedy}, status)
