"""Write a report page: one HTML file that needs nothing else, to read, print or send on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from inboxwatch import __version__
from inboxwatch.application.explain import Explanation, explain, short_day
from inboxwatch.application.listing import local_day
from inboxwatch.application.picture import Picture
from inboxwatch.application.wording import (
    DISCLAIMER,
    STATUS_WORDS,
    calendar_words,
    day_words,
    moment_words,
    no_reply_found,
    plural,
)
from inboxwatch.domain.london import local
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.verdict import Status, Verdict

_SECTIONS = (
    (
        Status.UNDELIVERED,
        "Not delivered",
        "These did not arrive, so nobody could answer.",
    ),
    (Status.OVERDUE, "No human reply, and the day is past", ""),
    (
        Status.REVIEW,
        "For you to look at",
        "There may be a reply. None of these counts as unanswered until you have said so.",
    ),
    (Status.WAITING, "Waiting, still in time", ""),
    (Status.ANSWERED, "Answered", ""),
    (Status.CLOSED, "Closed by you", ""),
)


_SAID_ABOVE = ("council mailbox", "known up to")  # in the heading of the card and of the page


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    verdict: Verdict
    told: Explanation
    sent: str
    due: str
    bar: int  # percent of the longest wait


def report_html(picture: Picture, *, everything: bool = False) -> bytes:
    """Return the page's bytes; the same picture gives the same bytes.

    Args:
        everything: answered and closed threads too.
    """
    environment = Environment(
        loader=PackageLoader("inboxwatch.adapters.export", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment_words
    environment.filters["one_line"] = one_line
    environment.filters["hour"] = _hour
    longest = max((v.waiting_working_days or 0 for v in picture.verdicts), default=0)
    sections = []
    for status, title, hint in _SECTIONS:
        if not everything and status in (Status.ANSWERED, Status.CLOSED):
            continue
        cards = [_card(v, longest) for v in picture.with_status(status)]
        if cards:
            sections.append({"status": status.value, "title": title, "hint": hint, "cards": cards})
    text = environment.get_template("report.html").render(
        as_of=no_reply_found(picture.as_of),
        headline=_headline(picture.verdicts),
        threshold=picture.threshold,
        calendar=calendar_words(picture.calendar),
        sections=sections,
        unplaced=[
            (moment_words(u.entry.at), one_line(u.entry.message.subject), u.reason)
            for u in picture.unplaced
        ],
        unreadable=[(u.location.folder, u.location.uid, u.reason) for u in picture.unreadable],
        notices=picture.notices,
        not_scanned=[str(each) for each in picture.scanned.not_scanned],
        scanned=plural(picture.scanned.messages, "message"),
        folders=", ".join(picture.scanned.folders),
        disclaimer=DISCLAIMER,
        version=__version__,
        statuses={s.value: words for s, words in STATUS_WORDS.items()},
    )
    return text.encode("utf-8", "replace")


def _headline(verdicts: Sequence[Verdict]) -> str:
    asked = sum(len(v.waits) for v in verdicts if v.status is not Status.UNDELIVERED)
    late = [v for v in verdicts if v.status is Status.OVERDUE]
    longest = max((v.waiting_working_days or 0 for v in late), default=0)
    text = f"{plural(asked, 'question')} sent, {len(late)} past the day without a human reply"
    return f"{text}; the longest wait is {plural(longest, 'working day')}" if late else text


def _card(verdict: Verdict, longest: int) -> _Card:
    sent = local_day(verdict.wait.unanswered.at) if verdict.wait else None
    waited = 0 if verdict.status is Status.UNDELIVERED else verdict.waiting_working_days or 0
    told = explain(verdict)
    return _Card(
        verdict=verdict,
        told=replace(told, facts=tuple(f for f in told.facts if f[0] not in _SAID_ABOVE)),
        sent=short_day(sent) if sent else "",
        due=day_words(verdict.due_on) if verdict.due_on else "",
        bar=round(100 * waited / longest) if longest else 0,
    )


def _hour(moment: datetime) -> str:
    here = local(moment)
    return f"{here.day} {here:%b %Y, %H:%M}"
