"""Allowances: how much time a body has. Values and their short form; counting is elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from inboxwatch.domain.errors import ConfigError

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LONGEST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # a fixed date must exist every year
_MAX_COUNT = 9999
_REMEDY = (
    "Write a number and a unit: 10wd (working days), 14d (days), 6w (weeks), 1mo (months);"
    " or a day of the year such as 15feb."
)


class BadAllowance(ConfigError, ValueError):
    """A time allowance that cannot be read."""


def _plural(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.count <= _MAX_COUNT:
            raise BadAllowance(
                f"a time allowance must be from 1 to {_MAX_COUNT}, got {self.count}", remedy=_REMEDY
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays(_Counted):
    """So many working days of a calendar."""

    def __str__(self) -> str:
        return _plural(self.count, "working day")

    @property
    def code(self) -> str:
        """The short form."""
        return f"{self.count}wd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days(_Counted):
    """So many calendar days."""

    def __str__(self) -> str:
        return _plural(self.count, "day")

    @property
    def code(self) -> str:
        """The short form."""
        return f"{self.count}d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks(_Counted):
    """So many weeks, to the same weekday."""

    def __str__(self) -> str:
        return _plural(self.count, "week")

    @property
    def code(self) -> str:
        """The short form."""
        return f"{self.count}w"


@dataclass(frozen=True, slots=True, kw_only=True)
class Months(_Counted):
    """So many calendar months, to the corresponding date or else the month's last day."""

    def __str__(self) -> str:
        return _plural(self.count, "month")

    @property
    def code(self) -> str:
        """The short form."""
        return f"{self.count}mo"


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedDate:
    """A day of the year: the first such day on or after the start."""

    month: int
    day: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.day <= _LONGEST[self.month - 1]):
            raise BadAllowance(
                f"day {self.day} of month {self.month} is not a day of every year", remedy=_REMEDY
            )

    def __str__(self) -> str:
        return f"{self.day} {_MONTHS[self.month - 1]}"

    @property
    def code(self) -> str:
        """The short form."""
        return f"{self.day}{_MONTHS[self.month - 1][:3].lower()}"


Allowance: TypeAlias = WorkingDays | Days | Weeks | Months | FixedDate

_UNITS: dict[str, type[WorkingDays | Days | Weeks | Months]] = {
    "wd": WorkingDays, "workingday": WorkingDays, "workingdays": WorkingDays,
    "d": Days, "day": Days, "days": Days,
    "w": Weeks, "week": Weeks, "weeks": Weeks,
    "mo": Months, "month": Months, "months": Months,
}  # fmt: skip
_MONTH_NUMBERS = {name.lower(): n for n, name in enumerate(_MONTHS, 1)} | {
    name[:3].lower(): n for n, name in enumerate(_MONTHS, 1)
}
_FORM = re.compile(r"(\d{1,5})\s*([a-z]+(?:\s+[a-z]+)?)", re.ASCII)


def parse_allowance(text: str) -> Allowance:
    """Read "10wd", "14d", "6w", "1mo", "15feb", or the same in words ("10 working days").

    Raises:
        BadAllowance: it is none of these, or its number is not from 1 to 9999.
    """
    found = _FORM.fullmatch(text.strip().lower())
    if found is not None:
        number, unit = int(found.group(1)), "".join(found.group(2).split())
        if unit in _UNITS:
            return _UNITS[unit](count=number)
        if unit in _MONTH_NUMBERS:
            return FixedDate(month=_MONTH_NUMBERS[unit], day=number)
    raise BadAllowance(f"{text!r} is not a time allowance", remedy=_REMEDY)
