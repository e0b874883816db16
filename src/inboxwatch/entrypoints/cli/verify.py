"""Check an evidence bundle. Needs no configuration and no account."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from inboxwatch.entrypoints.cli.output import print_json, say


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--sha256", default=None, help="The sum that was noted when the bundle was made.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def verify(bundle: Path, sha256: str | None, as_json: bool) -> None:
    """Check that nothing in an evidence bundle was changed, added or taken away.

    Exits with 6 when something was.
    """
    from inboxwatch.adapters.export.manifest import verify as check

    found = check(bundle, sha256=sha256)
    if as_json:
        print_json({"bundle": str(bundle), **asdict(found)})
        return
    say(f"{bundle} is whole: every one of its {found.files} files is as listed, none added.")
    say(f"Made with {found.made_with}, as of {found.as_of}.")
    if found.redacted:
        say("It is redacted; the originals are not in it.")
    else:
        left = f"; {found.missing_originals} were not kept" if found.missing_originals else ""
        say(f"{found.originals} original emails{left}.")
    say(f"SHA-256 {found.sha256}")
    if sha256 is None:
        say("Compare it with the sum noted when it was made: only that shows who made it.")
