"""What only looks never waits for what writes."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from inboxwatch.bootstrap.known import Known
from tests.entrypoints.web.demo_site import known_of

SOON = 5.0  # seconds; whoever waits for a lock waits for thirty


def test_a_listing_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    before = known_of(tmp_path)
    seen = before.picture("me")  # the first run notes when it was

    with closing(sqlite3.connect(tmp_path / "inboxwatch.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        later = Known(settings=before.settings, config=None, store=before.store)
        assert later.picture("me").verdicts == seen.verdicts
        assert time.monotonic() - started < SOON
    before.store.close()
