"""Say when a reply is due, and how that was counted, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from inboxwatch.adapters.presets import Presets
from inboxwatch.domain.calendar import CALENDAR_NAMES
from inboxwatch.domain.clocks import Clock, Party, find_clock
from inboxwatch.domain.due import Due
from inboxwatch.domain.due import due as compute
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.london import LONDON, local_day
from inboxwatch.domain.promises import find_body, for_body
from inboxwatch.entrypoints.cli.clocks import NOT_ADVICE, open_calendars, open_presets
from inboxwatch.entrypoints.cli.output import note, print_json, say, say_wrapped
from inboxwatch.entrypoints.cli.tables import print_table
from inboxwatch.settings.load import load as load_settings

# What people call an event, beside its name.
_EVENT_NAMES = {
    "acknowledged": "ack",
    "acknowledgement": "ack",
    "clarified": "clarification-answered",
    "clarification": "clarification-answered",
    "id": "id-received",
}
_PREPOSITIONS = {Party.COUNCIL: "the council", Party.USER: "you"}


@click.command()
@click.argument("preset")
@click.option(
    "--from", "start", required=True, metavar="DATE_OR_TIME", help="2026-06-01 or 2026-06-01T16:30."
)
@click.option("--event", "events", multiple=True, metavar="NAME=DATE", help="What happened since.")
@click.option("--extended", is_flag=True, help="The body said in time that it takes longer.")
@click.option("--council", default=None, metavar="NAME", help="Its own promise and calendar.")
@click.option(
    "--calendar",
    type=click.Choice(CALENDAR_NAMES),
    default=None,
    help="For a plain time such as 10wd.",
)
@click.option(
    "--term-dates",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="The school's terms, as TOML.",
)
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.option("--explain", is_flag=True, help="Count day by day, each skipped day named.")
@click.pass_context
def due(
    ctx: click.Context,
    preset: str,
    start: str,
    events: tuple[str, ...],
    extended: bool,
    council: str | None,
    calendar: str | None,
    term_dates: Path | None,
    as_json: bool,
    explain: bool,
) -> None:
    """Say when a reply is due under a PRESET (see `clocks`) or a plain time such as 10wd.

    Times are London time. Nothing here is legal advice.
    """
    settings, _ = load_settings(ctx.find_root().obj)
    presets = open_presets(settings)
    clock = _plain_calendar(find_clock(preset, presets.clocks), presets, calendar)
    if preset not in presets.clocks and calendar is None:
        clock = replace(clock, calendar=settings.calendar, follows_body_calendar=True)
    notes: list[str] = []
    if council is not None:
        body = find_body(council, presets.bodies.values())
        clock, notes = for_body(clock, body, presets.clocks)
    elif clock.id == "send-promise":
        known = ", ".join(promise.body for promise in clock.promises)
        notes = [f"Say whose promise with --council; known: {known}."]
    result = compute(
        clock,
        read_start(start),
        calendars=open_calendars(settings, term_dates),
        events=_read_events(events),
        extended=extended,
    )
    result = replace(result, warnings=(*notes, *result.warnings))
    if as_json:
        print_json(due_json(result, start, explain=explain))
    else:
        _print_due(result, explain=explain)


def _plain_calendar(clock: Clock, presets: Presets, calendar: str | None) -> Clock:
    """Return a plain clock on the calendar asked for; a preset has its own."""
    if calendar is None:
        return clock
    if clock.id in presets.clocks:
        raise ConfigError(
            f"the preset {clock.id!r} has its own calendar, {clock.calendar}",
            remedy="Leave --calendar out, or give a plain time such as 10wd.",
        )
    return replace(clock, calendar=calendar)


def read_start(text: str) -> date | datetime:
    """Read a date, or a moment; one without a zone is London time.

    Raises:
        ConfigError: it is neither.
    """
    try:
        if len(text) == len("2026-06-30"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise ConfigError(
            f"{text!r} is not a date or time",
            remedy="Write 2026-06-30, 2026-06-30T16:45 (London) or 2026-06-30T15:45:00+00:00.",
        ) from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def _read_events(words: tuple[str, ...]) -> dict[str, date]:
    events: dict[str, date] = {}
    for word in words:
        name, equals, when = word.partition("=")
        if not equals or not name.strip():
            raise ConfigError(
                f"--event {word!r} is not NAME=DATE",
                remedy="Write, for instance: --event ack=2026-06-30",
            )
        key = name.strip().lower().replace("_", "-")
        events[_EVENT_NAMES.get(key, key)] = local_day(read_start(when.strip()))
    return events


def due_json(result: Due, start: str, *, explain: bool = False) -> dict[str, object]:
    """Return the dates for scripts."""
    clock = result.clock
    found: dict[str, object] = {
        "preset": clock.id,
        "from": start,
        "received_on": result.received_on.isoformat(),
        "counted_from": result.counted_from.isoformat(),
        "chase_on": result.chase_on.isoformat() if result.chase_on else None,
        "due_on": result.due_on.isoformat(),
        "latest_on": result.latest_on.isoformat(),
        "overdue_from": result.overdue_from.isoformat(),
        "safe_on": result.safe_on.isoformat() if result.safe_on else None,
        "milestones": {name: on.isoformat() for name, on in result.milestones},
        "running": result.is_running,
        "whose": clock.whose.value,
        "calendar": clock.calendar,
        "calendar_version": result.calendar_version,
        "citation": clock.citation,
        "source_url": clock.source_url,
        "legal_force": clock.legal_force.value,
        "confidence": clock.confidence,
        "warnings": list(result.warnings),
    }
    if explain:
        found["count"] = [
            {"on": day.on.isoformat(), "number": day.number, "note": day.note}
            for day in result.count
        ]
    return found


def _print_due(result: Due, *, explain: bool) -> None:
    clock = result.clock
    by_user = clock.whose is Party.USER
    days: list[tuple[str, date, str]] = [
        ("received on" if not by_user else "starts on", result.received_on, "")
    ]
    if result.counted_from != result.received_on:
        days.append(("counted from", result.counted_from, ""))
    if result.chase_on:
        days.append(("chase on", result.chase_on, "a polite chaser is fair from here"))
    days += [(name.replace("-", " "), on, "on the way") for name, on in result.milestones]
    days.append(("due on", result.due_on, result.allowed))
    if result.latest_on != result.due_on:
        meaning = "only on another reading" if by_user else "the latest defensible day"
        days.append(("latest on", result.latest_on, meaning))
    if result.safe_on and result.safe_on != result.due_on:
        days.append(("safe on", result.safe_on, "the last office day before"))
    days.append(("overdue from", result.overdue_from, ""))
    print_table(
        ("what", "date", "weekday", "meaning"),
        [(what, on.isoformat(), f"{on:%A}", meaning) for what, on, meaning in days],
        title=f"{clock.title} ({clock.id})",
        flexible=("meaning",),
    )
    say()
    if explain:
        numbers = [("" if day.number is None else str(day.number)) for day in result.count]
        print_table(
            ("date", "weekday", "day", "note"),
            [
                (day.on.isoformat(), f"{day.on:%A}", number, day.note or "counted")
                for day, number in zip(result.count, numbers, strict=True)
            ],
            right=("day",),
            flexible=("note",),
        )
        say()
    for label, words in (
        ("Whose deadline", _PREPOSITIONS[clock.whose]),
        ("Calendar", f"{clock.calendar} ({result.calendar_version or 'every day'})"),
        ("Stopped by", clock.stopped_by),
        ("If it passes", clock.escalation),
        ("Rule", f"{clock.citation} [{clock.legal_force.value}, confidence {clock.confidence}]"),
        ("Note", clock.exceptions),
        ("Source", clock.source_url),
    ):
        if words:
            say_wrapped(f"{label}: {words}", hanging="  ")
    say_wrapped(NOT_ADVICE)
    for warning in result.warnings:
        note(f"warning: {warning}")
