"""Folder states, polls and the quarantine, inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from inboxwatch.adapters.store import rows
from inboxwatch.adapters.store.columns import digest
from inboxwatch.adapters.store.part import Part
from inboxwatch.adapters.store.prepared import Prepared, Row
from inboxwatch.adapters.store.rows import FOLDER_STATE, UNREADABLE, folder_key, place_key
from inboxwatch.adapters.store.tables import folders, polls, unreadables
from inboxwatch.application.records import SET_BACK, FolderState, PollRecord
from inboxwatch.domain.message import Unreadable

POLLS_KEPT = timedelta(days=7)  # a thousand accounts leave 96,000 records a day


def _newest(*conditions: ColumnElement[bool]) -> Select[Any]:
    query = select(polls).where(polls.c.account_key == bindparam("whose"), *conditions)
    return query.order_by(polls.c.ended_at.desc(), polls.c.number.desc()).limit(1)


# Made once: a poll without news is mostly these, and building them costs more than running them.
_STATES = Prepared(select(folders.c.state).where(folders.c.account == bindparam("whose")))
_NEWEST = Prepared(_newest())
_NEWEST_COMPLETE = Prepared(_newest(polls.c.complete))
_INSERT = Prepared(polls.insert())
_KEPT = _newest(polls.c.complete).with_only_columns(polls.c.number).scalar_subquery()
_FORGET = Prepared(
    polls.delete().where(
        and_(
            polls.c.account_key == bindparam("whose"),
            or_(
                and_(
                    polls.c.ended_at < bindparam("before"),
                    polls.c.number != func.coalesce(_KEPT, 0),
                ),
                polls.c.ended_at > bindparam("ahead"),
            ),
        )
    )
)

_UNREADABLES = Prepared(
    select(unreadables)
    .where(unreadables.c.person == bindparam("whose"))
    .order_by(unreadables.c.number)
)


_state_of = lru_cache(maxsize=4096)(FOLDER_STATE.load)  # few of them change from poll to poll


class Folders(Part):
    """How far reading has come."""

    def folder_states(self, account: str) -> dict[str, FolderState]:
        """Return the remembered folders of an account by name."""
        found = self._sql.rows(_STATES, {"whose": account})
        states = self._read(found, lambda row: _state_of(row.state), "folders")
        return {state.folder: state for state in sorted(states, key=lambda state: state.folder)}

    def save_folder_state(self, state: FolderState) -> None:
        """Remember a folder."""
        key = folder_key(state.account, state.folder)
        text = FOLDER_STATE.dump(state)
        row = {"folder_key": key, "account": state.account, "state": text}
        self._sql.put(folders, [row])

    def save_poll(self, record: PollRecord) -> None:
        """Record a poll; forget those of long ago but for the last complete one, and `SET_BACK`."""
        self.save_polls((record,))

    def save_polls(self, records: Sequence[PollRecord]) -> None:
        """Record polls of several accounts, each as `save_poll` does, in two statements."""
        self._sql.run(_INSERT, [rows.poll_columns(record) for record in records])
        self._sql.run(
            _FORGET,
            [
                {
                    "whose": digest(record.account),
                    "before": record.ended_at - POLLS_KEPT,
                    "ahead": record.ended_at + SET_BACK,
                }
                for record in records
            ],
        )

    def last_complete_poll(self, account: str) -> PollRecord | None:
        """Return the newest complete poll of an account."""
        row = self._one(_NEWEST_COMPLETE, account)
        return None if row is None else rows.poll_of(row)

    def last_poll(self, account: str) -> PollRecord | None:
        """Return the newest poll of an account, complete or not."""
        row = self._one(_NEWEST, account)
        return None if row is None else rows.poll_of(row)

    def save_unreadable(self, person: str, unreadable: Unreadable) -> None:
        """Quarantine a message; the same place counts once, with its last reason."""
        place = place_key(person, unreadable.location)
        text = UNREADABLE.dump(unreadable)
        table = unreadables
        if self._sql.run(table.update().where(table.c.place == place).values(unreadable=text)):
            return
        key = folder_key(unreadable.location.account, unreadable.location.folder)
        row = {"place": place, "folder_key": key, "person": person, "unreadable": text}
        self._sql.run(table.insert().values(**row))

    def unreadables(self, person: str) -> tuple[Unreadable, ...]:
        """Return the quarantine of a person, oldest first."""
        found = self._sql.rows(_UNREADABLES, {"whose": person})
        return self._read(found, lambda row: UNREADABLE.load(row.unreadable), "unreadables")

    def _one(self, query: Prepared, account: str) -> Row | None:
        found = self._sql.rows(query, {"whose": digest(account)})
        return found[0] if found else None
