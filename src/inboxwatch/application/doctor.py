"""Is everything set up right? Findings in plain words, each with its remedy. Looks, never mends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from inboxwatch.application.picture import Picture
from inboxwatch.application.records import FolderState
from inboxwatch.application.wording import mail_of, moment_words, plural
from inboxwatch.domain.errors import InboxwatchError
from inboxwatch.domain.kinds import Kind


class Level(Enum):
    """How much a finding matters."""

    GOOD = "ok"
    HINT = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at: what, how it is, and what to do."""

    about: str
    level: Level
    text: str
    remedy: str = ""


def good(about: str, text: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(about=about, level=Level.GOOD, text=text)


def hint(about: str, text: str, remedy: str = "") -> Finding:
    """Return a finding worth knowing."""
    return Finding(about=about, level=Level.HINT, text=text, remedy=remedy)


def problem(about: str, error: InboxwatchError, *, known: str = "") -> Finding:
    """Return a finding that needs the user.

    Args:
        known: how the error begins with what `about` says already.
    """
    text = error.problem.removeprefix(known).lstrip(": ") if known else error.problem
    return Finding(about=about, level=Level.PROBLEM, text=text, remedy=error.remedy)


def about_folders(account: str, states: Iterable[FolderState]) -> tuple[Finding, ...]:
    """Say where a server does not show or find all that it holds."""
    findings = []
    for state in states:
        if state.search_lied_at is not None:
            findings.append(
                hint(
                    f"account {account}",
                    f"on {moment_words(state.search_lied_at)} the server's search was found to miss"
                    f" mail in folder '{state.folder}'; every message of it was read anew, and what"
                    " had been missed is known now",
                )
            )
        if state.view_limited:
            findings.append(
                hint(
                    f"account {account}",
                    f"the server shows only the newest {state.messages:,} messages of folder"
                    f" '{state.folder}'; older mail cannot be read here",
                    "Gmail: lift the folder size limit in its settings for IMAP. Elsewhere: move"
                    " older mail of councils into a folder of its own, or read an export with:"
                    " inboxwatch audit",
                )
            )
    return tuple(findings)


def about_mail(person: str, picture: Picture) -> tuple[Finding, ...]:
    """Say what was seen of a person's mail, so that a wrong setting shows."""
    findings = [
        good(
            mail_of(person),
            f"known up to {moment_words(picture.as_of)}:"
            f" {plural(len(picture.verdicts), 'thread')} with councils",
        )
    ]
    boxes = Counter(v.thread.council_mailbox.address for v in picture.verdicts)
    if boxes:
        seen = ", ".join(f"{address} ({count})" for address, count in boxes.most_common(8))
        findings.append(good(mail_of(person), f"you wrote to {seen}"))
    else:
        findings.append(
            hint(
                mail_of(person),
                "no mail of yours to a watched council was found",
                "Check `watch`, and that the Sent folder is read (above).",
            )
        )
    unsure = sum(
        1
        for v in picture.verdicts
        for placed in v.thread.placed
        if placed.entry.classification.kind is Kind.UNSURE
    )
    if unsure:
        findings.append(
            hint(
                mail_of(person),
                f"{plural(unsure, 'message')} could be a person's or a machine's",
                "See them with: inboxwatch list --status review",
            )
        )
    if picture.unplaced:
        findings.append(
            hint(
                mail_of(person),
                f"{plural(len(picture.unplaced), 'council message')} could not be placed in a"
                " thread",
                "See below the table of: inboxwatch list",
            )
        )
    if picture.unreadable:
        findings.append(
            hint(
                mail_of(person),
                f"{plural(len(picture.unreadable), 'message')} could not be read",
                "See below the table of: inboxwatch list",
            )
        )
    return tuple(findings)
