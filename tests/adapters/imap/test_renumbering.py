"""Folders numbered anew, taken away, or read for another watch list: nothing lost or doubled."""

from dataclasses import replace

from inboxwatch.domain.bodies import Watch
from tests.adapters.imap.conftest import Home, id_of
from tests.builders import KENT, ME, MEDWAY, MEDWAY_COUNCIL


def test_another_uidvalidity_scans_anew_and_doubles_nothing(home: Home) -> None:
    home.server.create_folder(home.user, "School")
    home.put("kept", folder="School")
    home.shelf.poll(home.source())
    first = home.shelf.states["School"].uidvalidity
    with home.server.login(home.user) as client:
        client.delete_folder("School")
    home.server.create_folder(home.user, "School")
    home.put("friend", folder="School", sender="friend@example.net")
    home.put("kept", folder="School")

    batches = home.shelf.poll(home.source())

    assert home.shelf.states["School"].uidvalidity != first
    assert any(batch.reset for batch in batches)
    assert {(p.folder, p.uid) for p in home.shelf.places} == {("School", 2)}
    assert home.shelf.ids == {id_of("kept")}


def test_a_rewound_uidnext_scans_anew(home: Home) -> None:
    home.put("m0")
    home.put("m1")
    home.shelf.poll(home.source())
    state = home.shelf.states["INBOX"]
    home.shelf.states["INBOX"] = replace(state, uidnext=900)

    batches = home.shelf.poll(home.source())

    assert [batch.reset for batch in batches if batch.state.folder == "INBOX"] == [True, False]
    assert home.shelf.states["INBOX"].uidnext == 3
    assert len(home.shelf.places) == 2


def test_a_wider_watch_list_finds_older_mail_and_fetches_nothing_twice(home: Home) -> None:
    home.shelf.watch = Watch(bodies=(KENT,), own_addresses=frozenset({ME}))
    home.put("kent")
    home.put("medway", sender=MEDWAY)
    home.shelf.poll(home.source())
    assert home.shelf.ids == {id_of("kent")}

    home.shelf.watch = Watch(bodies=(KENT, MEDWAY_COUNCIL), own_addresses=frozenset({ME}))
    home.shelf.digest = "second"
    batches = home.shelf.poll(home.source())

    assert home.shelf.arrived == [id_of("kent"), id_of("medway")]
    assert not any(batch.reset for batch in batches)
    assert home.shelf.states["INBOX"].watch_digest == "second"


def test_a_folder_that_goes_away_is_believed_at_the_second_poll(home: Home) -> None:
    home.server.create_folder(home.user, "School")
    home.put("kept", folder="School")
    home.shelf.poll(home.source())
    with home.server.login(home.user) as client:
        client.delete_folder("School")

    home.shelf.poll(home.source())
    assert home.shelf.folders_of(id_of("kept")) == {"School"}

    home.shelf.poll(home.source())
    assert home.shelf.folders_of(id_of("kept")) == set()
    assert home.shelf.problems() == {}
    assert home.shelf.states["School"].uidvalidity == 0
