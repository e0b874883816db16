"""A bare socket that asks a server what has to be asked and reads nothing into the answers.

No program can be faster than what it takes, whatever it is written in: this is the server.
"""

from __future__ import annotations

import re
import socket

from benchmarks.mail_box import COUNCIL

_HEADER = (
    b"(UID INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (FROM TO CC SUBJECT DATE"
    b" MESSAGE-ID IN-REPLY-TO REFERENCES AUTO-SUBMITTED CONTENT-TYPE)])"
)
_TEXT = b"(UID BODY.PEEK[1]<0.16384>)"
_WANTED = f'OR FROM "{COUNCIL}" OR TO "{COUNCIL}" CC "{COUNCIL}"'.encode()
_NAMING = b'OR HEADER REFERENCES "example.org" HEADER IN-REPLY-TO "example.org"'
_FOUND = re.compile(rb" ALL ([\d:,]+)")


class _Bare:
    def __init__(self, port: int, user: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._serial = 0
        self._socket.recv(4096)
        self.ask(f'LOGIN "{user}" "secret"'.encode())

    def ask(self, *commands: bytes) -> bytes:
        """Send commands at once; return all that comes until every one has ended."""
        tags = []
        for _command in commands:
            self._serial += 1
            tags.append(b"t%d " % self._serial)
        self._socket.sendall(
            b"".join(tag + command + b"\r\n" for tag, command in zip(tags, commands, strict=True))
        )
        said = bytearray(b"\r\n")
        waiting = [b"\r\n" + tag for tag in tags]
        while waiting:
            seen = max(len(said) - 100, 0)
            said += self._socket.recv(1 << 18)
            waiting = [end for end in waiting if said.find(end, seen) < 0]
        return bytes(said)


def bare_scan(port: int, user: str) -> int:
    """Search both folders, fetch header, structure and first text of what is found."""
    bare = _Bare(port, user)
    found = 0
    for folder, program in ((b"Sent", _WANTED), (b"INBOX", b"OR " + _WANTED + b" " + _NAMING)):
        said = bare.ask(b'EXAMINE "' + folder + b'"', b"UID SEARCH RETURN (ALL) " + program)
        hits = _FOUND.search(said)
        if hits is None:
            raise SystemExit("the server found nothing")
        bare.ask(b"UID FETCH " + hits[1] + b" " + _HEADER, b"UID FETCH " + hits[1] + b" " + _TEXT)
        found += hits[1].count(b",") + 1
    return found


def bare_news(port: int, user: str, uidnext: dict[str, int], times: int) -> int:
    """Ask for the counts of both folders, the heads of what is new, and one text; some times."""
    bare = _Bare(port, user)
    first = uidnext["INBOX"]
    for _ in range(times):
        bare.ask(*(f'STATUS "{name}" (MESSAGES UIDNEXT UIDVALIDITY)'.encode() for name in uidnext))
        bare.ask(b'EXAMINE "INBOX"', b"UID FETCH %d:* " % first + _HEADER)
        bare.ask(b"UID FETCH %d " % first + _TEXT, b"UNSELECT")
    return times
