"""Open the program for one command, and close it again whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import click

from inboxwatch.bootstrap import App, open_app
from inboxwatch.domain.errors import ConfigError


def person_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --person, for those who watch several people's mail."""
    return click.option("--person", default=None, help="Whose mail, where there are several.")(
        function
    )


class Day(click.ParamType[date]):
    """A calendar day, as 2026-06-30."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it, or say how it is written."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no day. Write it like 2026-06-30.", param, ctx)


@contextmanager
def opened(
    ctx: click.Context, *, migrate: bool = False, needs_account: bool = True
) -> Iterator[App]:
    """Give the app with the configuration of this command.

    Raises:
        ConfigError, StoreError: the configuration or the store is not usable, or there is no
            account where the command makes no sense without one.
    """
    app = open_app(ctx.find_root().obj, migrate=migrate)
    try:
        if needs_account and not app.settings.accounts:
            where = f"in {app.config}" if app.config else "as there is no configuration"
            raise ConfigError(
                f"there is no account yet {where}",
                remedy="Run: inboxwatch init   (with exported mail: inboxwatch audit --help)",
            )
        yield app
    finally:
        app.close()
