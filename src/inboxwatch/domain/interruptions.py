"""What a body's questions do to a count: pauses, fresh starts, and waiting for the user. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from inboxwatch.domain.clocks import Clock, Effect
from inboxwatch.domain.counting import Pause
from inboxwatch.domain.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """What became of a count. `is_running` is False while an answer of the user's is awaited."""

    pauses: tuple[Pause, ...] = ()
    restarted_on: date | None = None
    restart_note: str = ""
    is_running: bool = True
    warnings: tuple[str, ...] = ()


def interruptions(
    clock: Clock, received: date, due_on: date, events: Mapping[str, date]
) -> Interrupted:
    """Work out what the body asked for and when it got it.

    A question after `due_on`, the last day without it, comes too late and changes nothing.

    Raises:
        ConfigError: an answer before its question, or an answer to no question that a pause needs.
    """
    pauses: list[Pause] = []
    restarts: list[tuple[date, str]] = []
    warnings: list[str] = []
    is_running = True
    for one in clock.interruptions:
        asked, answered = events.get(one.asked), events.get(one.answered)
        if asked is None and answered is None:
            continue
        if asked is None and one.effect is Effect.PAUSE:
            raise ConfigError(
                f"the preset {clock.id!r}: {one.answered} is given without {one.asked}",
                remedy=f"Give both days: --event {one.asked}=DATE --event {one.answered}=DATE.",
            )
        if asked is not None and answered is not None and answered < asked:
            raise ConfigError(
                f"the preset {clock.id!r}: {one.answered} {answered.isoformat()} lies before"
                f" {one.asked} {asked.isoformat()}",
                remedy="Check both dates.",
            )
        if asked is not None and asked > due_on:
            warnings.append(
                f"The council asked for {one.what} on {asked.isoformat()}, after the last day"
                f" {due_on.isoformat()}: that changes nothing."
            )
        elif one.since is not None and asked is not None and asked < one.since:
            warnings.append(
                f"The rule on {one.what} is in force only from {one.since.isoformat()}:"
                f" the question of {asked.isoformat()} is not counted."
            )
        elif answered is None:
            is_running = False
            warnings.append(
                f"The council asked for {one.what} on {asked and asked.isoformat()} and no"
                f" {one.answered} is known: the clock stands still. These dates are without it."
            )
        elif asked is not None and one.effect is Effect.PAUSE:
            pauses.append(Pause(first=asked, last=answered, reason=f"paused for {one.what}"))
        else:
            restarts.append((answered, f"{one.what} given: the count starts here"))
    restarted_on, note = max(restarts, default=(None, ""))
    return Interrupted(
        pauses=tuple(pauses),
        restarted_on=restarted_on if restarted_on is None or restarted_on > received else None,
        restart_note=note,
        is_running=is_running,
        warnings=tuple(warnings),
    )
