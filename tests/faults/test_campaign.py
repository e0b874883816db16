"""A sample of the fault campaign: whatever breaks, the store ends as if nothing had.

The whole of it: `make campaign`.
"""

from pathlib import Path

import pytest

from tests.faults.campaign import ACCOUNTS, aimed_at

SEED = 20261125
COUNT = 15  # for each account


@pytest.mark.parametrize("account", ACCOUNTS)
def test_no_fault_loses_doubles_or_changes_anything(account: str, tmp_path: Path) -> None:
    with aimed_at(account, tmp_path) as target:
        outcomes = [target.run(case) for case in target.cases(COUNT, SEED)]

    assert [f"{o.case}: {wrong}" for o in outcomes for wrong in o.wrong] == []
    struck = sum(outcome.struck > 0 for outcome in outcomes)
    assert struck > COUNT * 0.8  # else nothing was tried
