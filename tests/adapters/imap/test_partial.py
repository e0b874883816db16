"""A server that does a command for some messages only is asked for the rest, and for no more."""

import pytest

from inboxwatch.adapters.imap.partial import rest
from inboxwatch.adapters.imap.wire import Reply

CUT = Reply("OK", "[MESSAGELIMIT 1000 23221] FETCH completed with 1000 partial results")


@pytest.mark.parametrize(
    ("command", "more"),
    [
        (b"UID FETCH 1:* (UID)", b"UID FETCH 1:23220 (UID)"),
        (b"UID FETCH 7:90000 (UID)", b"UID FETCH 7:23220 (UID)"),
        (b"UID FETCH 3,9:12,23220:40000,50000 (X)", b"UID FETCH 3,9:12,23220 (X)"),
        (b"UID SEARCH FROM \"x\"", b"UID SEARCH UID 1:23220 FROM \"x\""),
        (b"UID SEARCH RETURN (ALL) TO \"x\"", b"UID SEARCH RETURN (ALL) UID 1:23220 TO \"x\""),
        (b"UID SEARCH UID 1:40000 TO \"x\"", b"UID SEARCH UID 1:23220 TO \"x\""),
    ],
)  # fmt: skip
def test_what_was_left_out_is_asked_for(command: bytes, more: bytes) -> None:
    assert rest(command, CUT) == more


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        (b"UID FETCH 1:* (UID)", Reply("OK", "done")),
        (b"UID FETCH 1:* (UID)", Reply("NO", CUT.text)),
        (b"UID FETCH 30000:* (UID)", CUT),
        (b"UID FETCH 7:23220 (UID)", CUT),  # the same answer again would never end
        (b"UID SEARCH UID 1:23220 TO x", CUT),
        (b"UID SEARCH ALL", Reply("OK", "[MESSAGELIMIT 5 1] that was all")),
        (b"FETCH 1:5 (UID)", CUT),
    ],
)
def test_nothing_is_asked_for_where_nothing_is_left(command: bytes, reply: Reply) -> None:
    assert rest(command, reply) is None
