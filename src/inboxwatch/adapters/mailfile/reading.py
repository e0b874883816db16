"""Read the messages of one source, one after another, as far as it can be read."""

from __future__ import annotations

import os
import zipfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from inboxwatch.adapters.mailfile.items import MAX_HEADER, MAX_READ, Item, Sieve
from inboxwatch.adapters.mailfile.mbox import MboxStream, header_of
from inboxwatch.adapters.mailfile.sources import Form, Source

_FIRST = 16 * 1024
Advanced = Callable[[int], None]  # so many bytes further

# Everything that opening and reading a file or an archive's member raises when it is damaged,
# locked, encrypted or of a compression this Python lacks.
READ_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,  # encrypted, or of a compression that this Python lacks
    ValueError,
)


class Reading:
    """One pass over a source's messages.

    After the iteration `stray` is the number of bytes of an mbox before its first message, and
    `vanished` how many files were gone when their turn came.
    """

    def __init__(self, source: Source, sieve: Sieve, advanced: Advanced) -> None:
        self._source = source
        self._sieve = sieve
        self._advanced = advanced
        self.stray = 0
        self.vanished = 0

    def __iter__(self) -> Iterator[Item]:
        """Yield the messages; raises one of `READ_ERRORS` where the source cannot be read on."""
        if self._source.form is Form.MBOX:
            with self._source.path.open("rb") as stream:
                yield from self._mbox(stream)
        elif self._source.form is Form.MEMBER:
            with zipfile.ZipFile(self._source.path) as archive:
                opened: AbstractContextManager[IO[bytes]] = archive.open(self._source.member)
                with opened as stream:
                    if self._source.member.lower().endswith(".eml"):
                        yield self._single(stream, 1)
                    else:
                        yield from self._mbox(stream)
        else:
            yield from self._files()

    def _mbox(self, stream: IO[bytes]) -> Iterator[Item]:
        messages = MboxStream(stream, self._sieve, advanced=self._advanced)
        yield from messages
        self.stray = messages.stray

    def _files(self) -> Iterator[Item]:
        for position, path in enumerate(self._paths(), 1):
            try:
                with path.open("rb") as stream:
                    item = self._single(stream, position)
            except FileNotFoundError:  # a mail program moved it meanwhile
                self.vanished += 1
                continue
            except IsADirectoryError:
                continue
            yield item

    def _paths(self) -> Iterator[Path]:
        """Yield the files of the source; of a Maildir those that are no drafts."""
        if self._source.form is Form.FILES:
            yield from self._source.files
            return
        for part in ("cur", "new"):
            directory = self._source.path / part
            for name in sorted(entry.name for entry in os.scandir(directory)):
                flags = name.rpartition(":2,")[2] if ":2," in name else ""
                if not name.startswith(".") and "D" not in flags:
                    yield directory / name

    def _single(self, stream: IO[bytes], position: int) -> Item:
        """Read one message from its own file, no further than its header when it is unwanted."""
        text = b"\n" + stream.read(_FIRST).removeprefix(BOM_UTF8)  # Windows' programs write one
        header = header_of(text, 0, len(text))
        if len(header) >= len(text):
            text += stream.read(MAX_HEADER)  # a long header, or a short message
            header = header_of(text, 0, len(text))
        sighting = self._sieve(header, b"", position)
        raw = text[1:] + stream.read(MAX_READ - len(text)) if sighting.wanted else None
        size = _size(stream, len(raw) if raw is not None else len(text) - 1)
        self._advanced(size)
        return Item(position=position, sighting=sighting, size=size, raw=raw)


def _size(stream: IO[bytes], read: int) -> int:
    """Return the size of the file, or what was read where that is not known."""
    try:
        return max(os.fstat(stream.fileno()).st_size, read)
    except (OSError, AttributeError, ValueError):
        return read
