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
_COUPLE = {"couple of": 2, "a couple of": 2, "few": 5, "a few": 5, "a few more": 5}

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_NAME = "|".join(sorted(set(_WEEKDAYS) - {"mawrth"}, key=len, reverse=True))
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_COMMENCING = r"(?P<week>(?:w/c|wc|week (?:commencing|beginning|starting)|w/b)\s+(?:on\s+)?)?"

_WRITTEN = re.compile(
    rf"\b{_COMMENCING}(?:the\s+)?(?:(?:{_DAY_NAME}),?\s+(?:the\s+)?)?(?P<day>\d{{1,2}})"
    rf"(?:st|nd|rd|th|af|ain|fed|eg)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?,?(?:\s+(?P<year>20\d\d))?"
)
_AMERICAN = re.compile(
    rf"\b{_COMMENCING}(?:the\s+)?(?:(?:{_DAY_NAME}),?\s+)?(?P<month>{_MONTH})\.?\s+(?:the\s+)?"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?!\s*(?:am|pm|:))(?:,?\s+(?P<year>20\d\d))?"
)
_NUMERIC = re.compile(
    rf"(?<![\d/.-]){_COMMENCING}(?P<day>\d{{1,2}})(?P<sep>[/.-])(?P<month>\d{{1,2}})"
    r"(?:(?P=sep)(?P<year>20\d\d|\d\d))?(?![\d/.-]*\d)"
)
_ISO = re.compile(rf"\b{_COMMENCING}(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b")
_ORDINAL = re.compile(r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:of\s+)?[a-z]*(?:floor|panel))")
_WITHIN = re.compile(
    rf"\b(?:within|in|over|during|o fewn|at least|up to|allow(?: up to)?|take(?: up to)?)\s+"
    rf"(?:the\s+)?(?:next\s+)?(?:following\s+)?(?:y\s+)?"
    rf"(?:(?P<low>{_COUNT})\s*(?:-|to|or)\s*)?(?P<count>{_COUNT}|a couple of|couple of|a few more|a few|few)"
    r"(?:\s*\(\d+\))?\s+(?P<working>working|business|school|clear)?\s*"
    r"(?P<unit>days?|weeks?|fortnights?|months?|hours?|diwrnod(?: gwaith)?|wythnos)\b"
)
_FORTNIGHT = re.compile(r"\b(?:within|in|over|during) (?:the next|a|the) (?P<unit>fortnight|week|month)\b")
_NAMED = re.compile(
    rf"\b(?P<which>next|this|this coming|coming|dydd)?\s*\b(?P<name>{_DAY_NAME})\b(?!,?\s+(?:the\s+)?\d)"
    r"(?:\s+(?P<later>next week|week|of next week|wythnos nesaf))?"
)
_WELSH_TUESDAY = re.compile(r"\bdydd mawrth\b")
_RELATIVE = re.compile(
    r"\b(?:(?P<tomorrow>tomorrow|yfory|the next working day|next working day)"
    r"|(?P<today>today|heddiw|this (?:morning|afternoon|evening)|tonight"
    r"|(?:end|close) of (?:the day|today|play|business|day)|cop|cob|eod)"
    r"|(?P<week>(?:the )?(?:end of |later |early |mid-?)?(?:the |this |next )?week\b(?! (?:commencing|beginning|starting))|diwedd yr wythnos|yr wythnos nesaf)"
    r"|(?P<month>(?:the )?(?:end of |later |early )(?:the |this |next )?month|next month|this month)"
    rf"|(?:the )?end of (?P<name>{_MONTH})|(?P<year>(?:the )?end of (?:the |this )year))\b"
)
_TERM_OF_DAY = re.compile(r"\b(?:tomorrow|yfory)\b")
_LEADS = re.compile(
    r"(?:\bby|\bbefore|\bwithin|\buntil|\bno later than|\blatest|\bon or before|\berbyn|\bo fewn"
    r"|\bend of|\bin the next|\bw/c|\bweek commencing)\b[^.]{0,25}$"
)


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
        (bool(_LEADS.search(sentence[max(0, at - 40) : at + 3])), at, day)
        for at, day in _days(sentence, said_on, add_working_days)
        if said_on <= day <= said_on + FURTHEST
    ]
    return max(named)[2] if named else None


def _days(
    sentence: str, said_on: date, add_working_days: AddWorkingDays
) -> Iterator[tuple[int, date]]:
    for pattern in (_WRITTEN, _AMERICAN, _NUMERIC, _ISO):
        for found in pattern.finditer(sentence):
            day = _calendar_day(found, said_on)
            if day is not None:
                yield found.start(), day
    for found in _ORDINAL.finditer(sentence):
        day = _next_ordinal(int(found["day"]), said_on)
        if day is not None and not _WRITTEN.match(sentence, found.start()):
            yield found.start(), day
    for found in _WITHIN.finditer(sentence):
        yield found.start(), _counted(found, said_on, add_working_days)
    for found in _FORTNIGHT.finditer(sentence):
        yield found.start(), _after({"fortnight": "week"}.get(found["unit"], found["unit"]),
                                    2 if found["unit"] == "fortnight" else 1, said_on)  # fmt: skip
    for found in _WELSH_TUESDAY.finditer(sentence):
        yield found.start(), _weekday(1, said_on)
    for found in _NAMED.finditer(sentence):
        yield found.start(), _named_weekday(found, said_on)
    for found in _RELATIVE.finditer(sentence):
        if not (found["today"] and _TERM_OF_DAY.search(sentence)):
            yield found.start(), _relative(found, said_on, add_working_days)


def _calendar_day(found: re.Match[str], said_on: date) -> date | None:
    month = _MONTHS.get(found["month"]) or int(found["month"])
    year = int(found["year"]) if found["year"] else said_on.year
    try:
        day = date(year + (2000 if year < 100 else 0), month, int(found["day"]))
    except ValueError:
        return None
    if not found["year"] and day < said_on - timedelta(days=180):
        day = date(day.year + 1, day.month, min(day.day, 28 if day.month == 2 else day.day))
    return day + timedelta(days=_FRIDAY - day.weekday()) if found["week"] else day


def _next_ordinal(number: int, said_on: date) -> date | None:
    year, month = said_on.year, said_on.month
    for _ in range(3):
        if 1 <= number <= monthrange(year, month)[1] and date(year, month, number) >= said_on:
            return date(year, month, number)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS.get(text) or _COUPLE[text]


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
    days = {"f": 14, "w": 7}.get(unit[0], 1)
    return said_on + timedelta(days=count * days)


def _months_later(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _weekday(number: int, said_on: date) -> date:
    """Return the first such weekday after a day."""
    return said_on + timedelta(days=(number - said_on.weekday() - 1) % 7 + 1)


def _named_weekday(found: re.Match[str], said_on: date) -> date:
    day = _weekday(_WEEKDAYS[found["name"]], said_on)
    is_in_this_week = day.isocalendar()[:2] == said_on.isocalendar()[:2]
    if (found["which"] == "next" or found["later"]) and is_in_this_week:
        return day + timedelta(days=7)
    if found["later"] == "week":
        return day + timedelta(days=7)
    return day


def _relative(found: re.Match[str], said_on: date, add_working_days: AddWorkingDays) -> date:
    text = found.group(0)
    if found["tomorrow"]:
        return add_working_days(said_on, 1) if "working" in text else said_on + timedelta(days=1)
    if found["today"]:
        return said_on
    if found["week"]:
        is_next = "next" in text or "nesaf" in text
        friday = said_on + timedelta(days=_FRIDAY - said_on.weekday())
        if is_next or friday < said_on:
            friday += timedelta(days=7)
        return friday
    if found["month"]:
        day = _months_later(said_on.replace(day=1), 1) if "next" in text else said_on
        return day.replace(day=monthrange(day.year, day.month)[1])
    if found["name"]:
        month = _MONTHS[found["name"]]
        year = said_on.year + (month < said_on.month)
        return date(year, month, monthrange(year, month)[1])
    return date(said_on.year, 12, 31)
