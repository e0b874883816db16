"""What went wrong with the store, in words: which, what, the remedy. Never a secret or a row."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from inboxwatch.domain.errors import InboxwatchError, StoreError

_FREE_SPACE = "Free some space on that disk; nothing that was committed is lost."
_RESTORE = "Restore a copy with `inboxwatch restore`; `inboxwatch backup` makes them."
_WAIT = "Another program is using it. Wait for it to end, or stop it, and try again."
_PERMISSION = "Check who owns the file and its folder, and who may write there."
_CONNECTION = "Check that PostgreSQL runs and that the `url` of the store in the settings is right."

# The beginning of SQLite's result code names, longest first where one begins another.
_SQLITE = (
    ("SQLITE_FULL", "the disk is full", _FREE_SPACE),
    ("SQLITE_BUSY", "is locked", _WAIT),
    ("SQLITE_LOCKED", "is locked", _WAIT),
    ("SQLITE_READONLY", "may not be written", _PERMISSION),
    ("SQLITE_PERM", "may not be opened", _PERMISSION),
    ("SQLITE_AUTH", "may not be opened", _PERMISSION),
    ("SQLITE_CANTOPEN", "cannot be opened", _PERMISSION),
    (
        "SQLITE_NOTADB",
        "is not an inboxwatch store",
        "Check its path. If it was one, restore a copy with `inboxwatch restore`.",
    ),
    ("SQLITE_CORRUPT", "is damaged", _RESTORE),
    ("SQLITE_IOERR", "the disk failed or is full", _FREE_SPACE),
    ("SQLITE_TOOBIG", "a message is too large for it", "Lower the size limit of messages."),
    ("SQLITE_NOMEM", "there is not enough memory", "Give the program more memory."),
)

_DAMAGED = frozenset({"SQLITE_NOTADB", "SQLITE_CORRUPT"})

# The beginning of PostgreSQL's SQLSTATE (PostgreSQL manual, appendix A), longest first.
_POSTGRES = (
    ("53100", "the disk of the server is full", _FREE_SPACE),
    ("53300", "the server has too many connections", _WAIT),
    ("53", "the server is out of resources", _WAIT),
    ("55P03", "is locked", _WAIT),
    ("40", "was changed by another program at the same time", _WAIT),
    ("25006", "may not be written", "Give the user of the `url` the right to write."),
    ("28", "the server refused the user or the password", _CONNECTION),
    ("3D", "there is no such database", "Create the database, or correct the `url`."),
    ("42501", "the user may not do that", "Give the user of the `url` rights on the tables."),
    ("42P01", "a table is missing", "Run `inboxwatch migrate`."),
    ("57", "the server is stopping or stopped", _CONNECTION),
    ("58", "the server's disk failed", _RESTORE),
    ("08", "the connection broke", _CONNECTION),
    ("XX", "is damaged", _RESTORE),
)

_POSTGRES_WORDS = (
    ('role "', "28"),
    ("authentication failed", "28"),
    ("no password supplied", "28"),
    ('database "', "3D"),
    ("too many clients", "53300"),
    ("starting up", "57"),
    ("shutting down", "57"),
)

_FILES = {
    errno.ENOSPC: ("the disk is full", _FREE_SPACE),
    errno.EDQUOT: ("the disk quota is used up", _FREE_SPACE),
    errno.EFBIG: ("the file may not grow any more", _FREE_SPACE),
    errno.EROFS: ("the disk is read-only", _PERMISSION),
    errno.EACCES: ("may not be opened", _PERMISSION),
    errno.EPERM: ("may not be opened", _PERMISSION),
    errno.ENOENT: ("the file or its folder does not exist", "Check the path."),
    errno.ENOTDIR: ("a part of its path is not a folder", "Check the path."),
    errno.EISDIR: ("is a folder, not a file", "Name a file in it."),
    errno.EEXIST: ("exists already", "Choose another name, or move it away."),
}


class StoreDamaged(StoreError):
    """A SQLite file is damaged, or none."""


@contextmanager
def told(place: str) -> Iterator[None]:
    """Turn what SQLAlchemy, SQLite, psycopg and the disk raise into `StoreError`.

    Only a fault of the disk is chained: what a database says may hold a row, and with it
    somebody's mail.

    Args:
        place: which store, without a password.
    """
    try:
        yield
    except InboxwatchError:
        raise
    except Exception as error:
        told = explain(error, place)
        if told is None:
            raise
        raise told from (error if isinstance(error, OSError) else None)


def explain(error: BaseException, place: str) -> StoreError | None:
    """Return the error to raise for one of the libraries below, None for anything else."""
    cause: BaseException = error
    if isinstance(error, exc.DBAPIError) and error.orig is not None:
        cause = error.orig
    if isinstance(cause, exc.SQLAlchemyError):
        return _of_sqlalchemy(cause, place)
    if type(cause).__module__.startswith("psycopg"):
        return _of_postgres(cause, place)
    if type(cause).__module__ == "sqlite3" or cause is not error:
        return _of_sqlite(cause, place)
    if isinstance(cause, OSError):
        return _of_file(cause, place)
    return None


def _of_sqlite(error: BaseException, place: str) -> StoreError:
    code = getattr(error, "sqlite_errorname", "")
    for beginning, what, remedy in _SQLITE:
        if code.startswith(beginning):
            if beginning in _DAMAGED:
                return StoreDamaged(f"{place}: {what}", remedy=remedy)
            return _error(place, what, remedy)
    return _unexpected(error, place, code)


def _of_postgres(error: BaseException, place: str) -> StoreError:
    state = getattr(error, "sqlstate", None) or ""
    if not state and type(error).__name__ in {"OperationalError", "ConnectionTimeout"}:
        # A refused connection has no state, only the server's words.
        for word, beginning in _POSTGRES_WORDS:
            if word in str(error):
                state = beginning
        if not state:
            return _error(place, "cannot be reached", _CONNECTION)
    for beginning, what, remedy in _POSTGRES:
        if state.startswith(beginning):
            return _error(place, what, remedy)
    return _unexpected(error, place, state)


def _of_file(error: OSError, place: str) -> StoreError:
    what, remedy = _FILES.get(
        error.errno or 0, ("cannot be used", "Check the path and who may write there.")
    )
    return _error(place, what, remedy)


def _of_sqlalchemy(error: exc.SQLAlchemyError, place: str) -> StoreError:
    if isinstance(error, exc.TimeoutError):
        return _error(place, "every connection is in use", _WAIT)
    return _unexpected(error, place, "")


def _unexpected(error: BaseException, place: str, code: str) -> StoreError:
    name = f"{type(error).__name__} {code}".strip()
    return _error(
        place,
        f"failed unexpectedly ({name})",
        "Run `inboxwatch doctor`; if it finds nothing, report this with the name in brackets.",
    )


def _error(place: str, what: str, remedy: str) -> StoreError:
    return StoreError(f"{place}: {what}", remedy=remedy)
