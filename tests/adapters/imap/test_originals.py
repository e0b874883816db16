"""Whole messages, and folders that cannot be read for a while."""

from dataclasses import replace

from inboxwatch.adapters.imap import Limits
from tests.adapters.imap.conftest import Home, a_mail, id_of
from tests.adapters.imap.shelf import all_complete


def test_a_folder_that_cannot_be_opened_does_not_hold_up_the_others(home: Home) -> None:
    home.server.create_folder(home.user, "Archive")
    home.put("reply")
    home.put("old", folder="Archive")
    directory = next(home.server.home(home.user).rglob(".Archive"))
    directory.chmod(0)
    batches = home.shelf.poll(home.source())
    directory.chmod(0o700)

    assert home.shelf.ids == {id_of("reply")}
    assert list(home.shelf.problems()) == ["Archive"]
    assert home.shelf.states["Archive"].failing_since is not None
    assert not all_complete(batches)

    assert all_complete(home.shelf.poll(home.source()))
    assert home.shelf.ids == {id_of("reply"), id_of("old")}
    assert home.shelf.problems() == {}
    assert home.shelf.states["Archive"].failing_since is None


def test_originals_are_whole_and_bounded(home: Home) -> None:
    home.put("small")
    home.put("large", body="x" * 5_000)
    source = home.source(limits=Limits(original_bytes=3_000))
    home.shelf.poll(source)
    places = dict(home.shelf.places)
    gone = replace(next(iter(places)), uid=99)
    elsewhere = replace(gone, folder="No such folder")
    renumbered = replace(next(iter(places)), uidvalidity=7)

    found = dict(source.originals((*places, gone, elsewhere, renumbered)))

    by_name = {places.get(place, "none"): raw for place, raw in found.items()}
    assert by_name[id_of("small")] == a_mail("small")
    assert by_name[id_of("large")] is None
    assert found[gone] is None
    assert found[elsewhere] is None
    assert found[renumbered] is None
