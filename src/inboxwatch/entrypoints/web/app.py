"""The web application, put together: gate, pages, forms, API, files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from inboxwatch import __version__
from inboxwatch.application.health import health_json
from inboxwatch.domain.errors import InboxwatchError
from inboxwatch.domain.plain import one_line
from inboxwatch.entrypoints.web.accesslog import AccessLog
from inboxwatch.entrypoints.web.api import api_routes
from inboxwatch.entrypoints.web.attempts import Attempts
from inboxwatch.entrypoints.web.exports import export_routes
from inboxwatch.entrypoints.web.faults import NotAllowed, status_of
from inboxwatch.entrypoints.web.forms import form_routes
from inboxwatch.entrypoints.web.gate import Gate
from inboxwatch.entrypoints.web.metrics import metrics_text
from inboxwatch.entrypoints.web.pages import page_routes
from inboxwatch.entrypoints.web.pictures import Pictures
from inboxwatch.entrypoints.web.sessions import Sessions
from inboxwatch.entrypoints.web.signing import signing_routes
from inboxwatch.entrypoints.web.site import STATIC, STATIC_MARKS, Site
from inboxwatch.entrypoints.web.users import Users, load_users
from inboxwatch.entrypoints.web.visitor import visitor_of

if TYPE_CHECKING:
    from inboxwatch.bootstrap.known import Known

_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
_SAID = {404: "There is no such page.", 405: "That cannot be done here."}


def create_app(
    known: Known,
    *,
    users: Users | None = None,
    health: Callable[[], dict[str, object]] | None = None,
) -> ASGIApp:
    """Return the page as an ASGI application.

    Args:
        users: who may look; read from the settings and the password folder without.
        health: what `/health` says; looked up in the store without.

    Raises:
        ConfigError: a password or token file is unusable.
    """
    page = known.settings.page
    if users is None:
        users = load_users(page, known.data_folder)

    def own_health() -> dict[str, object]:
        accounts, pending = known.health()
        return health_json(accounts, now=known.now(), version=__version__, pending=pending)

    site = Site(
        known=known,
        users=users,
        sessions=Sessions(
            store=known.store,
            users=users,
            now=known.now,
            lasts=timedelta(hours=page.session_hours),
        ),
        access_log=AccessLog(known.data_folder),
        attempts=Attempts(),
        pictures=Pictures(known),
        health=health or own_health,
    )
    app = FastAPI(
        title="inboxwatch",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    for routes in (page_routes, form_routes, export_routes, signing_routes, api_routes):
        app.include_router(routes(site))
    _open_routes(app, site)
    _faults(app, site)
    app.openapi = lambda: _description(app)  # type: ignore[method-assign]
    names = frozenset(name.strip().lower() for name in page.names)
    return Gate(app, users=users, sessions=site.sessions, access_log=site.access_log, names=names)


def _open_routes(app: FastAPI, site: Site) -> None:
    @app.get("/static/{name}", include_in_schema=False)
    def static(request: Request, name: str) -> Response:
        raw = STATIC.get(name)
        if raw is None:
            raise HTTPException(404)
        tag = f'"{STATIC_MARKS[name]}"'
        headers = {"etag": tag, "cache-control": "public, max-age=31536000, immutable"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(raw, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)

    @app.get("/health", include_in_schema=False)
    def health() -> Response:
        """Say whether all is well; strangers learn no more."""
        try:
            value = site.health()
        except InboxwatchError as error:
            value = {"status": "failing", "problem": error.problem}
        status = 200 if value.get("status") == "ok" else 503
        if not site.users.is_open:
            value = {"status": value.get("status", "failing")}
        return JSONResponse(value, status)

    @app.get("/metrics", include_in_schema=False)
    def metrics(request: Request) -> Response:
        if not visitor_of(request).sees_everything:
            raise NotAllowed(
                "the numbers are for those who see every case",
                remedy="Use the token of page.api_token_file.",
            )
        return PlainTextResponse(
            metrics_text(site), media_type="text/plain; version=0.0.4; charset=utf-8"
        )


def _faults(app: FastAPI, site: Site) -> None:
    def answer(request: Request, status: int, problem: str, remedy: str) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"problem": problem, "remedy": remedy}, status)
        return site.page(
            request, "problem.html", status=status, problem=one_line(problem), remedy=remedy
        )

    @app.exception_handler(InboxwatchError)
    def expected(request: Request, error: InboxwatchError) -> Response:
        return answer(request, status_of(error), error.problem, error.remedy)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        where = ", ".join(".".join(str(p) for p in e["loc"][1:]) or "body" for e in error.errors())
        told = one_line(where, 200).encode("ascii", "replace").decode()
        return answer(request, 422, f"not understood: {told}", "Check what was entered.")

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        said = _SAID.get(error.status_code, "That did not work.")
        response = answer(request, error.status_code, said, "Go back to the overview.")
        response.headers.update(error.headers or {})
        return response


def _description(app: FastAPI) -> dict[str, object]:
    """Describe the API; the pages for people are left out by their routers."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="inboxwatch",
            version=__version__,
            description="Which emails to the council never got a human reply.",
            routes=app.routes,
        )
        schemes = {"token": {"type": "http", "scheme": "bearer"}}
        made.setdefault("components", {})["securitySchemes"] = schemes
        made["security"] = [{"token": []}]
        app.openapi_schema = made
    return app.openapi_schema
