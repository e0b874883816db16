"""List threads: what needs you first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from inboxwatch.application.explain import short_day
from inboxwatch.application.listing import local_day, picture_json
from inboxwatch.application.picture import UNANSWERED, Picture, chosen
from inboxwatch.application.records import NotScanned
from inboxwatch.application.wording import moment_words, plural
from inboxwatch.domain.doubts import doubtful_answer
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.threads import Entry, Unplaced
from inboxwatch.domain.verdict import Status, Verdict
from inboxwatch.entrypoints.cli.opening import opened, person_option
from inboxwatch.entrypoints.cli.output import note, print_json, say, say_wrapped
from inboxwatch.entrypoints.cli.tables import print_table

OVERDUE_EXIT_CODE = 10
_NAMED = 5  # of what stands below the table
_WORDS = 60  # characters of a subject there


@click.command(name="list")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice([s.value for s in Status]),
    help="Only these; may repeat. Default: everything unanswered.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Answered and closed threads too.")
@click.option("--body", default=None, help="Only one body.")
@click.option("--case", "case_name", default=None, help="Only one case.")
@click.option("--json", "as_json", is_flag=True, help="For scripts: threads of every status.")
@click.option("--exit-code", is_flag=True, help="Exit with 10 when a thread is overdue.")
@person_option
@click.pass_context
def list_(
    ctx: click.Context,
    statuses: tuple[str, ...],
    everything: bool,
    body: str | None,
    case_name: str | None,
    as_json: bool,
    exit_code: bool,
    person: str | None,
) -> int:
    """List the threads that wait for a reply, what needs you first."""
    overdue = False
    with opened(ctx) as app:
        pictures = [(name, app.picture(name)) for name in app.people(person)]
    note_unknown([picture for _, picture in pictures], body=body, case=case_name)
    wanted = frozenset(Status(s) for s in statuses)
    shown = []
    for name, whole in pictures:
        picture = chosen(whole, statuses=wanted, body=body, case=case_name)
        overdue = overdue or bool(picture.with_status(Status.OVERDUE))
        shown.append((name, picture))
    if as_json:
        values = [{"person": name, **picture_json(picture)} for name, picture in shown]
        print_json(values[0] if len(values) == 1 else values)
    else:
        for name, picture in shown:
            if len(shown) > 1:
                say(f"== {name}")
            print_picture(picture, everything=everything or bool(wanted))
    return OVERDUE_EXIT_CODE if exit_code and overdue else 0


def note_unknown(pictures: Iterable[Picture], *, body: str | None, case: str | None) -> None:
    """Say when there is nothing of a body or a case at all: the name may be mistyped."""
    every = [verdict for picture in pictures for verdict in picture.verdicts]
    bodies = {verdict.thread.council_mailbox.body for verdict in every}
    cases = {verdict.case for verdict in every if verdict.case is not None}
    if body is not None and body not in bodies:
        note(f"no thread is with body '{body}'; there are: {', '.join(sorted(bodies)) or 'none'}")
    if case is not None and case not in cases:
        note(f"no thread is in case '{case}'; there are: {', '.join(sorted(cases)) or 'none'}")


def print_picture(picture: Picture, *, everything: bool) -> None:
    """Print the table of threads, and below it what must be known about it."""
    rows = [v for v in picture.verdicts if everything or v.status in UNANSWERED]
    if rows:
        print_threads(rows)
    else:
        say("No thread is waiting for a reply." if not everything else "There are no such threads.")
    say()
    say_wrapped(summary(picture))
    for line in foot_notes(picture, naming=True):
        note(line)


def _named(unplaced: Sequence[Unplaced]) -> list[str]:
    """Name council mail without a thread, the newest first, with the ids that `link` takes."""
    return _newest([(item.entry, f"<{item.entry.message_id}>") for item in unplaced])


def _newest(found: list[tuple[Entry, str]]) -> list[str]:
    """Name messages, the newest first, each with an id for a command; of many the first."""
    newest = sorted(found, key=lambda pair: (pair[0].at, pair[0].message_id), reverse=True)
    lines = [_line(entry, id) for entry, id in newest[:_NAMED]]
    if len(newest) > _NAMED:
        lines.append(f"  and {len(newest) - _NAMED} older ones, with --json")
    return lines


def _line(entry: Entry, id: str) -> str:
    message, day = entry.message, local_day(entry.at)
    who = message.sender.address if message.sender else "nobody"
    words = one_line(message.subject, _WORDS) or "(no subject)"
    return f"  {short_day(day) if day else ''}  {who}: {words}  {id}"


def _promised(picture: Picture, *, naming: bool) -> list[str]:
    """Say which answers may only promise one, the newest first, with their threads."""
    found = [
        (one.entry, verdict.thread.id)
        for verdict in picture.verdicts
        if (one := doubtful_answer(verdict)) is not None
    ]
    if not found:
        return []
    count = plural(len(found), "answer")
    named = _newest(found) if naming else []
    return [f"{count} may only say that somebody will see to it; have a look", *named]


def print_threads(rows: list[Verdict]) -> None:
    """Print one line a thread."""
    print_table(
        ("id", "status", "council mailbox", "subject", "sent", "due", "waited", "chased", "acked"),
        [_row(v) for v in rows],
        right=("waited", "chased"),
        flexible=("council mailbox", "subject"),
        optional=("acked", "chased", "sent", "waited"),
    )


def _row(verdict: Verdict) -> tuple[str, ...]:
    wait = verdict.wait
    sent = local_day(wait.unanswered.at) if wait else None
    acknowledged = local_day(wait.acknowledged_at) if wait else None
    waited = verdict.waiting_working_days
    return (
        verdict.thread.id,
        verdict.status.value,
        verdict.thread.council_mailbox.address,
        verdict.thread.subject or "(no subject)",
        short_day(sent) if sent else "",
        short_day(verdict.due_on) if verdict.due_on else "",
        f"{waited} wd" if waited is not None else "",
        str(len(wait.chasers)) if wait and wait.chasers else "",
        short_day(acknowledged) if acknowledged else "",
    )


def summary(picture: Picture) -> str:
    """Say in one sentence how things stand."""
    parts = []
    for status, words in (
        (Status.OVERDUE, "past the day a reply was due"),
        (Status.UNDELIVERED, "not delivered"),
        (Status.REVIEW, "for you to look at"),
        (Status.WAITING, "waiting in time"),
        (Status.ANSWERED, "answered"),
        (Status.CLOSED, "closed"),
    ):
        count = len(picture.with_status(status))
        if count:
            parts.append(f"{count} {words}")
    counts = ", ".join(parts) or "no threads"
    return f"As of {moment_words(picture.as_of)}, {picture.threshold}: {counts}."


def foot_notes(picture: Picture, *, naming: bool = False) -> list[str]:
    """Say what the table does not show: nothing is dropped silently.

    Args:
        naming: what is to be looked at is named, not only counted.
    """
    lines = [*picture.notices, *_promised(picture, naming=naming)]
    if picture.unplaced:
        lines.append(
            f"{plural(len(picture.unplaced), 'council message')} could not be placed in a thread;"
            " look whether an answer is among them"
        )
        if naming:
            lines += _named(picture.unplaced)
    if picture.unreadable:
        lines.append(f"{plural(len(picture.unreadable), 'message')} could not be read")
        lines += [
            f"  {u.location.folder} #{u.location.uid}: {u.reason}"
            for u in picture.unreadable[:_NAMED]
        ]
        if len(picture.unreadable) > _NAMED:
            lines.append(f"  and {len(picture.unreadable) - _NAMED} more, with --json")
    return lines + _left_out(picture.scanned.not_scanned)


def _left_out(not_scanned: Sequence[NotScanned]) -> list[str]:
    """Name what was not scanned; of many with one reason, such as a folder's files, the first."""
    places: dict[str, list[str]] = {}
    for each in not_scanned:
        places.setdefault(each.reason, []).append(each.place)
    lines = []
    for why, alike in places.items():
        if len(alike) > _NAMED:
            alike = [f"{alike[0]} and {len(alike) - 1} more, named with --json"]
        lines += [f"not scanned: {NotScanned(place=place, reason=why)}" for place in alike]
    return lines
