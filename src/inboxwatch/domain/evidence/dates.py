"""The day that an English or Welsh phrase names, as people in the UK write it. Pure.

Where a phrase can mean two days ("next Friday", "this week") the later one is taken: a promise is
not held against somebody before it is broken in every reading.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

AddWorkingDays = Callable[[date, int], date]

FURTHEST = timedelta(days=400)  # a day later than that was not meant as a promise
_FRIDAY = 4

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan ionawr", "february feb chwefror", "march mar mawrth", "april apr ebrill",
            "may mai", "june jun mehefin", "july jul gorffennaf", "august aug awst",
            "september sept sep medi", "october oct hydref", "november nov tachwedd",
            "december dec rhagfyr",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon llun", "tuesday tues tue mawrth", "wednesday weds wed mercher",
            "thursday thurs thur thu iau", "friday fri gwener", "saturday sat sadwrn",
            "sunday sun sul",
        )
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = {
    name: number
    for number, names in {
        1: "a an one un", 2: "two dau", 3: "three tri", 4: "four", 5: "five pum", 6: "six",
        7: "seven saith", 8: "eight", 9: "nine", 10: "ten deg", 12: "twelve", 14: "fourteen",
        15: "fifteen", 20: "twenty", 28: "twenty-eight", 30: "thirty",
    }.items()
    for name in names.split()
}  # fmt: skip
_A_FEW = 5

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_NAME = "|".join(sorted(set(_WEEKDAYS) - {"mawrth"}, key=len, reverse=True))
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_COMMENCING = r"(?P<week>(?:w/c|wc|week (?:commencing|beginning|starting)|w/b)\s+(?:on\s+)?)?"

_WRITTEN = re.compile(
    rf"\b{_COMMENCING}(?:the\s+)?(?:(?:{_DAY_NAME}),?\s+(?:the\s+)?)?(?P<day>\d{{1,2}})"
    rf"(?:st|nd|rd|th|af|ain|fed|eg)?(?:\s+(?:of\s+)?|[-/.])(?P<month>{_MONTH})\b\.?,?"
    r"(?:[-/.\s]\s*(?P<year>20\d\d))?"
)
_AMERICAN = re.compile(
    rf"\b{_COMMENCING}(?:the\s+)?(?:(?:{_DAY_NAME}),?\s+)?(?P<month>{_MONTH})\.?\s+(?:the\s+)?"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?!\s*(?:am|pm|:))(?:,?\s+(?P<year>20\d\d))?"
)
_NUMERIC = re.compile(
    rf"(?<![\d/.-]){_COMMENCING}(?P<day>\d{{1,2}})(?P<sep>[/.-])(?P<month>\d{{1,2}})"
    r"(?:(?P=sep)(?P<year>20\d\d|\d\d)|(?<=/\d)|(?<=/\d\d))(?![\d/.-]*\d)"
)
_ISO = re.compile(rf"\b{_COMMENCING}(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
_ORDINAL = re.compile(rf"\b(?:the|{_DAY_NAME}),? (?P<day>\d{{1,2}})(?:st|nd|rd|th)\b")
_COUNTED = re.compile(
    r"\b(?:(?:within|in|over|during|o fewn|at least|up to|allow(?: up to)?|take(?: up to)?)\s+"
    r"(?:the\s+)?(?:next\s+)?(?:following\s+)?)?"
    rf"(?:{_COUNT}\s*(?:-|to|or)\s*)?(?P<count>{_COUNT}|(?:a )?couple of|(?:a )?few(?: more)?)"
    r"(?:\s*\(\d+\))?\s+(?P<working>working|business|school|clear)?\s*"
    r"(?P<unit>days?|weeks?|fortnights?|months?|hours?|diwrnod(?: gwaith)?|wythnos)\b"
    r"(?! ago| before| prior)"
)
_SPAN = re.compile(
    r"\b(?:within|in|over|during) the (?:next |coming )(?P<unit>fortnight|week|month)\b"
)
_NAMED = re.compile(
    rf"\b(?P<which>next|this coming|this|coming|dydd)?\s*\b(?P<name>{_DAY_NAME})\b"
    r"(?!,?\s+(?:the\s+)?\d)(?:\s+(?P<later>(?:of )?next week|week|wythnos nesaf))?"
)
_WELSH_TUESDAY = re.compile(r"\bdydd (?P<name>mawrth)\b")
_TOMORROW = re.compile(
    r"\b(?:(?:close|end) of (?:play|the day|business|day) |cop |cob )?"
    r"(?P<word>tomorrow|yfory|(?:the )?next (?P<working>working|business) day)\b"
)
_TODAY = re.compile(
    r"\b(?:today|heddiw|this (?:morning|afternoon|evening)|tonight"
    r"|(?:end|close) of (?:the day|play|business|day)|cop|cob|eod)\b"
)
_WEEK = re.compile(
    r"\b(?:(?:the )?(?:end of |later |early |mid-?)?(?:the |this |next )week"
    r"(?! (?:commencing|beginning|starting))|end of week|diwedd yr wythnos|yr wythnos nesaf)\b"
)
_MONTH_END = re.compile(
    r"\b(?:(?:end of |later |early )(?:the |this |next )month|(?:next|this) month)\b"
)
_NAMED_MONTH_END = re.compile(rf"\bend of (?P<month>{_MONTH})\b")
_YEAR_END = re.compile(r"\bend of (?:the |this )year\b")
_LEADS = re.compile(
    r"(?:\bby|\bbefore|\bwithin|\buntil|\bno later than|\blatest|\bon or before|\berbyn|\bo fewn"
    r"|\bend of|\bin the next|\bw/c|\bweek commencing)\b[^.]{0,25}$"
)
_ALREADY_PAST = timedelta(days=90)  # a day without a year that lies nearer than that is past


def weekends_only(day: date, number: int) -> date:
    """Return the `number`-th day after a day that is no Saturday or Sunday."""
    while number > 0:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


def promised_day(
    sentence: str, said_on: date, add_working_days: AddWorkingDays = weekends_only
) -> date | None:
    """Return the day by which a folded sentence promises something, None when it names none.

    Args:
        said_on: the local day of the message.
        add_working_days: counts working days on the body's calendar.
    """
    named = [
        (_LEADS.search(sentence[max(0, at - 40) : at + 3]) is not None, at, day)
        for at, day in _days(sentence, said_on, add_working_days)
        if said_on <= day <= said_on + FURTHEST
    ]
    return max(named)[2] if named else None


def _days(
    sentence: str, said_on: date, add_working_days: AddWorkingDays
) -> Iterator[tuple[int, date]]:
    """Yield every day named and where; what is part of a longer expression counts once."""
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
        *((p, lambda m: _calendar_day(m, said_on)) for p in (_WRITTEN, _AMERICAN, _ISO)),
        (_COUNTED, lambda m: _counted(m, said_on, add_working_days)),
        (_NUMERIC, lambda m: _calendar_day(m, said_on)),
        (_ORDINAL, lambda m: _next_ordinal(int(m["day"]), said_on)),
        (_SPAN, lambda m: _after(m["unit"], 1, said_on)),
        (_WELSH_TUESDAY, lambda _: _weekday(1, said_on)),
        (_NAMED, lambda m: _named_weekday(m, said_on)),
        (_TOMORROW, lambda m: _tomorrow(m, said_on, add_working_days)),
        (_WEEK, lambda m: _friday(m.group(0), said_on)),
        (_MONTH_END, lambda m: _end_of_month(_months_later(said_on, "next" in m.group(0)))),
        (_NAMED_MONTH_END, lambda m: _end_of_named_month(_MONTHS[m["month"]], said_on)),
        (_YEAR_END, lambda _: date(said_on.year, 12, 31)),
        (_TODAY, lambda _: said_on),
    )
    taken: list[tuple[int, int]] = []
    for pattern, read in readers:
        for found in pattern.finditer(sentence):
            if any(found.start() < end and start < found.end() for start, end in taken):
                continue
            taken.append(found.span())
            day = read(found)
            if day is not None:
                yield found.start(), day


def _calendar_day(found: re.Match[str], said_on: date) -> date | None:
    month = _MONTHS.get(found["month"]) or int(found["month"])
    year = int(found["year"]) if found["year"] else said_on.year
    year += 2000 if year < 100 else 0
    try:
        day = date(year, month, int(found["day"]))
        if not found["year"] and day < said_on - _ALREADY_PAST:
            day = date(year + 1, month, int(found["day"]))
    except ValueError:
        return None
    return day + timedelta(days=_FRIDAY - day.weekday()) if found["week"] else day


def _next_ordinal(number: int, said_on: date) -> date | None:
    for later in range(3):
        first = _months_later(said_on.replace(day=1), later)
        if 1 <= number <= monthrange(first.year, first.month)[1]:
            day = first.replace(day=number)
            if day >= said_on:
                return day
    return None


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _NUMBERS.get(text) or (2 if "couple" in text else _A_FEW)


def _counted(found: re.Match[str], said_on: date, add_working_days: AddWorkingDays) -> date:
    count, unit = _number(found["count"]), found["unit"]
    if found["working"] or unit == "diwrnod gwaith":
        if unit.startswith("week"):
            count *= 5
        elif unit.startswith("hour"):
            count = -(-count // 24)
        return add_working_days(said_on, count) if count else said_on
    return _after(unit, count, said_on)


def _after(unit: str, count: int, said_on: date) -> date:
    if unit.startswith("hour"):
        return said_on + timedelta(days=-(-count // 24))
    if unit.startswith("month"):
        return _months_later(said_on, count)
    return said_on + timedelta(days=count * {"f": 14, "w": 7}.get(unit[0], 1))


def _months_later(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _weekday(number: int, said_on: date) -> date:
    """Return the first such weekday after a day."""
    return said_on + timedelta(days=(number - said_on.weekday() - 1) % 7 + 1)


def _named_weekday(found: re.Match[str], said_on: date) -> date:
    day = _weekday(_WEEKDAYS[found["name"]], said_on)
    is_in_this_week = day.isocalendar()[:2] == said_on.isocalendar()[:2]
    skips = found["later"] == "week" or (
        (found["which"] == "next" or found["later"]) and is_in_this_week
    )
    return day + timedelta(days=7) if skips else day


def _tomorrow(found: re.Match[str], said_on: date, add_working_days: AddWorkingDays) -> date:
    return add_working_days(said_on, 1) if found["working"] else said_on + timedelta(days=1)


def _friday(words: str, said_on: date) -> date:
    friday = said_on + timedelta(days=_FRIDAY - said_on.weekday())
    is_next = "next" in words or "nesaf" in words or friday < said_on
    return friday + timedelta(days=7) if is_next else friday


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _end_of_named_month(month: int, said_on: date) -> date:
    end = _end_of_month(date(said_on.year, month, 1))
    return (
        end if end >= said_on - _ALREADY_PAST else _end_of_month(date(said_on.year + 1, month, 1))
    )
