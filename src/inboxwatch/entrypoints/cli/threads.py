"""The threads of a mail file with every correspondent watched: for support and measuring."""

from __future__ import annotations

from pathlib import Path

import click

from inboxwatch.entrypoints.cli.output import print_json, progress, say


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def threads(paths: tuple[Path, ...], as_json: bool) -> None:
    """Group all mail of a file into threads; no side is yours."""
    from inboxwatch.bootstrap.threading import threads_of

    with progress() as show:
        found = threads_of(paths, progress=show)
    if as_json:
        print_json(
            [
                {
                    "thread": talk.root,
                    "messages": [
                        {"message_id": p.entry.message_id, "link": p.link.kind.value}
                        for p in talk.placed
                    ],
                }
                for talk in found
            ]
        )
        return
    for talk in found:
        say(f"{talk.root}  ({len(talk.placed)})")
        for placed in talk.placed:
            say(f"    {placed.link.kind.value.ljust(16)} {placed.entry.message_id}")
