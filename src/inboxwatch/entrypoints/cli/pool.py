"""Merge many families' anonymous figures into one table. Needs no configuration, no account."""

from __future__ import annotations

import json
from pathlib import Path

import click

from inboxwatch.application.anonymous import Family, read_family
from inboxwatch.application.pooling import Pooled, PooledRow, pooled_json
from inboxwatch.application.pooling import pool as merge
from inboxwatch.application.suppression import SMALLEST
from inboxwatch.application.wording import DISCLAIMER
from inboxwatch.domain.errors import ConfigError
from inboxwatch.entrypoints.cli.output import note, print_json, say
from inboxwatch.entrypoints.cli.tables import print_table

_MOST_BYTES = 16 << 20
_COUNTED = ("sent", "acked", "answered", "no reply", "apart", "median", "9 in 10")
_NOUNS = {"body": "body", "council_mailbox": "council mailbox", "month": "month"}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--smallest", type=click.IntRange(min=SMALLEST), default=SMALLEST, show_default=True,
    help="Groups of fewer families, and numbers below it, are not shown.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For scripts; null is not shown.")
def pool(files: tuple[Path, ...], smallest: int, as_json: bool) -> None:
    """Merge FILES of `stats --anonymous`, one a family, into a table for others to see."""
    pooled = merge([_read(path) for path in files], smallest=smallest)
    if as_json:
        print_json(pooled_json(pooled))
    else:
        _print(pooled)
    if pooled.repeated:
        note(f"files given twice, counted once: {pooled.repeated}")
    if pooled.left_out:
        note(f"bodies left out, written to by fewer than {smallest} families: {pooled.left_out}")


def _read(path: Path) -> Family:
    """Read one file.

    Raises:
        ConfigError: it cannot be read, or is not such a file.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigError(f"{path} is too large for such a file", remedy="Check which it is.")
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}", remedy="Check the path."
        ) from error
    except (ValueError, RecursionError):
        value = None
    return read_family(value, name=str(path))


def _print(pooled: Pooled) -> None:
    families = f"fewer than {pooled.smallest}" if pooled.families is None else pooled.families
    say(f"Families: {families}. Known up to {pooled.known_from} to {pooled.known_to}.")
    if not pooled.rows:
        say(f"No body was written to by {pooled.smallest} families or more: nothing can be shown.")
        return
    print_table(
        ("body", "of", "", *_COUNTED),
        [(row.body, _NOUNS[row.kind], row.name, *_cells(row)) for row in pooled.rows],
        right=_COUNTED,
    )
    say()
    say("Days are working days to a reply by a person; emails that still wait count as waiting.")
    say(
        f"* is not shown: below {pooled.smallest}, or it would give such a number away."
        " > means that too few have a reply yet. other: correspondents that may be one person."
    )
    say(DISCLAIMER)


def _cells(row: PooledRow) -> tuple[str, ...]:
    counts = (row.sent, row.acknowledged, row.answered, row.no_reply, row.unsettled)
    days = (row.median_days, row.p90_days)
    none = "*" if row.median_reached is None else ">"
    if row.kind == "month":
        none = ""
    return (
        *("*" if n is None else str(n) for n in counts),
        *(none if n is None else str(n) for n in days),
    )
