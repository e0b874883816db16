"""Every fault of a library below becomes a StoreError: which, what, remedy, no secret, no row."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import exc

from inboxwatch.adapters.store.faults import explain, told
from inboxwatch.domain.errors import ConfigError, StoreError

CANARY = "canary-of-a-mail"


def descendants(base: type[BaseException]) -> Iterator[type[BaseException]]:
    for below in base.__subclasses__():
        yield below
        yield from descendants(below)


SQLALCHEMY = sorted(
    {c for c in descendants(exc.SQLAlchemyError) if c.__module__ == "sqlalchemy.exc"},
    key=lambda c: c.__name__,
)


def made(kind: type[BaseException], cause: BaseException) -> BaseException:
    """An exception of SQLAlchemy's, whatever its constructor asks for."""
    if issubclass(kind, exc.DBAPIError):
        return kind("INSERT", {"message": CANARY}, cause)
    if issubclass(kind, exc.StatementError):
        return kind(CANARY, "INSERT", {"message": CANARY}, cause)
    error = kind.__new__(kind)
    Exception.__init__(error, CANARY)
    return error


def test_the_list_of_exceptions_is_whole() -> None:
    assert len(SQLALCHEMY) > 25
    assert {exc.OperationalError, exc.IntegrityError, exc.TimeoutError} < set(SQLALCHEMY)


@pytest.mark.parametrize("kind", [exc.SQLAlchemyError, *SQLALCHEMY], ids=lambda c: c.__name__)
@pytest.mark.parametrize(
    "cause",
    [sqlite3.OperationalError(CANARY), psycopg.OperationalError(CANARY), ValueError(CANARY)],
)
def test_every_exception_of_sqlalchemy_is_mapped(
    kind: type[BaseException], cause: BaseException
) -> None:
    with pytest.raises(StoreError) as caught, told("store of anna"):
        raise made(kind, cause)
    assert caught.value.problem.startswith("store of anna: ")
    assert caught.value.remedy
    assert CANARY not in caught.value.problem + caught.value.remedy


@pytest.mark.parametrize(
    "kind", [sqlite3.Error, *descendants(sqlite3.Error), psycopg.Error, *descendants(psycopg.Error)]
)
def test_every_exception_of_the_drivers_is_mapped(kind: type[BaseException]) -> None:
    found = explain(made_bare(kind), "store of anna")
    assert found is not None
    assert CANARY not in found.problem + found.remedy


def made_bare(kind: type[BaseException]) -> BaseException:
    error = kind.__new__(kind)
    Exception.__init__(error, CANARY)
    return error


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "may not be opened"),
        (errno.ENOENT, "does not exist"),
        (errno.EHOSTDOWN, "cannot be used"),
    ],
)
def test_a_fault_of_the_disk_says_what_it_is(number: int, what: str) -> None:
    with pytest.raises(StoreError, match=what), told("store of anna"):
        raise OSError(number, CANARY)


@pytest.mark.parametrize(
    ("state", "what"),
    [
        ("53100", "disk of the server is full"),
        ("53200", "out of resources"),
        ("53300", "too many connections"),
        ("55P03", "is locked"),
        ("40P01", "at the same time"),
        ("25006", "may not be written"),
        ("28P01", "refused the user"),
        ("3D000", "no such database"),
        ("42501", "may not do that"),
        ("42P01", "a table is missing"),
        ("57P01", "stopping"),
        ("XX001", "damaged"),
        ("99999", "unexpectedly"),
    ],
)
def test_a_fault_of_postgresql_says_what_it_is(state: str, what: str) -> None:
    class Fault(psycopg.Error):
        """A fault of one state."""

        sqlstate = state

    Fault.__module__ = "psycopg.errors"
    with pytest.raises(StoreError, match=what), told("store of anna"):
        raise exc.DBAPIError("INSERT", {}, Fault(CANARY))


def test_other_exceptions_pass_as_they_are() -> None:
    with pytest.raises(ZeroDivisionError), told("store of anna"):
        _ = 1 / 0
    with pytest.raises(ConfigError), told("store of anna"):
        raise ConfigError("a mistake", remedy="correct it")
