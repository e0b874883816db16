"""Stream an mbox: cut it at its From_ lines in constant memory. Nothing is parsed here."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import IO

from inboxwatch.adapters.mailfile.from_line import MAX_LINE, date_of, is_trustworthy, separates
from inboxwatch.adapters.mailfile.items import MAX_HEADER, MAX_READ, Item, Sieve, Sighting

_CHUNK = 2 * 1024 * 1024
_TAIL = 2 * MAX_LINE  # a separator and the header line below it fit in
_MAX_UNQUOTED = 8 * 1024 * 1024
_MARK = b"\nFrom "
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def is_mbox(beginning: bytes) -> bool:
    """Tell whether a file that begins like this is an mbox."""
    text = beginning.lstrip(b"\r\n\xef\xbb\xbf")
    return text.startswith(b"From ") and separates(text, 0, after_blank=True)


class MboxStream:
    """The messages of one mbox, in order.

    After the iteration `stray` holds the number of bytes before the first message, of a file
    whose beginning is lost.
    """

    def __init__(
        self, stream: IO[bytes], sieve: Sieve, *, advanced: Callable[[int], None] | None = None
    ) -> None:
        self._stream = stream
        self._sieve = sieve
        self._advanced = advanced
        self._ended = False
        self.stray = 0

    def __iter__(self) -> Iterator[Item]:
        """Yield every message. Content-Length headers are ignored: they often lie."""
        text = b"\n" + self._more().removeprefix(BOM_UTF8)
        scan = 0
        position = 0
        large: _Message | None = None  # its beginning was let go of
        start = 0  # where the current message's From_ line begins in `text`
        while True:
            limit = len(text) if self._ended else max(len(text) - _TAIL, 0)
            found = _next(text, scan, limit)
            if found >= 0 or self._ended:
                end = found if found >= 0 else len(text)
                if large is not None:
                    large.add(text[: end + 1])
                    yield large.finish()
                elif position:
                    yield self._head(position, text, start, end + 1).finish()
                else:
                    self.stray += len(text[:end].strip())
                if found < 0:
                    return
                position, start, large, scan = position + 1, found + 1, None, found + 1
            elif position and large is None and limit - start <= _CHUNK:
                text, scan = text[start - 1 :] + self._more(), max(limit - start + 1, 1)
                start = 1
            else:  # a long message, or a long way to the first: let go of what was looked at
                if large is not None:
                    large.add(text[:limit])
                elif position:
                    large = self._head(position, text, start, limit)
                else:
                    self.stray += len(text[:limit].strip())
                text, scan = text[limit:] + self._more(), 0

    def _more(self) -> bytes:
        chunk = self._stream.read(_CHUNK)
        self._ended = not chunk
        if chunk and self._advanced is not None:
            self._advanced(len(chunk))
        return chunk

    def _head(self, position: int, text: bytes, start: int, end: int) -> _Message:
        """Return the message that begins at text[start:], with its bytes up to `end`."""
        line_end = text.find(b"\n", start, end)
        line = text[start:line_end].rstrip()
        message = _Message(
            position, line, self._sieve(header_of(text, line_end, end), line, position)
        )
        message.add(text[line_end + 1 : end])
        return message


class _Message:
    """A message while its bytes come in; they are kept only where the sieve wants it."""

    __slots__ = ("_line", "_position", "_raw", "_sighting", "_size")

    def __init__(self, position: int, line: bytes, sighting: Sighting) -> None:
        self._position, self._line, self._sighting = position, line, sighting
        self._raw = bytearray()
        self._size = 0

    def add(self, piece: bytes) -> None:
        """Take in more of the message."""
        self._size += len(piece)
        if self._sighting.wanted and len(self._raw) < MAX_READ:
            self._raw += piece[: MAX_READ - len(self._raw)]

    def finish(self) -> Item:
        """Return the message, without the blank line before the next one, unquoted."""
        if not self._sighting.wanted:
            return Item(position=self._position, sighting=self._sighting, size=self._size)
        if self._raw.endswith(b"\n\n"):
            del self._raw[-1:]
        elif self._raw.endswith(b"\n\r\n"):
            del self._raw[-2:]
        raw = bytes(self._raw)
        self._raw = bytearray()
        if b"\n>" in raw and len(raw) <= _MAX_UNQUOTED:
            raw = _QUOTED_FROM.sub(rb"\1", raw)
        at = date_of(self._line)
        return Item(
            position=self._position,
            sighting=self._sighting,
            size=self._size,
            raw=raw,
            arrived_at=at if is_trustworthy(self._line) else None,
            noted_at=at,
        )


def header_of(text: bytes, start: int, end: int) -> bytes:
    """Return the header block that follows the line break at `start`, with that line break."""
    first, other = b"\n\n", b"\n\r\n"
    if text[start - 1 : start] == b"\r":
        first, other = other, first
    found = text.find(first, start, end)
    end = found if found >= 0 else end
    found = text.find(other, start, end)  # no further than needed: bodies are long
    end = found if found >= 0 else end
    return text[start : min(end, start + MAX_HEADER) + 1]


def _next(text: bytes, scan: int, limit: int) -> int:
    """Return where the line break before the next From_ line is, or -1."""
    while (at := text.find(_MARK, scan, limit + len(_MARK) - 1)) >= 0:
        after_blank = at < 2 or text[at - 1 : at] == b"\n" or text[at - 2 : at] == b"\n\r"
        if separates(text, at + 1, after_blank=after_blank):
            return at
        scan = at + 1
    return -1
