"""The backup file: a zip of JSON lines that either database can be restored from.

`manifest.json` says `format`, `version`, the `schema` of the store and for each table its
number of rows and the SHA-256 of its file. `tables/NAME.jsonl` has one object a row, by column;
bytes stand as `{"base64": "…"}`. The values are those of the columns, as docs/adr/0004 has them.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from inboxwatch.adapters.store.faults import told
from inboxwatch.domain.errors import StoreError

FORMAT = "inboxwatch-backup"
VERSION = 1
_MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same store gives the same file


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """One table of a backup."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds."""

    path: Path
    schema: str
    tables: tuple[TableFile, ...]

    def rows(self, table: str) -> int:
        """Return how many rows a table has in it."""
        return sum(part.rows for part in self.tables if part.name == table)


class Writer:
    """Writes tables into a zip, then the manifest."""

    def __init__(self, archive: zipfile.ZipFile, schema: str) -> None:
        self._archive = archive
        self._schema = schema
        self.tables: list[TableFile] = []

    def add(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write one table."""
        whole = hashlib.sha256()
        count = 0
        with self._archive.open(_entry(f"tables/{name}.jsonl"), "w", force_zip64=True) as file:
            for row in rows:
                line = json.dumps({k: _written(v) for k, v in row.items()}).encode() + b"\n"
                whole.update(line)
                file.write(line)
                count += 1
        self.tables.append(TableFile(name=name, rows=count, sha256=whole.hexdigest()))

    def finish(self) -> None:
        """Write the manifest."""
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "schema": self._schema,
            "tables": [
                {"name": part.name, "rows": part.rows, "sha256": part.sha256}
                for part in self.tables
            ],
        }
        self._archive.writestr(_entry(_MANIFEST), json.dumps(manifest, indent=1))


@contextmanager
def writing(target: Path, schema: str) -> Iterator[Writer]:
    """Write a backup that appears under its name only when it is whole, for its owner alone.

    Raises:
        StoreError: the file exists or cannot be written.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with told(f"backup {target}"):
            if target.exists():
                raise FileExistsError(errno.EEXIST, "exists")
            descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                    writer = Writer(archive, schema)
                    yield writer
                    writer.finish()
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def reading(source: Path) -> Iterator[tuple[Backup, zipfile.ZipFile]]:
    """Open a backup whose every checksum was verified.

    Raises:
        StoreError: it is missing, damaged, or not a backup of a version that is known.
    """
    place = f"backup {source}"
    with told(place), source.open("rb") as file:
        with _sound(place):
            archive = zipfile.ZipFile(file)
            backup = _verified(source, archive)
        yield backup, archive


def rows_in(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table."""
    with archive.open(f"tables/{name}.jsonl") as file:
        for line in file:
            yield {key: _read(value) for key, value in json.loads(line).items()}


def _verified(source: Path, archive: zipfile.ZipFile) -> Backup:
    manifest = json.loads(archive.read(_MANIFEST))
    if manifest["format"] != FORMAT:
        raise ValueError("another format")
    if manifest["version"] != VERSION:
        raise StoreError(
            f"backup {source}: its format has version {manifest['version']}, this program "
            f"reads {VERSION}",
            remedy="Use the inboxwatch that made it, or a newer one.",
        )
    tables = tuple(
        TableFile(name=str(t["name"]), rows=int(t["rows"]), sha256=str(t["sha256"]))
        for t in manifest["tables"]
    )
    for table in tables:
        with archive.open(f"tables/{table.name}.jsonl") as file:
            if _checksum(file) != (table.rows, table.sha256):
                raise ValueError("a checksum differs")
    return Backup(path=source, schema=str(manifest["schema"]), tables=tables)


def _checksum(file: IO[bytes]) -> tuple[int, str]:
    whole = hashlib.sha256()
    count = 0
    for line in file:
        whole.update(line)
        count += 1
    return count, whole.hexdigest()


@contextmanager
def _sound(place: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError):
        raise StoreError(
            f"{place}: it is not an inboxwatch backup, or it is damaged",
            remedy="Use another backup; nothing was changed.",
        ) from None


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    return value


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"], validate=True)
    return value
