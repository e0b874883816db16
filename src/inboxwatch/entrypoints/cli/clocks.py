"""List the clocks: what each allows, whose deadline it is, and on what authority."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.presets import Presets, load
from inboxwatch.domain.calendar import Calendar
from inboxwatch.domain.clocks import Clock, Party
from inboxwatch.entrypoints.cli.output import is_terminal, print_json, say, say_wrapped, width
from inboxwatch.entrypoints.cli.tables import print_table
from inboxwatch.settings.load import load as load_settings
from inboxwatch.settings.model import Settings

NOT_ADVICE = "This is not legal advice: open the source before you rely on a date."

WIDE = 160  # columns of a terminal that a table of citations needs


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts: every field of every clock.")
@click.pass_context
def clocks(ctx: click.Context, as_json: bool) -> None:
    """List the presets: time allowed, whose deadline, citation and confidence."""
    settings, _ = load_settings(ctx.find_root().obj)
    known = open_presets(settings).clocks.values()
    if as_json:
        print_json([clock_json(clock) for clock in known])
        return
    if is_terminal() and width() < WIDE:
        for clock in known:
            _print_block(clock)
    else:
        _print_listing(known)
    say()
    say_wrapped(
        "Confidence: A read in the source itself, B second hand, C unverified and switched off."
    )
    say_wrapped(NOT_ADVICE)


def _trust(clock: Clock) -> str:
    return clock.confidence if clock.enabled else f"{clock.confidence} (off)"


def _print_listing(known: Iterable[Clock]) -> None:
    print_table(
        ("clock", "title", "time", "whose", "confidence", "force", "citation"),
        [
            (
                clock.id,
                clock.title,
                clock.allowed,
                clock.whose.value,
                _trust(clock),
                clock.legal_force.value,
                clock.citation,
            )
            for clock in known
        ],
        flexible=("title", "citation"),
    )


def _print_block(clock: Clock) -> None:
    """Print one clock in three lines that fit a narrow terminal."""
    whose = "your own deadline" if clock.whose is Party.USER else "the council's deadline"
    say_wrapped(f"{clock.id}: {clock.title}")
    say_wrapped(
        f"{clock.allowed}, {whose}, {clock.legal_force.value}, confidence {_trust(clock)}",
        indent="    ",
    )
    say_wrapped(clock.citation, indent="    ")


def open_presets(settings: Settings) -> Presets:
    """Return the clocks and bodies, with those of the user's settings over them."""
    return load(
        own_clocks=settings.clocks_file,
        own_bodies={
            name: body.model_dump(exclude_unset=True) for name, body in settings.bodies.items()
        },
    )


def open_calendars(settings: Settings, term_dates: Path | None = None) -> dict[str, Calendar]:
    """Return the calendars, with the user's own holidays and term dates."""
    return calendars(
        holiday_file=settings.holidays_file, term_file=term_dates or settings.term_dates_file
    )


def clock_json(clock: Clock) -> dict[str, object]:
    """Return a clock for scripts."""
    return {
        "id": clock.id,
        "title": clock.title,
        "applies_to": clock.applies_to,
        "group": clock.group,
        "chase": clock.chase.code if clock.chase else None,
        "due": clock.due.code,
        "outer": clock.outer.code if clock.outer else None,
        "extended": clock.extended.code if clock.extended else None,
        "allowed": clock.allowed,
        "milestones": {m.name: m.allowance.code for m in clock.milestones},
        "events": list(clock.events),
        "calendar": clock.calendar,
        "start": clock.start.value,
        "roll": clock.roll.value,
        "satisfied_by": clock.satisfied_by.value,
        "stopped_by": clock.stopped_by,
        "whose": clock.whose.value,
        "escalation": clock.escalation,
        "citation": clock.citation,
        "source_url": clock.source_url,
        "legal_force": clock.legal_force.value,
        "exceptions": clock.exceptions,
        "valid_from": _iso(clock.valid_from),
        "valid_to": _iso(clock.valid_to),
        "verified_on": _iso(clock.verified_on),
        "confidence": clock.confidence,
        "enabled": clock.enabled,
        "body": clock.body,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
