"""Read the commands a person wrote in answer to a reminder. Pure; acts on nothing.

Only lines that are a command and nothing else count: prose is never guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from inboxwatch.domain.plain import one_line

_MAX_COMMANDS = 20
_MAX_SKIPPED = 4  # greetings and the like before the first command
_MAX_DAYS = 730
_MAX_WORDS = 500


class Action(Enum):
    """What is to be done with a thread."""

    DONE = "done"  # answered elsewhere, or no longer needed
    SNOOZE = "snooze"
    AUTO = "auto"  # what was taken for a person's reply was automatic
    REAL = "real"  # what was taken for automatic was a person's
    CALLED = "called"  # what was said on the phone
    STOP = "stop"  # stop watching


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command. `number` is the thread's place in the digest; None when none was given.

    A snooze has `days` or `until`; a call has `words`.
    """

    action: Action
    number: int | None = None
    days: int | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A first line that is no command: as it was written, short and harmless."""

    line: str


_VERBS = {
    Action.DONE: r"done|answered|sorted|resolved|finished",
    Action.AUTO: r"auto|automatic|automated",
    Action.REAL: r"real|human",
    Action.STOP: r"stop(?: watching)?|unwatch|ignore",
}
_NUMBER = r"(?:no\.? ?|number |thread |#)?(?P<{name}>\d{{1,3}})"
_BEFORE = rf"(?:{_NUMBER.format(name='before')}\s*[.:,)-]?\s+)?"
_AFTER = rf"(?:\s+{_NUMBER.format(name='after')})?"
_POLITE = r"(?:\s*,?\s*(?:please|thanks|thank you|cheers))?"
_END = r"\s*[.!]*\s*"


def _command(verb: str, rest: str = "") -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE}(?:{verb}){rest}{_POLITE}{_END}", re.IGNORECASE | re.ASCII)


_SIMPLE = tuple((action, _command(verb, _AFTER)) for action, verb in _VERBS.items())
_SPAN = r"(?:for\s+)?(?P<count>\d{1,3})\s*(?P<unit>d|days?|w|weeks?)?"
_SNOOZES = (
    _command("snooze", rf"{_AFTER}\s+{_SPAN}"),
    _command("snooze", rf"{_AFTER}\s+(?:until|till|to)\s+(?P<until>\d{{4}}-\d\d-\d\d)"),
)
_CALLED = re.compile(
    rf"{_BEFORE}(?:called|phoned|rang|spoke|call|phone){_AFTER}\s*[:,-]\s*(?P<words>\S.*)",
    re.IGNORECASE | re.ASCII,
)
_SPACE = re.compile(r"\s+")
_IDLE = re.compile(
    r"(?:(?:hi|hello|hey|dear|thanks|thank you|cheers|many thanks|ok|okay|please)"
    r"(?:\s+(?:inboxwatch|there|all))?[\s,.!]*)+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^(?:>|\||-{2,}|_{5,}|on .{0,120}wrote:|from:|sent from )", re.IGNORECASE)


def parse_commands(own_text: str) -> tuple[Command | Unknown, ...]:
    """Return the commands at the beginning of a person's own words.

    Reading ends at the first line that is neither a command nor empty, once there was a command;
    before that, a greeting is passed over and any other line is `Unknown`. Nothing at all gives
    an empty tuple.
    """
    found: list[Command | Unknown] = []
    skipped = 0
    for raw in own_text.splitlines():
        # Not cut here: what follows the cut could change the meaning.
        line = _SPACE.sub(" ", one_line(raw)).strip(" *\u201c\u201d\"'`")
        if not line:
            continue
        if _QUOTED.match(line):
            break
        command = parse_line(line)
        if command is not None:
            found.append(command)
            if len(found) == _MAX_COMMANDS:
                break
            continue
        if found:
            break
        if _IDLE.fullmatch(line) and skipped < _MAX_SKIPPED:
            skipped += 1
            continue
        return (Unknown(line=one_line(line, 80)),)
    return tuple(dict.fromkeys(found))


def parse_line(line: str) -> Command | None:
    """Return the command that a whole line is, or None."""
    for action, pattern in _SIMPLE:
        hit = pattern.fullmatch(line)
        if hit is not None:
            return _made(action, hit)
    for pattern in _SNOOZES:
        hit = pattern.fullmatch(line)
        if hit is not None:
            return _snooze(hit)
    hit = _CALLED.fullmatch(line)
    if hit is not None:
        return _made(Action.CALLED, hit, words=hit["words"].strip()[:_MAX_WORDS])
    return None


def _made(action: Action, hit: re.Match[str], *, words: str = "") -> Command | None:
    before, after = hit["before"], hit["after"]
    if before is not None and after is not None and int(before) != int(after):
        return None  # "2 done 3" says two things
    number = before or after
    return Command(action=action, number=int(number) if number else None, words=words)


def _snooze(hit: re.Match[str]) -> Command | None:
    made = _made(Action.SNOOZE, hit)
    if made is None:
        return None
    groups = hit.groupdict()
    until = groups.get("until")
    if until is not None:
        try:
            return Command(
                action=Action.SNOOZE, number=made.number, until=date.fromisoformat(until)
            )
        except ValueError:
            return None
    days = int(groups["count"]) * (7 if (groups["unit"] or "d").lower().startswith("w") else 1)
    if not 1 <= days <= _MAX_DAYS:
        return None
    return Command(action=Action.SNOOZE, number=made.number, days=days)
