"""The content of the chronology as plain values, in reading order. Typesets nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from inboxwatch import __version__
from inboxwatch.adapters.export.timeline import timelines
from inboxwatch.application.explain import OBVIOUS, MessageLine, explain, message_line
from inboxwatch.application.listing import local_day
from inboxwatch.application.picture import Picture
from inboxwatch.application.statistics import Figures, Statistics
from inboxwatch.application.wording import (
    DISCLAIMER,
    STATUS_WORDS,
    calendar_words,
    moment_words,
    plural,
)
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.threads import Direction, Placed
from inboxwatch.domain.verdict import Status, Verdict

KIND_WORDS = {
    "human": "a person wrote it",
    "system-answer": "sent by a system, with an answer in it",
    "acknowledgement": "automatic acknowledgement",
    "out-of-office": "automatic out-of-office reply",
    "challenge": "automatic: asks to write elsewhere",
    "bounce": "delivery failure",
    "delay": "delivery delayed",
    "receipt": "receipt",
    "bulk": "newsletter or list mail",
    "calendar": "calendar invitation",
    "own-reminder": "a reminder of this program",
    "unsure": "not sure what it is",
}
_LISTED = (
    (
        Status.OVERDUE,
        "No reply found, and the day for it is past",
        "No reply by a person was found in the mailbox by the day stated.",
    ),
    (Status.WAITING, "No reply found yet, still in time", ""),
    (
        Status.UNDELIVERED,
        "Not delivered",
        "These emails did not arrive. No reply could be given to them.",
    ),
    (Status.ANSWERED, "Answered", ""),
    (Status.CLOSED, "Closed by the person who wrote", "Closed by their own word, as noted."),
)
_LONGEST = 400  # signs of a subject; the rest is in the original
_HEADING = 160  # of the same in a heading
ALL_LISTED = frozenset(status for status, _, _ in _LISTED)


def chronology(
    picture: Picture,
    figures: Statistics,
    *,
    statuses: Collection[Status] = ALL_LISTED,
    about: Iterable[str] = (),
) -> dict[str, Any]:
    """Return everything that the chronology says, as JSON values. Texts are single lines.

    Args:
        picture: of one person, with threads of every status.
        figures: of the same picture.
        statuses: which threads are listed. Those in review always stand apart.
        about: more lines on how the list was made.
    """
    numbers = thread_numbers(picture, statuses)
    sections = [
        {"title": title, "hint": hint, "threads": [_thread(v, numbers) for v in chosen]}
        for title, hint, chosen in _sections(picture, statuses)
    ]
    review = picture.with_status(Status.REVIEW)
    return {
        "title": "Emails to public bodies and the replies found",
        "as_of": f"As found in this mailbox up to {moment_words(picture.as_of)}.",
        "whose": _whose(picture),
        "part": "",
        "headline": headline(figures.whole),
        "summary": _summary(picture, figures),
        "table": [[one_line(g.name), *_cells(g.figures)] for g in figures.council_mailboxes],
        "timelines": timelines(picture, numbers),
        "sections": [s for s in sections if s["threads"]],
        "review": [_thread(v, numbers) for v in review],
        "unplaced": [
            {
                "at": moment_words(u.entry.at),
                "from": _people((u.entry.message.sender,)),
                "subject": one_line(u.entry.message.subject, _LONGEST) or "(no subject)",
                "why": one_line(u.reason, 300),
            }
            for u in sorted(picture.unplaced, key=lambda u: (u.entry.at, u.entry.message_id))
        ],
        "unread": [
            *(one_line(str(each), 300) for each in picture.scanned.not_scanned),
            *(
                one_line(f"{u.location.folder}, message {u.location.uid}: {u.reason}", 300)
                for u in picture.unreadable
            ),
        ],
        "notices": [one_line(notice) for notice in picture.notices],
        "method": [*_method(picture), *about],
        "disclaimer": DISCLAIMER,
    }


def _whose(picture: Picture) -> str:
    """Say from whom the listed emails came and to which bodies they went."""
    threads = [verdict.thread for verdict in picture.verdicts]
    sent = (p.entry for t in threads for p in t.placed if p.entry.direction is Direction.SENT)
    writers = Counter(entry.message.sender for entry in sent)
    if not writers:
        return ""
    bodies = ", ".join(sorted({one_line(thread.council_mailbox.body) for thread in threads}))
    names: dict[str, Any] = {}
    for writer, _ in sorted(writers.items(), key=lambda pair: (-pair[1], str(pair[0]))):
        if writer is not None:
            names.setdefault(writer.address, writer)
    return f"Written by {_people(names.values())} to {bodies}."


def headline(found: Figures) -> str:
    """Say the whole in one sentence: emails, how many without a human reply, the longest wait."""
    text = f"{plural(found.sent, 'email')}, {found.no_reply} without a human reply"
    if found.longest_days is None:
        return text
    return f"{text}, longest wait {plural(found.longest_days, 'working day')}"


def is_late(verdict: Verdict) -> bool:
    """Tell whether an answer came after the due day."""
    answered = verdict.wait.answered_at if verdict.wait else None
    on = local_day(answered)
    return on is not None and verdict.due_on is not None and on > verdict.due_on


def _sections(
    picture: Picture, statuses: Collection[Status]
) -> list[tuple[str, str, list[Verdict]]]:
    sections = []
    for status, title, hint in _LISTED:
        found = list(picture.with_status(status)) if status in statuses else []
        if status is Status.ANSWERED:
            late = [v for v in found if is_late(v)]
            sections.append(
                ("Answered late", "A reply came, after the day for it. Each says how late.", late)
            )
            found = [v for v in found if not is_late(v)]
            title = "Answered in time, or no reply was owed"
        sections.append((title, hint, found))
    return sections


def thread_numbers(picture: Picture, statuses: Collection[Status] = ALL_LISTED) -> dict[str, int]:
    """Return the number that each listed thread has in the chronology, by its id."""
    listed = [v for _, _, found in _sections(picture, statuses) for v in found]
    every = [*listed, *picture.with_status(Status.REVIEW)]
    return {verdict.thread.id: number for number, verdict in enumerate(every, start=1)}


def _summary(picture: Picture, figures: Statistics) -> list[str]:
    whole = figures.whole
    late = sum(is_late(v) for v in picture.with_status(Status.ANSWERED))
    in_time = len(picture.with_status(Status.WAITING))
    review = len(picture.with_status(Status.REVIEW))
    closed = max(whole.unsettled - review, 0)
    lines = [
        f"Of the {whole.no_reply} without a human reply, {in_time} may still have one in time."
        if in_time
        else "",
        f"{plural(whole.answered, 'email')} had a reply by a person"
        + (f", {late} of them late." if late else "."),
        f"{plural(whole.acknowledged, 'email')} had an automatic acknowledgement, which is not"
        " counted as a reply.",
    ]
    if whole.chasers:
        lines.append(
            f"{plural(whole.chasers, 'further email')} asked again; asking again is not counted as"
            " another email and never restarts the wait."
        )
    if whole.median_days is not None:
        lines.append(
            f"Half of the emails had a reply within {plural(whole.median_days, 'working day')}"
            " (emails still waiting are counted in)."
        )
    elif whole.sent:
        lines.append("Fewer than half of the emails are known to have had a reply.")
    apart = [
        words
        for count, words in (
            (whole.undelivered, f"{plural(whole.undelivered, 'email')} not delivered"),
            (review, f"{plural(review, 'thread')} that may have a reply"),
            (closed, f"{plural(closed, 'email')} closed by the person who wrote"),
            (
                len(picture.unplaced),
                f"{plural(len(picture.unplaced), 'message')} from a body that could not be placed",
            ),
            (
                len(picture.unreadable) + len(picture.scanned.not_scanned),
                "mail that could not be read",
            ),
        )
        if count
    ]
    if apart:
        lines.append(f"Listed apart, and not counted as without a reply: {'; '.join(apart)}.")
    return [line for line in lines if line]


def _cells(found: Figures) -> list[str]:
    return [
        str(found.sent),
        str(found.acknowledged),
        str(found.answered),
        str(found.no_reply),
        _median(found),
        "" if found.longest_days is None else str(found.longest_days),
    ]


def _median(found: Figures) -> str:
    if found.median_days is not None:
        return str(found.median_days)
    return "not reached" if found.sent else ""


def _method(picture: Picture) -> list[str]:
    return [
        f"Known up to {moment_words(picture.as_of)}: the mail found by then, nothing after it.",
        f"Unless a thread says otherwise, a reply counts as due after {picture.threshold}, on the"
        f" calendar {picture.calendar} ({calendar_words(picture.calendar)}).",
        f"{plural(picture.scanned.messages, 'message')} looked at, in:"
        f" {', '.join(one_line(f) for f in picture.scanned.folders) or 'no folder'}.",
        "Automatic acknowledgements, out-of-office replies, receipts and newsletters are shown and"
        " never counted as a reply by a person. Where it was doubtful, the thread stands apart"
        " until a person has looked.",
        "Times are local to London.",
        f"Made by inboxwatch {__version__}.",
    ]


def _thread(verdict: Verdict, numbers: dict[str, int]) -> dict[str, Any]:
    told = explain(verdict, due=verdict.due)
    return {
        "number": numbers[verdict.thread.id],
        "id": verdict.thread.id,
        "status": STATUS_WORDS[verdict.status],
        "subject": one_line(told.subject, _HEADING),
        "reason": one_line(told.headline, 400),
        "facts": [
            [f"{name[:1].upper()}{name[1:]}", one_line(words, 400)] for name, words in told.facts
        ],
        "count": [one_line(line, 600) for line in told.count],
        "notes": [one_line(note, 400) for note in told.notes],
        "messages": [
            _message(placed, message_line(placed), number)
            for number, placed in enumerate(verdict.thread.placed, start=1)
        ],
    }


def _message(placed: Placed, line: MessageLine, number: int) -> dict[str, Any]:
    message = placed.entry.message
    ours = placed.entry.direction is Direction.SENT
    return {
        "number": number,
        "ours": ours,
        "from": one_line(line.who, 200),
        "to": _people(message.to) + (f"; cc {_people(message.cc)}" if message.cc else ""),
        "at": moment_words(placed.at),
        "subject": one_line(line.subject, _LONGEST) or "(no subject)",
        "kind": "sent" if ours else KIND_WORDS[placed.entry.classification.kind.value],
        "why": "; ".join(why for why in line.why if why != OBVIOUS),
        "folder": one_line(line.folder, 120),
        "id": one_line(line.message_id, 200),
    }


def _people(addresses: Iterable[Any]) -> str:
    known = [one_line(str(address), 120) for address in addresses if address is not None]
    shown = ", ".join(known[:6])
    return f"{shown} and {len(known) - 6} more" if len(known) > 6 else shown or "(nobody named)"
