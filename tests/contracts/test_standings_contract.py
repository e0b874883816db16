"""How accounts stand is what the store holds, whatever was written, noted or set back meanwhile."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from inboxwatch.application.ports import Store
from inboxwatch.application.recording import Recorder
from inboxwatch.application.records import FolderState
from inboxwatch.application.standing import Standings, standing_of
from inboxwatch.domain.message import FolderRole
from tests.builders_store import a_poll

ACCOUNTS = ("home", "work", "never polled")


@pytest.mark.parametrize("seed", range(4))
def test_standings_are_as_read_anew_after_whatever_happened(store: Store, seed: int) -> None:
    dice = Random(seed)
    record = Recorder(store, notes_may_wait=True)
    kept = Standings(store, record)
    clock = a_poll(0).ended_at
    folder = FolderState(account="home", folder="INBOX", role=FolderRole.INBOX)
    for step in range(80):
        set_back = timedelta(days=dice.choice((0, 0, 0, 0, 1, 40)))
        clock += timedelta(minutes=dice.randrange(1, 600)) - set_back
        one = replace(
            a_poll(0), account=dice.choice(ACCOUNTS[:2]), started_at=clock, ended_at=clock
        )
        match dice.randrange(6):
            case 0:
                record(replace(one, complete=False, problem="refused"))
            case 1:
                with store.transaction() as tx:
                    tx.save_folder_state(replace(folder, account=one.account, uidnext=step + 2))
                    record.save_in(tx, one)
            case 2:
                with store.transaction() as tx:  # by another program
                    tx.save_poll(one)
            case _:
                record.note(one)
                if dice.random() < 0.7:
                    record.flush()
        with store.transaction(read_only=True) as tx:
            anew = {account: standing_of(tx, account) for account in ACCOUNTS}
        assert kept.of(ACCOUNTS) == anew, step
