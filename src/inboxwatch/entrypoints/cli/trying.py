"""Try what a person typed in `init`: user names and passwords as providers print them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from inboxwatch.adapters.providers import Provider
from inboxwatch.bootstrap import try_login
from inboxwatch.bootstrap.sources import Seen
from inboxwatch.domain.errors import MailSourceError
from inboxwatch.domain.plain import one_line
from inboxwatch.entrypoints.cli.output import complain, note, say

_TRIES = 3
# App passwords are shown in groups of four, with spaces that are not part of them.
_IN_GROUPS = re.compile(r"\w{4}(?: \w{4}){2,}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """What let us in, and what was seen."""

    username: str
    password: str
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where to log in."""

    host: str
    port: int
    security: str
    ca_file: Path | None


def typed(password: str) -> str:
    """Return a password as the server takes it: without the spaces that an app password shows."""
    stripped = password.strip()
    return stripped.replace(" ", "") if _IN_GROUPS.fullmatch(stripped) else password


def usernames_of(address: str, provider: Provider | None, ask: Callable[[str], str]) -> list[str]:
    """Return the user names to try in order; asks where nobody can know."""
    if provider is None or "ask" in provider.usernames:
        return [ask(address)]
    name = address.rpartition("@")[0]
    return [name if kind == "name" else address for kind in provider.usernames]


def log_in(server: Server, usernames: list[str], provider: Provider | None) -> LoggedIn:
    """Ask for the password until it lets us in, three times at most.

    Raises:
        MailSourceError: it never did, or the server cannot be reached.
    """
    kind = "App password" if provider and "app" in provider.password.split(",")[0] else "Password"
    for left in range(_TRIES - 1, -1, -1):
        password = typed(click.prompt(f"{kind} (it stays invisible)", hide_input=True))
        say("Trying to log in…")
        try:
            return log_in_with(server, usernames, password)
        except MailSourceError as error:
            if left == 0 or error.transient:  # a server that is down lets nobody in
                raise
            if provider is None:
                complain(error)
            else:  # one remedy, the one that fits
                note(f"inboxwatch: {one_line(error.problem)}")
                note(f"  {provider.title} takes {provider.password}.")
                note(f"  {provider.password_link}")
            note(f"Try again ({left} left), or stop with Ctrl-C.")
    raise AssertionError


def log_in_with(server: Server, usernames: list[str], password: str) -> LoggedIn:
    """Return the first user name that a password lets in.

    Raises:
        MailSourceError: none, or the server cannot be reached.
    """
    for number, username in enumerate(usernames, start=1):
        try:
            seen = try_login(
                host=server.host,
                port=server.port,
                security=server.security,
                username=username,
                password=password,
                ca_file=server.ca_file,
            )
            return LoggedIn(username=username, password=password, seen=seen)
        except MailSourceError as error:
            if error.transient or number == len(usernames):
                raise
    raise AssertionError
