"""Show and check the configuration; secrets are never shown."""

from __future__ import annotations

import json
from typing import Any

import click
from pydantic import BaseModel, SecretStr

from inboxwatch.entrypoints.cli.output import print_json, say
from inboxwatch.settings.hiding import without_path
from inboxwatch.settings.load import candidates, load


@click.group()
def config() -> None:
    """Show or check the configuration."""


@config.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Check the configuration and list every mistake at once."""
    settings, path = load(ctx.find_root().obj)
    from inboxwatch.bootstrap import check_files

    check_files(settings)
    if path is None:
        say("There is no configuration file; looked for:")
        for candidate in candidates():
            say(f"  {candidate}")
        return
    accounts = len(settings.accounts)
    say(f"{path}: no mistakes ({accounts} account{'' if accounts == 1 else 's'})")


@config.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_context
def show(ctx: click.Context, as_json: bool) -> None:
    """Show every setting in force; secrets and the paths of web addresses are hidden."""
    settings, path = load(ctx.find_root().obj)
    values = _plain(settings)
    if as_json:
        print_json({"file": str(path) if path else None, "settings": values})
        return
    say(f"# from {path}" if path else "# no file: defaults and environment")
    for line in _lines(values, ""):
        say(line)


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "(hidden)"
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, str) and "://" in value:
        return without_path(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def _lines(value: Any, above: str) -> list[str]:
    if isinstance(value, dict):
        lines = []
        for key, inner in value.items():
            lines += _lines(inner, f"{above}.{key}" if above else str(key))
        return lines or [f"{above} = (none)"]
    if value is None:
        return [f"{above} = (not set)"]
    return [f"{above} = {json.dumps(value, ensure_ascii=False)}"]  # as the file has it
