"""Say what single messages are, and why."""

from __future__ import annotations

from pathlib import Path

import click

from inboxwatch.entrypoints.cli.output import print_json, say


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def classify(files: tuple[Path, ...], as_json: bool) -> None:
    """Judge .eml files: written by a person, an acknowledgement, a bounce…

    Each is judged alone, as mail from a watched body; its surroundings are not known.
    """
    from inboxwatch.bootstrap.classifying import classify_file, reader_and_wording

    reader, wording = reader_and_wording()
    judged = [(path, classify_file(path, reader, wording)) for path in files]
    if as_json:
        print_json(
            [
                {"path": str(path), "kind": c.kind.value, "evidence": list(c.reasons)}
                for path, c in judged
            ]
        )
        return
    for path, classification in judged:
        say(f"{path}: {classification.kind.value}")
        for reason in classification.reasons:
            say(f"    {reason}")
