"""First scans: SEARCH believed and disbelieved, cut short and gone on with."""

import re
from collections.abc import Iterable

import pytest

from inboxwatch.adapters.imap import Limits
from tests.adapters.imap.conftest import Home, a_mail, id_of
from tests.adapters.imap.proxy import proxied
from tests.adapters.imap.shelf import all_complete
from tests.builders import COUNCIL, ME

SMALL = Limits(calibration=20, batch=10, window=50, first_search=15, search=40)
_SEARCHED = re.compile(rb"^\* (?:E?SEARCH)[^\r\n]*", re.MULTILINE)


def a_year(home: Home) -> set[str]:
    """200 messages: every tenth the council's, decoys between them, two answers from elsewhere."""
    home.put_sent("asked")
    home.put_all(_mails())
    return {
        id_of("asked"),
        id_of("m55"),
        id_of("m155"),
        *(id_of(f"m{n}") for n in range(0, 200, 10)),
    }


def _mails() -> Iterable[bytes]:
    for n in range(200):
        if n % 10 == 0:
            yield a_mail(f"m{n}")
        elif n % 10 == 3:
            yield a_mail(f"m{n}", sender=f"x{n}@notkent.gov.uk")
        elif n % 100 == 55:
            about = f"References: <older@mail.example.org> <{id_of('asked')}>"
            yield a_mail(f"m{n}", sender="desk@casework.example", headers=about)
        else:
            yield a_mail(f"m{n}", sender=f"friend{n % 7}@example.net")


def test_search_finds_all_that_is_ours_and_no_decoy(home: Home) -> None:
    expected = a_year(home)

    batches = home.shelf.poll(home.source(limits=SMALL))

    assert home.shelf.ids == expected
    assert home.shelf.states["INBOX"].search_trusted is True
    assert all_complete(batches)
    assert len(home.shelf.arrived) == len(expected)


def test_what_search_finds_and_is_not_ours_is_looked_at_once(home: Home) -> None:
    expected = a_year(home)
    with proxied(home.server.port) as proxy:
        home.shelf.poll(home.source(port=proxy.port, limits=SMALL))
        said = bytes(proxy.commands)

    assert home.shelf.ids == expected
    decoys = b",".join(b"%d" % (n + 1) for n in range(3, 200, 10))
    assert not re.search(rb"UID FETCH %s \(UID BODY" % decoys, said)


def test_what_names_a_message_that_the_same_scan_found_later_is_looked_at_again(home: Home) -> None:
    """A copy of ours lies in INBOX alone, below what answers it; ids of its kind are known."""
    home.put_sent("asked")
    home.put("mine", sender=ME, to=COUNCIL)
    home.put_all(_mails())
    about = f"References: <{id_of('mine')}>"
    home.put("answer", sender="desk@casework.example", headers=about)

    home.shelf.poll(home.source(limits=SMALL))

    assert id_of("answer") in home.shelf.ids


@pytest.mark.parametrize(
    "lie",
    [b"* SEARCH", b"* OK never mind", b"* SEARCH 1 2 3", b"* ESEARCH (TAG x) UID COUNT 20"],
)
def test_a_search_that_lies_is_found_out_and_misses_nothing(home: Home, lie: bytes) -> None:
    expected = a_year(home)
    with proxied(home.server.port) as proxy:
        proxy.rewrite = lambda said: _SEARCHED.sub(lie, said)
        source = home.source(port=proxy.port, limits=SMALL)

        batches = home.shelf.poll(source)

    assert home.shelf.ids == expected
    assert home.shelf.states["INBOX"].search_trusted is False
    assert all_complete(batches)


def test_a_search_that_lies_is_found_out_though_no_sample_is_ours(home: Home) -> None:
    home.put_all([a_mail("old")])
    home.put_all(a_mail(f"f{n}", sender="friend@example.net") for n in range(300))
    with proxied(home.server.port) as proxy:
        proxy.rewrite = lambda said: _SEARCHED.sub(b"* SEARCH", said)
        # The sample is the newest of all: blocks of older ones need a larger folder.
        source = home.source(port=proxy.port, limits=Limits(calibration=20, window=100))

        home.shelf.poll(source)

    assert home.shelf.ids == {id_of("old")}


def test_a_refused_search_is_done_without(home: Home) -> None:
    expected = a_year(home)
    with proxied(home.server.port) as proxy:
        # Only what comes from the server is changed: the tagged end of each search.
        proxy.rewrite = lambda said: re.sub(
            rb"^(w\d+) OK Search[^\r\n]*", rb"\1 NO Server error", said, flags=re.MULTILINE
        )
        home.shelf.poll(home.source(port=proxy.port, limits=SMALL))

    assert home.shelf.ids == expected


@pytest.mark.parametrize("trusted", [True, False])
def test_a_scan_killed_between_batches_goes_on_and_loses_nothing(
    home: Home, *, trusted: bool
) -> None:
    expected = a_year(home)
    with proxied(home.server.port) as proxy:
        if not trusted:
            proxy.rewrite = lambda said: _SEARCHED.sub(b"* SEARCH", said)
        polls = 0
        while True:
            source = home.source(port=proxy.port, limits=SMALL)
            batches = home.shelf.poll(source, batches=2)
            polls += 1
            source.close()
            if len(batches) < 2 or all(not b.arrivals for b in batches):
                break
            assert polls < 40

    assert home.shelf.ids == expected
    assert polls > 2
    assert home.shelf.states["INBOX"].scan_cursor is None
    assert len(home.shelf.arrived) < len(expected) + 15  # little is read twice


def test_mail_that_comes_during_a_scan_is_found_by_the_next_poll(home: Home) -> None:
    expected = a_year(home)
    source = home.source(limits=SMALL)
    home.shelf.poll(source, batches=2)
    home.put("late")

    home.shelf.poll(home.source(limits=SMALL))
    home.shelf.poll(home.source(limits=SMALL))

    assert home.shelf.ids == expected | {id_of("late")}


def test_progress_tells_the_folder_and_how_far(home: Home) -> None:
    a_year(home)
    told: list[tuple[str, int, int | None]] = []

    source = home.source(limits=SMALL)
    for _ in source.poll({}, home.shelf.wanted(), progress=lambda *said: told.append(said)):
        pass

    assert [what for what, _, _ in told] == ["INBOX"] * len(told)
    assert told[-1][1] == told[-1][2]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_a_large_attachment_is_not_downloaded(home: Home) -> None:
    megabyte = ("A" * 76 + "\r\n") * 13_444
    home.put(
        "large",
        headers="Content-Type: multipart/mixed; boundary=b",
        body="--b\r\nContent-Type: text/plain\r\n\r\nPlease see the report.\r\n"
        "--b\r\nContent-Type: application/pdf; name=report.pdf\r\n"
        "Content-Disposition: attachment; filename=report.pdf\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n" + megabyte * 60 + "--b--",
    )
    with proxied(home.server.port) as proxy:
        home.shelf.poll(home.source(port=proxy.port))
        assert proxy.bytes_down < 20_000

    message = home.shelf.messages[id_of("large")]
    assert message.own_text == "Please see the report."
    assert [(a.name, a.content_type) for a in message.attachments] == [
        ("report.pdf", "application/pdf")
    ]
    assert message.size > 60_000_000
    assert ME in {to.address for to in message.to}
    assert message.sender is not None
    assert message.sender.address == COUNCIL


def test_nothing_in_the_account_is_changed(home: Home) -> None:
    a_year(home)
    before = _everything(home)

    source = home.source(limits=SMALL)
    home.shelf.poll(source)
    home.put("late")
    late = _everything(home)
    home.shelf.poll(source)
    for _location, raw in source.originals(tuple(home.shelf.places)):
        assert raw

    assert _everything(home) == late
    assert {name: content for name, content in late.items() if name in before} == before


def _everything(home: Home) -> dict[str, bytes]:
    """Every message file with its name: in a Maildir the name holds the flags."""
    root = home.server.home(home.user)
    return {
        # Dovecot moves a new file to cur when a folder is first listed, and that sets no flag.
        str(path.relative_to(root)).replace("/new/", "/cur/").removesuffix(":2,"): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.parent.name in ("cur", "new")
    }
