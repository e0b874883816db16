"""What is promised on every server: one suite, real ones and those that act as providers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from inboxwatch.adapters.imap import ImapSource
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.message import FolderRole
from tests.adapters.imap.conftest import a_mail, a_source, id_of
from tests.adapters.imap.everywhere import (
    ACTING,
    REAL,
    SMALL,
    a_life,
    account_at,
    nth,
    real_servers,
)
from tests.adapters.imap.hosted import AtGmail, Hosted
from tests.adapters.imap.proxy import proxied
from tests.adapters.imap.shelf import Shelf, all_complete
from tests.builders import COUNCIL, KENT, ME, MEDWAY, MEDWAY_COUNCIL, WATCH

ROLES = {
    "sent": FolderRole.SENT, "inbox": FolderRole.INBOX, "junk": FolderRole.JUNK,
    "trash": FolderRole.TRASH, "archive": FolderRole.ARCHIVE, "school": FolderRole.USER,
}  # fmt: skip
HOSTILE = (
    "Ysgol ŵyr & co", "&", "a&-b", "Plain~name", "(brackets) {3}", "100% *stars*", "日本語 mail",
    'said "so"', "back\\slash", "{12}", "[x] NIL", "emoji 📮",
)  # fmt: skip


@pytest.fixture(scope="module")
def started() -> Iterator[Callable[[str], Any]]:
    """Starts each real server once."""
    with real_servers() as starting:
        yield starting


@pytest.fixture(params=[*REAL, *ACTING])
def hosted(request: pytest.FixtureRequest, started: Callable[[str], Any]) -> Iterator[Hosted]:
    """An account with empty folders."""
    with account_at(request.param, started) as account:
        yield account


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(WATCH)


def _source(hosted: Hosted, *, port: int | None = None, **changes: Any) -> ImapSource:
    endpoint = replace(hosted.endpoint, port=port or hosted.endpoint.port)
    return a_source(endpoint, **{"limits": SMALL, **changes})


def test_a_first_scan_misses_nothing_and_takes_no_decoy(hosted: Hosted, shelf: Shelf) -> None:
    expected = a_life(hosted)

    batches = shelf.poll(_source(hosted))

    assert shelf.ids == expected
    assert all_complete(batches)
    assert sorted(shelf.arrived) == sorted(expected)
    assert shelf.unreadable == []
    assert shelf.problems() == {}


def test_a_poll_without_news_opens_no_folder(hosted: Hosted, shelf: Shelf) -> None:
    a_life(hosted)
    with proxied(hosted.endpoint.port) as proxy:
        source = _source(hosted, port=proxy.port, keep_open=True)
        shelf.poll(source)
        shelf.poll(source)  # it leaves the last folder of the first poll
        before = dict(shelf.states)
        proxy.reset()

        batches = shelf.poll(source)

        source.close()
        verbs = {line.split(b" ")[1] for line in bytes(proxy.commands).splitlines()}
    assert verbs <= {b"STATUS", b"LIST", b"LOGOUT"}
    assert proxy.turns <= 2
    assert shelf.states == before
    assert sum(batch.scanned for batch in batches) == 0
    assert all_complete(batches)


def test_new_mail_is_found_once(hosted: Hosted, shelf: Shelf) -> None:
    expected = a_life(hosted)
    shelf.poll(_source(hosted))
    about = f"In-Reply-To: <{id_of('asked')}>"
    hosted.put("inbox", [a_mail("f", sender="f@example.net"), a_mail("news"), a_mail("more")])
    hosted.put("school", [a_mail("answer", sender="desk@casework.example", headers=about)])
    before = len(shelf.arrived)

    assert all_complete(shelf.poll(_source(hosted)))
    assert all_complete(shelf.poll(_source(hosted)))

    news = {id_of(name) for name in ("news", "more", "answer")}
    assert shelf.ids == expected | news
    assert sorted(shelf.arrived[before:]) == sorted(news)


def test_much_new_mail_is_read_to_the_last(hosted: Hosted, shelf: Shelf) -> None:
    hosted.put("sent", [a_mail("asked", sender=ME, to=COUNCIL)])
    shelf.poll(_source(hosted))
    hosted.put("inbox", list(map(nth, range(84))))

    assert all_complete(shelf.poll(_source(hosted)))

    ours = {id_of(f"m{n}") for n in range(84) if n % 12 == 0 or n in (17, 65)}
    assert shelf.ids == ours | {id_of("asked")}


@pytest.mark.parametrize("target", ["archive", "junk", "trash", "school"])
def test_a_moved_message_is_seen_where_it_went(hosted: Hosted, shelf: Shelf, target: str) -> None:
    expected = a_life(hosted)
    shelf.poll(_source(hosted))

    hosted.move(id_of("m24"), "inbox", target)
    assert all_complete(shelf.poll(_source(hosted)))

    assert shelf.folders_of(id_of("m24")) == {hosted.seen_in(target)}
    assert shelf.ids == expected
    assert shelf.problems() == {}


def test_a_deleted_message_stays_as_evidence(hosted: Hosted, shelf: Shelf) -> None:
    expected = a_life(hosted)
    shelf.poll(_source(hosted))
    hosted.delete(id_of("m24"), "inbox")
    hosted.put("inbox", [a_mail("news")])

    assert all_complete(shelf.poll(_source(hosted)))

    assert shelf.ids == expected | {id_of("news")}
    assert shelf.folders_of(id_of("m24")) == set()
    assert all(shelf.folders_of(kept) for kept in shelf.ids - {id_of("m24")})


def test_a_folder_numbered_anew_loses_and_doubles_nothing(hosted: Hosted, shelf: Shelf) -> None:
    expected = a_life(hosted)
    shelf.poll(_source(hosted))
    place = next(p for p, found in shelf.places.items() if found == id_of("school"))

    hosted.renumber("school")
    batches = [*shelf.poll(_source(hosted)), *shelf.poll(_source(hosted))]

    assert any(batch.reset for batch in batches)
    assert shelf.ids == expected
    assert place not in shelf.places
    assert len(shelf.places) == len(expected)
    assert all_complete(batches)


def test_a_uidnext_that_fell_back_is_read_anew(hosted: Hosted, shelf: Shelf) -> None:
    expected = a_life(hosted)
    shelf.poll(_source(hosted))
    name = hosted.seen_in("inbox")
    shelf.states[name] = replace(shelf.states[name], uidnext=5_000)

    batches = shelf.poll(_source(hosted))

    assert next(b.reset for b in batches if b.state.folder == name)
    assert shelf.ids == expected
    assert shelf.states[name].uidnext < 5_000
    assert len(shelf.places) == len(expected)


def test_a_first_scan_goes_on_where_it_was_cut_short(hosted: Hosted, shelf: Shelf) -> None:
    expected = a_life(hosted)
    polls = 0
    while True:
        source = _source(hosted)
        batches = shelf.poll(source, batches=2)
        source.close()
        polls += 1
        assert polls < 40
        if len(batches) < 2 or not any(b.arrivals or b.scanned for b in batches):
            break
    assert all_complete(shelf.poll(_source(hosted)))

    assert polls > 2
    assert shelf.ids == expected
    assert len(shelf.arrived) < len(expected) + 20  # little is read twice


def test_a_wider_watch_list_finds_older_mail(hosted: Hosted, shelf: Shelf) -> None:
    expected = a_life(hosted)
    hosted.put("inbox", [a_mail("medway", sender=MEDWAY)])
    hosted.put("inbox", [a_mail(f"later{n}", sender="f@example.net") for n in range(30)])
    shelf.watch = Watch(bodies=(KENT,), own_addresses=frozenset({ME}))
    shelf.poll(_source(hosted))
    assert shelf.ids == expected

    shelf.watch = Watch(bodies=(KENT, MEDWAY_COUNCIL), own_addresses=frozenset({ME}))
    shelf.digest = "second"
    batches = shelf.poll(_source(hosted))

    assert shelf.ids == expected | {id_of("medway")}
    assert sorted(shelf.arrived) == sorted(shelf.ids)  # nothing twice
    assert not any(batch.reset for batch in batches)
    assert all_complete(shelf.poll(_source(hosted)))


def test_folders_are_known_for_what_they_are(hosted: Hosted) -> None:
    found = dict(_source(hosted).folders())

    assert hosted.name("drafts") not in found
    if isinstance(hosted, AtGmail):
        assert found == {
            hosted.gmail.named("All Mail"): FolderRole.ALL,
            hosted.name("junk"): FolderRole.JUNK,
            hosted.name("trash"): FolderRole.TRASH,
        }
        return
    assert {folder: found[hosted.seen_in(folder)] for folder in ROLES} == ROLES


def test_folders_of_any_name_are_read(hosted: Hosted, shelf: Shelf) -> None:
    if isinstance(hosted, AtGmail):  # there a folder is a label of what lies in All Mail
        hosted.put("Ysgol ŵyr & co", [a_mail("labelled")])
        shelf.poll(_source(hosted))
        assert shelf.ids == {id_of("labelled")}
        return
    prefix = "INBOX." if hosted.name("sent").startswith("INBOX.") else ""
    made = [f"{prefix}{name}" for name in HOSTILE if hosted.create(f"{prefix}{name}")]
    assert len(made) >= 4
    for number, name in enumerate(made):
        hosted.put(name, [a_mail(f"in{number}")])

    for _ in range(2):
        assert all_complete(shelf.poll(_source(hosted)))

    folders = {shelf.messages[id_of(f"in{n}")].locations[0].folder for n in range(len(made))}
    assert folders == set(made)
    assert sorted(shelf.arrived) == sorted(id_of(f"in{n}") for n in range(len(made)))


def test_originals_come_whole(hosted: Hosted, shelf: Shelf) -> None:
    large = a_mail("large", body="A line of words.\r\n" * 9_000)
    a_life(hosted)
    hosted.put("inbox", [large])
    shelf.poll(_source(hosted))

    found = {
        shelf.places[place]: raw
        for place, raw in _source(hosted).originals(tuple(shelf.places))
        if raw is not None
    }

    assert found.keys() == shelf.ids
    assert found[id_of("large")] == large
    assert found[id_of("m24")] == nth(24)


def test_nothing_is_changed_at_the_server(hosted: Hosted, shelf: Shelf) -> None:
    a_life(hosted)
    before = hosted.everything()
    assert before

    shelf.poll(_source(hosted))
    hosted.put("inbox", [a_mail("news")])
    late = hosted.everything()
    source = _source(hosted)
    shelf.poll(source)
    list(source.originals(tuple(shelf.places)))
    shelf.poll(source)

    assert hosted.everything() == late
    assert {place: held for place, held in late.items() if place in before} == before


def test_only_reading_commands_are_sent(hosted: Hosted, shelf: Shelf) -> None:
    a_life(hosted)
    with proxied(hosted.endpoint.port) as proxy:
        source = _source(hosted, port=proxy.port)
        shelf.poll(source)
        list(source.originals(tuple(shelf.places)))
        lines = bytes(proxy.commands).splitlines()

    verbs = {line.upper().removeprefix(b"UID ") for line in map(_command, lines)}
    verbs = {verb.split(b" ")[0] for verb in verbs}
    allowed = (
        b"LOGIN AUTHENTICATE CAPABILITY LIST STATUS EXAMINE SEARCH FETCH UNSELECT CLOSE LOGOUT"
    )
    assert verbs <= {*allowed.split(), b"ID", b"ENABLE"}
    assert not any(re.search(rb"BODY\[", line) for line in lines)
    assert max(map(len, lines)) < 8_192


def _command(line: bytes) -> bytes:
    tag, _, command = line.partition(b" ")
    return command if tag.isalnum() and len(tag) < 9 else b"AUTHENTICATE"  # a token's own line
