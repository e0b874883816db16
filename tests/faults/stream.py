"""What a server sent, as lines and literals: where a fault can strike."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
_STATUS_TEXT = re.compile(rb"(?:\*|\w+) (?:OK|NO|BAD|BYE)\b")


class Spot(Enum):
    """Classes of positions in the bytes that a server sends."""

    GREETING = "in the greeting"
    TAG = "inside a tag"
    STATUS = "in a status line"
    LINE = "in an untagged line"
    CRLF = "between CR and LF"
    LITERAL_HEADER = "inside a literal's length"
    LITERAL_START = "before a literal's first byte"
    LITERAL = "inside a literal"
    AFTER_LITERAL = "behind a literal"
    BEFORE_TAGGED = "before a tagged line"
    RECORD = "inside a TLS record"


@dataclass
class Tracker:
    """Follows a stream: says of each byte whether a response begins there."""

    line: bytes = b""
    left: int = 0  # bytes of a literal that are still to come
    at_response: bool = True  # whether the next byte begins a response
    first_line: bytes = b""  # of the response, as far as it has come

    def take(self, byte: bytes) -> None:
        if self.at_response:
            self.first_line = b""
        if self.line == self.first_line:
            self.first_line += byte
        if self.left:
            self.left -= 1
            return
        self.line += byte
        self.at_response = False
        if byte == b"\n":
            literal = None if _STATUS_TEXT.match(self.line) else _LITERAL.search(self.line)
            self.left = int(literal[1]) if literal else 0
            self.at_response = literal is None
            self.line = b""


def spots(sent: bytes) -> Iterator[tuple[Spot, int]]:
    """Yield the positions of each class, a few of every line and literal."""
    start, at, continued = 0, 0, False
    while (end := sent.find(b"\n", at) + 1) > 0:
        line = sent[at:end]
        tagged = not continued and not line.startswith((b"*", b"+"))
        if not continued and at == 0:
            yield Spot.GREETING, min(9, end)
        elif tagged:
            yield Spot.BEFORE_TAGGED, at
            yield Spot.TAG, at + 1
            yield Spot.STATUS, at + len(line) // 2
        elif len(line) > 6:
            yield Spot.LINE, at + len(line) // 2
        yield Spot.CRLF, end - 1
        literal = None if _STATUS_TEXT.match(line) and not continued else _LITERAL.search(line)
        continued = literal is not None
        start, at = at, end
        if literal is not None:
            size = int(literal[1])
            yield Spot.LITERAL_HEADER, start + line.rindex(b"{") + 2
            yield Spot.LITERAL_START, end
            if size > 1:
                yield Spot.LITERAL, end + size // 2
                yield Spot.LITERAL, end + size - 1
            at = end + size
            yield Spot.AFTER_LITERAL, at


def garbage(rng: random.Random, size: int) -> bytes:
    """Bytes that no server sends: none of them is a digit, a letter or a line's end."""
    return bytes(rng.randrange(0x80, 0x100) for _ in range(size))
