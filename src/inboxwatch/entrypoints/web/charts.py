"""Statistics as charts: the geometry of bars and columns. Counts nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inboxwatch.application.statistics import Figures, Group, Statistics, statistics
from inboxwatch.domain.calendar import Calendar
from inboxwatch.entrypoints.web.pictures import Seen

_MONTHS_SHOWN = 18
_COLUMN = 28  # width of a month in the chart's own units
_HEIGHT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A council mailbox: shares of what was sent, in percent."""

    council_mailbox: str
    body: str
    figures: Figures
    answered: float
    unanswered: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A month: heights from the bottom, in the chart's own units."""

    words: str  # "March 2026"
    short: str  # "Mar"
    year: str  # under the first month shown and each January; else empty
    x: int
    sent: int
    answered: int
    no_reply: int
    median_days: int | None  # working days to a human reply, of the emails sent that month
    sent_height: float
    answered_height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The months of one body."""

    body: str
    columns: tuple[Column, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """Everything to show of one person."""

    person: str
    whole: Figures
    bars: tuple[Bar, ...]
    trends: tuple[Trend, ...]


def charts(seen: Seen, calendar: Calendar) -> Charts:
    """Return a person's figures, ready to draw; the mailbox asked most stands first."""
    found = statistics(seen.picture, calendar)
    bars = sorted((_bar(group) for group in found.council_mailboxes), key=_most_asked)
    return Charts(
        person=seen.person, whole=found.whole, bars=tuple(bars), trends=tuple(_trends(found))
    )


def _most_asked(bar: Bar) -> tuple[int, str]:
    return (-bar.figures.sent, bar.council_mailbox)


def _bar(group: Group) -> Bar:
    sent = max(group.figures.sent, 1)
    return Bar(
        council_mailbox=group.name,
        body=group.body,
        figures=group.figures,
        answered=round(100 * group.figures.answered / sent, 1),
        unanswered=round(100 * group.figures.no_reply / sent, 1),
    )


def _trends(found: Statistics) -> list[Trend]:
    made = []
    for body in dict.fromkeys(group.body for group in found.months):
        months = [group for group in found.months if group.body == body][-_MONTHS_SHOWN:]
        highest = max((group.figures.sent for group in months), default=0)
        if len(months) < 2 or not highest:
            continue  # a single month shows no trend
        columns = tuple(_column(group, number, highest) for number, group in enumerate(months))
        made.append(Trend(body=body, columns=columns, width=len(columns) * _COLUMN, height=_HEIGHT))
    return made


def _column(group: Group, number: int, highest: int) -> Column:
    first, its = date.fromisoformat(f"{group.name}-01"), group.figures
    return Column(
        words=f"{first:%B %Y}",
        short=f"{first:%b}",
        year=f"{first:%Y}" if number == 0 or first.month == 1 else "",
        x=number * _COLUMN,
        sent=its.sent,
        answered=its.answered,
        no_reply=its.no_reply,
        median_days=its.median_days,
        sent_height=round(_HEIGHT * its.sent / highest, 1),
        answered_height=round(_HEIGHT * its.answered / highest, 1),
    )
