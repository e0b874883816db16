"""How the JSON of a delivery is written for who receives it."""

import json
from dataclasses import replace

from inboxwatch.application.digest import Digest
from inboxwatch.application.listing import iso
from inboxwatch.application.payload import write_digest, write_event, write_health
from tests.builders_reminders import AS_OF, SITUATION, a_reminder


def test_the_times_of_our_own_clock_are_written_to_the_second_as_list_writes_them() -> None:
    moment = AS_OF.replace(microsecond=123_456)
    situation = replace(SITUATION, as_of=moment)
    written = (
        write_digest(Digest(person="me", reminders=(), situation=situation), id="d", at=moment),
        write_event(a_reminder(), person="me", as_of=moment, at=moment),
        write_health((), id="h", person="me", as_of=moment, at=moment),
    )

    for payload in map(json.loads, written):
        assert payload["timestamp"] == payload["data"]["as_of"] == iso(moment)
        assert "." not in payload["timestamp"]
