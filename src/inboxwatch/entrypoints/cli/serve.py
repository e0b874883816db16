"""Show the page without polling, or set a password for it."""

from __future__ import annotations

import signal
import sys
import threading

import click

from inboxwatch.entrypoints.cli.opening import opened
from inboxwatch.entrypoints.cli.output import note, say
from inboxwatch.entrypoints.logs import set_up


@click.command()
@click.option("--host", default=None, help="Address to listen at, instead of page.host.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=None, help="Instead of page.port; 0 for any."
)
@click.option(
    "--set-password", "user", default=None, metavar="NAME",
    help="Ask for a password for this user, keep its hash, and stop.",
)  # fmt: skip
@click.pass_context
def serve(ctx: click.Context, host: str | None, port: int | None, user: str | None) -> None:
    """Show the page to look at; `inboxwatch run` does so too when page.enabled is set."""
    from inboxwatch.entrypoints.web.extra import require_web

    require_web()
    with opened(ctx, needs_account=False) as app:
        if user is not None:
            from inboxwatch.entrypoints.web.users import check_name, set_password

            check_name(user)
            path = set_password(app.settings.page, app.data_folder, user, _ask(user))
            say(f"'{user}' can sign in to the page; the hash of the password is in {path}")
            note("A page that is running now must be started again to know it.")
            return
        from inboxwatch.entrypoints.web.server import PageServer

        set_up(app.settings.log_level)
        server = PageServer(app, host=host, port=port)
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        server.start()
        say(f"The page is at {server.address} until you press Ctrl+C.")
        while not stopping.wait(0.2) and not server.wait(0):
            pass
        server.close()


def _ask(user: str) -> str:
    """Ask twice where a person sits, else read one line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(f"Password for {user}", hide_input=True, confirmation_prompt=True))
