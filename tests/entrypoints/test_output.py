"""Tables a person can read, however narrow the terminal."""

from inboxwatch.entrypoints.cli.output import columns_that_fit

COLUMNS = ("id", "status", "council mailbox", "subject", "sent", "due")
ROW = ("lmngxfv6x4", "overdue", "send@kent.gov.uk", "When is the review?" * 4, "16 Oct 2026", "30")


def fits(width: int) -> list[str]:
    return columns_that_fit(
        COLUMNS, [ROW], width, flexible=("council mailbox", "subject"), optional=("sent", "due")
    )


def test_a_wide_terminal_has_every_column() -> None:
    assert fits(120) == list(COLUMNS)


def test_a_narrow_one_goes_without_what_matters_least_and_keeps_the_subject() -> None:
    assert fits(80) == ["id", "status", "council mailbox", "subject", "due"]


def test_what_is_needed_stays_in_the_narrowest() -> None:
    assert fits(20) == ["id", "status", "council mailbox", "subject"]
