"""Is the watcher itself well? Facts about polls and the outbox, in plain words. Never mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inboxwatch.application.listing import iso
from inboxwatch.application.records import FolderState
from inboxwatch.application.standing import Standing
from inboxwatch.application.wording import moment_words

FOLDER_FAILS_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHealth:
    """How one account does. `stalled_since` is set when no poll was complete for too long.

    `changes_at` is the moment from which on time alone makes it another; None when it never does.
    """

    account: str
    person: str
    last_complete_at: datetime | None
    last_poll_at: datetime | None
    problem: str
    stalled_since: datetime | None
    failing_folders: tuple[FolderState, ...] = ()
    searched_in_vain: tuple[str, ...] = ()  # folders whose SEARCH was found to miss mail
    shown_in_part: tuple[str, ...] = ()  # folders whose older mail the server hides
    changes_at: datetime | None = None

    @property
    def is_well(self) -> bool:
        """Whether nothing needs the user."""
        return self.stalled_since is None and not self.failing_folders


def account_health(
    standing: Standing,
    account: str,
    person: str,
    *,
    now: datetime,
    stalled_after: timedelta,
    started_at: datetime | None = None,
) -> AccountHealth:
    """Tell how an account does by how far its polls have come.

    Args:
        started_at: when the watch began; an account never polled counts from then.
    """
    last, complete, states = standing.last, standing.complete, standing.folders
    since = complete.ended_at if complete else (last.ended_at if last else started_at)
    stalled = since if since is not None and now - since > stalled_after else None
    ill = [(s.failing_since, s) for s in states if s.failing_since and not s.excluded]
    failing = tuple(state for failing_since, state in ill if now - failing_since > FOLDER_FAILS_FOR)
    changes = [since + FOLDER_FAILS_FOR for since, state in ill if state not in failing]
    if since is not None and stalled is None:
        changes.append(since + stalled_after)
    return AccountHealth(
        account=account,
        person=person,
        last_complete_at=complete.ended_at if complete else None,
        last_poll_at=last.ended_at if last else None,
        problem=last.problem if last else "",
        stalled_since=stalled,
        failing_folders=failing,
        searched_in_vain=tuple(s.folder for s in states if s.search_lied_at is not None),
        shown_in_part=tuple(s.folder for s in states if s.view_limited),
        changes_at=min(changes, default=None),
    )


def notices(accounts: tuple[AccountHealth, ...]) -> tuple[str, ...]:
    """Say what a digest and an export must name."""
    lines = []
    for health in accounts:
        if health.stalled_since is not None:
            why = f": {health.problem}" if health.problem else ""
            lines.append(
                f"Account '{health.account}' has not been read completely since"
                f" {moment_words(health.stalled_since)}{why}. Later mail is not known."
            )
        lines += [
            f"Folder '{state.folder}' of account '{health.account}' could not be read since"
            f" {moment_words(state.failing_since)}: {state.problem}. To go on without it, add it"
            " to exclude_folders."
            for state in health.failing_folders
            if state.failing_since is not None
        ]
    return tuple(lines)


def health_json(
    accounts: tuple[AccountHealth, ...], *, now: datetime, version: str, pending: int
) -> dict[str, Any]:
    """Return what the health file and `/health` say; no address, subject or secret."""
    well = all(health.is_well for health in accounts)
    return {
        "status": "ok" if well else "degraded",
        "at": iso(now),
        "version": version,
        "pending_deliveries": pending,
        "accounts": [
            {
                "account": health.account,
                "last_complete_poll_at": iso(health.last_complete_at),
                "last_poll_at": iso(health.last_poll_at),
                "stalled_since": iso(health.stalled_since),
                "problem": health.problem,
                "failing_folders": [state.folder for state in health.failing_folders],
                "folders_searched_in_vain": list(health.searched_in_vain),
                "folders_shown_in_part": list(health.shown_in_part),
            }
            for health in accounts
        ],
    }
