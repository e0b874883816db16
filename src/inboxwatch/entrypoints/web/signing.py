"""Signing in and out."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from inboxwatch.application.wording import plural
from inboxwatch.entrypoints.web.forms import from_our_form, safe_path
from inboxwatch.entrypoints.web.gate import SIGN_IN, cookie_name, set_cookie
from inboxwatch.entrypoints.web.site import Site
from inboxwatch.entrypoints.web.users import LONGEST_PASSWORD
from inboxwatch.entrypoints.web.visitor import visitor_of


def signing_routes(site: Site) -> APIRouter:
    """Return the routes of signing in and out."""
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN)
    def ask(
        request: Request, wanted: Annotated[str, Query(alias="next", max_length=500)] = ""
    ) -> Response:
        if visitor_of(request).name != "-":
            return RedirectResponse(safe_path(wanted) or "/", 303)
        return _form(request, safe_path(wanted))

    @router.post(SIGN_IN, dependencies=[Depends(from_our_form)])
    def sign_in(
        request: Request,
        name: Annotated[str, Form(max_length=100)] = "",
        password: Annotated[str, Form(max_length=LONGEST_PASSWORD)] = "",
        wanted: Annotated[str, Form(alias="next", max_length=500)] = "",
    ) -> Response:
        if site.users.is_open:
            return RedirectResponse("/", 303)
        address = request.client.host if request.client else "-"
        keys = (f"address {address}", f"name {name.strip().lower()}")
        wait = site.attempts.wait(*keys)
        if wait > 0:
            response = _form(
                request,
                safe_path(wanted),
                problem="There were too many wrong tries. Please wait"
                f" {plural(math.ceil(wait), 'second')} and try again.",
                status=429,
            )
            response.headers["retry-after"] = str(math.ceil(wait))
            return response
        # Counted before the password is looked at, so that tries at once do not slip through.
        site.attempts.failed(*keys)
        user = site.users.check(name, password)
        if user is None:
            return _form(
                request, safe_path(wanted), problem="Name or password is not right.", status=403
            )
        site.attempts.succeeded(*keys)
        site.sessions.end(visitor_of(request).token)
        moved = RedirectResponse(safe_path(wanted) or "/", 303)
        set_cookie(moved, site.sessions.start(user), request.url.scheme)
        return moved

    @router.post("/sign-out", dependencies=[Depends(from_our_form)])
    def sign_out(request: Request) -> Response:
        site.sessions.end(visitor_of(request).token)
        moved = RedirectResponse(SIGN_IN, 303)
        moved.delete_cookie(
            cookie_name(request.url.scheme),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return moved

    def _form(
        request: Request, wanted: str, *, problem: str = "", status: int = 200
    ) -> HTMLResponse:
        return site.page(request, "sign-in.html", status=status, wanted=wanted, problem=problem)

    return router
