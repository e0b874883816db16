"""Names in a message: what is written with a capital wherever it stands."""

import pytest

from inboxwatch.domain.naming import names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Alfie's report", {"alfie"}),
        ("Annual Review for Zoë Barlow", {"zoë", "barlow"}),
        ("Request for a taxi. The request was sent for Kim", {"kim"}),
        ("EHCP AND TRANSPORT FOR SAM", set()),
        ("Mud in the yard, no mud in the hall", set()),
        ("Jo, Al and Di", set()),
        ("", set()),
    ],
)
def test_a_name_has_a_capital_wherever_it_stands(text: str, names: set[str]) -> None:
    assert names_in(text) == names


def test_names_can_be_asked_for_in_one_part() -> None:
    assert names_in("Report for Kim\nKim saw Miss Rowe", among="Report for Kim") == {"kim"}
