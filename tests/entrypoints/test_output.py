"""Tables a person can read, however narrow the terminal."""

from inboxwatch.entrypoints.cli.tables import columns_that_fit, room_needed

COLUMNS = ("id", "status", "council mailbox", "subject", "sent", "due")
ROW = ("lmngxfv6x4", "overdue", "send@kent.gov.uk", "When is the review?" * 4, "16 Oct 2026", "30")


def fits(width: int) -> list[str]:
    needs = room_needed(COLUMNS, [ROW], flexible=("council mailbox", "subject"))
    return columns_that_fit(needs, width, optional=("sent", "due"))


def test_a_wide_terminal_has_every_column() -> None:
    assert fits(120) == list(COLUMNS)


def test_a_narrow_one_goes_without_what_matters_least_and_keeps_the_subject() -> None:
    assert fits(70) == ["id", "status", "council mailbox", "subject", "due"]


def test_one_too_narrow_for_what_is_needed_gets_no_table() -> None:
    assert fits(40) == []


def test_signs_of_two_columns_count_as_two() -> None:
    assert room_needed(("what",), [("山田太郎",)], ()) == {"what": 8}
