"""Errors a user can act on. Each says which thing, what happened and the remedy, never a secret."""

from __future__ import annotations


class InboxwatchError(Exception):
    """The base of every expected failure.

    Args:
        problem: which thing, and what is wrong with it, in one sentence.
        remedy: what the user can do about it.
    """

    exit_code = 1

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return self.problem


class ConfigError(InboxwatchError):
    """The configuration or a command's arguments are wrong; lists every fault at once."""

    exit_code = 2

    def __init__(self, problem: str, *, remedy: str, faults: tuple[str, ...] = ()) -> None:
        super().__init__(problem, remedy=remedy)
        self.faults = faults


class MailSourceError(InboxwatchError):
    """Mail could not be read. `transient`: worth trying again later.

    `retry_after_seconds` is the server's own wish, where it stated one.
    """

    exit_code = 3

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        transient: bool,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(problem, remedy=remedy)
        self.transient = transient
        self.retry_after_seconds = retry_after_seconds


class StoreError(InboxwatchError):
    """The store could not be read or written."""

    exit_code = 4


class SchemaOutOfDate(StoreError):
    """The store's tables are older or newer than this program."""


class NotifierError(InboxwatchError):
    """A reminder could not be delivered. `permanent`: trying again will not help.

    `may_have_arrived`: the other side may have taken it before the fault. `disables_target`: the
    fault is the target's, not this delivery's, so that nothing more is sent there for now.
    """

    exit_code = 5

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        permanent: bool,
        retry_after_seconds: float | None = None,
        may_have_arrived: bool = False,
        disables_target: bool = False,
    ) -> None:
        super().__init__(problem, remedy=remedy)
        self.permanent = permanent
        self.retry_after_seconds = retry_after_seconds
        self.may_have_arrived = may_have_arrived
        self.disables_target = disables_target


class EvidenceMismatch(InboxwatchError):
    """An evidence bundle does not match its manifest."""

    exit_code = 6


class DoctorFoundProblems(InboxwatchError):
    """`doctor` found something that needs the user."""

    exit_code = 7
