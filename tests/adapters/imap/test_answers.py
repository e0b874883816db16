"""Reading what servers answer, well formed and not."""

import imaplib
import io
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.imap import answers
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.structure import parts_of, sections
from inboxwatch.adapters.imap.tokens import Garbled, Response, Value, read
from inboxwatch.adapters.imap.uidset import chunks, compress, expand, split
from inboxwatch.adapters.imap.wire import CommandRefused, ServerSaidBye, Wire


class Said(imaplib.IMAP4):
    """A connection on which a server has already said everything."""

    def __init__(self, said: bytes) -> None:
        self._said = io.BytesIO(said)
        self.sent = b""

    def send(self, data: object) -> None:
        self.sent += bytes(data)  # type: ignore[call-overload]

    def readline(self) -> bytes:
        return self._said.readline()

    def read(self, size: int) -> bytes:
        return self._said.read(size)


def _replies(said: bytes, *commands: bytes) -> list[list[Response]]:
    return [reply.untagged for reply in Wire(Said(said)).run(commands)]


def test_literals_stand_at_any_place() -> None:
    said = b"* 1 FETCH (BODY[1] {3}\r\na)\r X-GM-LABELS ({4}\r\nMe\r\n b) UID 7)\r\nw1 OK done\r\n"
    ((response,),) = _replies(said, b"UID FETCH 7 (BODY.PEEK[1])")
    assert answers.fetched(response) == {
        b"1": b"a)\r",
        b"X-GM-LABELS": [b"Me\r\n", b"b"],
        b"UID": b"7",
    }


def test_an_empty_line_after_a_literal_is_passed_over() -> None:
    said = b"* 1 FETCH (UID 7 BODY[1] {1}\r\na\r\n)\r\n\r\nw1 OK done\r\n"
    ((response,),) = _replies(said, b"FETCH 1 (BODY[1])")
    assert answers.fetched(response)[b"1"] == b"a"


def test_replies_find_their_commands_out_of_order() -> None:
    said = (
        b'* ESEARCH (TAG "w2") UID ALL 5\r\n* 9 FETCH (UID 9)\r\n* 4 EXISTS\r\n'
        b"w3 OK fetched\r\nw1 OK opened\r\n* 8 FETCH (UID 8)\r\n* SEARCH 1\r\nw4 OK\r\nw2 OK\r\n"
        b"w5 NO nothing\r\n"
    )
    wire = Wire(Said(said))
    replies = wire.run([b"EXAMINE x", b"UID SEARCH a", b"FETCH 9 x", b"UID FETCH 8 x", b"SEARCH b"])

    assert [reply.status for reply in replies] == ["OK", "OK", "OK", "OK", "NO"]
    assert answers.examined(replies[0].untagged).messages == 4
    assert answers.found(replies[1].untagged) == {5}
    assert answers.fetched_all(replies[2].untagged)[0].keys() == {8, 9}
    assert answers.found(replies[4].untagged) == {1}
    with pytest.raises(CommandRefused):
        replies[4].check()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"* 1 FETCH (UID 7 BODY[1] {9}\r\nabc",
        b"* 1 FET",
        b"* 1 FETCH (BODY[] {999999999999}\r\n",
    ],
)
def test_a_hang_up_is_one_error(said: bytes) -> None:
    with pytest.raises(imaplib.IMAP4.abort):
        Wire(Said(said)).run([b"NOOP"])


@pytest.mark.parametrize("said", [b"* BYE Too busy\r\n", b"* BYE Too busy"])
def test_a_bye_keeps_its_reason(said: bytes) -> None:
    with pytest.raises(ServerSaidBye, match="Too busy"):
        Wire(Said(said)).run([b"NOOP"])


def test_a_search_answer_of_two_megabytes_is_one_line() -> None:
    uids = range(1_000_000, 1_250_000)
    said = b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids) + b" \r\nw1 OK\r\n"
    (untagged,) = _replies(said, b"UID SEARCH ALL")
    assert answers.found(untagged) == frozenset(uids)


def test_section_names_of_other_servers_are_understood() -> None:
    for name in (b'("FROM" "TO")', b"(From To)", b"(FROM TO)"):
        line = b"* 1 FETCH (UID 7 BODY[HEADER.FIELDS " + name + b"] {11}\r\n"
        assert list(answers.headers([[line, b"From: a@b\r\n", b")\r\n"]])) == [
            (7, b"From: a@b\r\n")
        ]
    reordered = [b"* 1 FETCH (BODY[HEADER.FIELDS (TO)] {6}\r\n", b"To: a\n", b" UID 7)\r\n"]
    assert list(answers.headers([reordered])) == [(7, b"To: a\n")]


@pytest.mark.parametrize("beside", [b"", b" FLAGS (\\Seen)", b" BODY[2]<0> NIL"])
def test_a_part_is_the_same_whatever_stands_beside_it(beside: bytes) -> None:
    """What most servers answer is read by one pattern, all else token by token."""
    response = [b"* 3 FETCH (UID 7 BODY[1.2]<0> {5}\r\n", b"hello", beside + b")\r\n"]
    items = answers.fetched(response)
    assert (items[b"UID"], items[b"1.2"]) == (b"7", b"hello")
    assert len(items) == 2 + bool(beside)


@pytest.mark.parametrize(
    "line",
    [b"(a", b"a)", b'"a', b"(" * 2_000, b'("a" b"c")d)', b"((a) (b)"],
)
def test_what_does_not_pair_is_garbled(line: bytes) -> None:
    with pytest.raises(Garbled):
        read([line + b"\r\n"])


def test_a_garbled_answer_names_its_message() -> None:
    bad = b'* 1 FETCH (UID 7 BODYSTRUCTURE ("text" "pl"ain" NIL)\r\n'
    good = b"* 2 FETCH (UID 8 RFC822.SIZE 5)\r\n"
    items, garbled = answers.fetched_all([[bad], [good]])
    assert items == {8: {b"UID": b"8", b"RFC822.SIZE": b"5"}}
    assert garbled == {7}


@given(st.binary(max_size=200))
def test_any_line_is_read_or_garbled(line: bytes) -> None:
    with suppress(Garbled):
        read([line])


@pytest.mark.parametrize(
    ("said", "when"),
    [
        (b" 2-Nov-2026 10:00:00 +0100", datetime(2026, 11, 2, 9, tzinfo=UTC)),
        (b"02-Nov-2026 10:00:60 -0000", datetime(2026, 11, 2, 10, 0, 59, tzinfo=UTC)),
        (b"31-Feb-2026 10:00:00 +0000", None),
        (b"00-Foo-0000 10:00:00 +0000", None),
        (None, None),
    ],
)
def test_an_impossible_date_is_none(said: Value, when: datetime | None) -> None:
    assert answers.internal_date(said) == when


@given(st.frozensets(st.integers(1, 3_000), max_size=400), st.integers(20, 200))
def test_sets_of_uids_are_written_and_read_back(uids: frozenset[int], size: int) -> None:
    assert expand(compress(uids)) == uids
    pieces = list(split(uids, max_bytes=size))
    assert all(len(piece) <= size for piece in pieces)
    assert frozenset().union(*map(expand, pieces)) == uids
    assert sorted(u for c in chunks(uids, 7, newest_first=True) for u in c) == sorted(uids)


def test_no_command_asks_for_more_than_a_thousand_messages() -> None:
    pieces = list(split(range(1, 2_501), max_bytes=8_000))
    assert pieces == ["1:1000", "1001:2000", "2001:2500"]


def test_a_hostile_set_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than any folder"):
        expand("1:4294967295")


def test_the_parts_of_a_report_are_numbered_as_fetch_takes_them() -> None:
    line = (
        b'((("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 400 9 NIL NIL NIL)'
        b'("text" "html" ("charset" "utf-8") NIL NIL "7bit" 900 9 NIL NIL NIL) "alternative")'
        b'("message" "delivery-status" NIL NIL NIL "7bit" 200 NIL NIL NIL)'
        b'("message" "rfc822" NIL NIL NIL "7bit" 3000 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL)'
        b'("text" "plain" NIL NIL NIL "7bit" 5 1) 80 NIL NIL NIL)'
        b'("application" "pdf" ("name*0" "Ple" "name*1" "ase.pdf") NIL NIL "base64" 60000000 NIL'
        b' ("attachment" NIL) NIL) "report" ("report-type" "delivery-status") NIL NIL)\r\n'
    )
    (structure,) = read([line])
    parts = parts_of(structure)

    assert [(p.path, p.content_type) for p in parts] == [
        ("1.1", "text/plain"),
        ("1.2", "text/html"),
        ("2", "message/delivery-status"),
        ("3", "message/rfc822"),
        ("4", "application/pdf"),
    ]
    assert (parts[4].name, parts[4].disposition) == ("Please.pdf", "attachment")
    assert [s.name for s in sections(parts, Limits())] == ["1.1", "2", "3.HEADER"]


def test_html_is_fetched_where_the_plain_text_is_a_stub() -> None:
    line = (
        b'(("text" "plain" NIL NIL NIL "7bit" 20 1)'
        b'("text" "html" NIL NIL NIL "quoted-printable" 9000 90) "alternative")\r\n'
    )
    (structure,) = read([line])
    assert [s.name for s in sections(parts_of(structure), Limits())] == ["1", "2"]


@pytest.mark.parametrize("said", [b"NIL", b"()", b'("text")', b'("text" "plain" NIL NIL)'])
def test_a_broken_structure_is_garbled(said: bytes) -> None:
    (structure,) = read([said])
    with pytest.raises(Garbled):
        parts_of(structure)


@given(
    name=st.text("abcIN NBOX.&-/'", min_size=1).filter(str.strip),
    counts=st.permutations(["MESSAGES 3", "UIDNEXT 7", "UIDVALIDITY 9", "HIGHESTMODSEQ 12"]),
    told=st.integers(1, 4),
)
def test_a_status_says_the_same_in_the_usual_form_and_in_any_other(
    name: str, counts: list[str], told: int
) -> None:
    usual = f'* STATUS "{name}" ({" ".join(counts[:told])})\r\n'.encode()
    spaced = usual.replace(b" (", b"  ( ", 1)
    in_literal = [b"* STATUS {%d}\r\n" % len(name), name.encode(), usual[usual.rindex(b" (") :]]

    (said,) = answers.statuses([[usual]])

    assert [said] == [*answers.statuses([[spaced]])] == [*answers.statuses([in_literal])]
    assert said[1].messages == (3 if "MESSAGES 3" in counts[:told] else None)
