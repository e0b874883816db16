"""What is asked of a server: reading alone, and nothing of mail that is not ours to read."""

from collections.abc import Iterator

import pytest

from inboxwatch.adapters.imap import ImapSource, Limits
from tests.adapters.imap.conftest import a_mail, a_source, id_of, plainly
from tests.adapters.imap.shelf import Shelf
from tests.builders import COUNCIL, ME, WATCH
from tests.fakes_imap import FakeImap, running


@pytest.fixture
def server() -> Iterator[FakeImap]:
    with running(FakeImap()) as fake:
        yield fake


def _source(server: FakeImap, *, keep_open: bool = False) -> ImapSource:
    limits = Limits(calibration=20, batch=10, window=30, read_seconds=5)
    return a_source(plainly(server.port, "x"), limits=limits, keep_open=keep_open)


def test_nothing_but_reading_is_ever_asked(server: FakeImap) -> None:
    server.folder("Sent", "\\sent").put(a_mail("asked", sender=ME, to=COUNCIL))
    inbox, shelf = server.folder("INBOX"), Shelf(WATCH)
    for n in range(120):
        inbox.put(a_mail(f"m{n}", sender=COUNCIL if n % 12 == 0 else f"f{n}@example.net"))
    source = _source(server)
    shelf.poll(source)
    list(source.originals(tuple(shelf.places)))

    verbs = {c.removeprefix("UID ").split(" ")[0] for c in server.commands}
    assert verbs <= {"LOGIN", "LIST", "STATUS", "EXAMINE", "SEARCH", "FETCH", "UNSELECT", "LOGOUT"}
    assert not any("BODY[" in command for command in server.commands)
    assert max(map(len, server.commands)) < 8_192


def test_of_new_mail_that_is_not_ours_nothing_but_the_header_is_looked_at(
    server: FakeImap,
) -> None:
    """A structure that cannot be read costs a further question only where the message is ours."""
    inbox, shelf = server.folder("INBOX"), Shelf(WATCH)
    inbox.put(a_mail("first"))
    source = _source(server, keep_open=True)
    shelf.poll(source)
    theirs = inbox.put(a_mail("other", sender="f@example.net"), structure='("text')
    ours = inbox.put(a_mail("news"), structure='("text')
    server.commands.clear()

    shelf.poll(source)
    source.close()

    alone = [c for c in server.commands if c.startswith(f"UID FETCH {theirs.uid} ")]
    assert alone == []
    assert [c for c in server.commands if c.startswith(f"UID FETCH {ours.uid} ")]
    assert shelf.ids == {id_of("first"), id_of("news")}
