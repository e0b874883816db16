"""The manifest of an evidence bundle, and the check of a bundle against it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from inboxwatch.domain.errors import ConfigError, EvidenceMismatch

FORMAT = "inboxwatch-evidence"
VERSION = 1
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
_CHUNK = 1 << 20
_MOST_MANIFEST = 64 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same list gives the same file
_REMEDY = (
    "Do not rely on this copy. Ask for the bundle again from the person who made it, or compare"
    " with the SHA-256 that was noted when it was made."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a bundle that matches its manifest holds."""

    sha256: str  # of the whole file
    files: int
    originals: int
    missing_originals: int
    as_of: str
    made_with: str
    redacted: bool


def archive_entry(name: str) -> zipfile.ZipInfo:
    """Return the entry of a file: stored as it is, no date, no owner."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_STORED  # compressed bytes differ between zlib versions
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry


def sums_text(sums: dict[str, str]) -> bytes:
    """Return the list that `sha256sum -c` reads."""
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


def verify(path: Path, *, sha256: str | None = None) -> Verified:
    """Check a bundle: every file, every byte, none missing, none added.

    Args:
        sha256: what the whole file's SHA-256 should be, as noted when it was made.

    Raises:
        EvidenceMismatch: it differs in anything; every difference is named.
        ConfigError: there is no such file, or it may not be read.
    """
    with _sound(path), path.open("rb") as file:
        whole = _digest(file)
        if sha256 is not None and sha256.strip().lower() != whole:
            raise _mismatch(path, [f"its SHA-256 is {whole}, not {sha256.strip().lower()}"])
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            manifest, faults = _checked(archive)
            if not faults and _canonical(archive) != whole:
                faults = ["the files are as listed, but the archive around them was changed"]
        if faults:
            raise _mismatch(path, faults)
        return Verified(
            sha256=whole,
            files=len(manifest["files"]),
            originals=len(manifest["originals"]),
            missing_originals=len(manifest["missing_originals"]),
            as_of=str(manifest["as_of"]),
            made_with=str(manifest["made_with"]),
            redacted=bool(manifest["redacted"]),
        )


def _checked(archive: zipfile.ZipFile) -> tuple[dict[str, Any], list[str]]:
    """Return the manifest and every way in which the files differ from it."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    faults = [f"{name} is in it twice" for name in sorted({n for n in names if names.count(n) > 1})]
    if faults:
        return {}, faults
    for name in (MANIFEST, SUMS):
        if name not in names:
            return {}, [f"{name} is missing"]
        if archive.getinfo(name).file_size > _MOST_MANIFEST:
            return {}, [f"{name} is larger than any that this program writes"]
    raw = archive.read(MANIFEST)
    manifest = json.loads(raw)
    if manifest["format"] != FORMAT or manifest["version"] != VERSION:
        return {}, ["it is of another format or version"]
    sums = {str(one["path"]): str(one["sha256"]) for one in manifest["files"]}
    sizes = {str(one["path"]): int(one["bytes"]) for one in manifest["files"]}
    expected = sums_text({**sums, MANIFEST: hashlib.sha256(raw).hexdigest()})
    if archive.read(SUMS) != expected:
        faults.append(f"{SUMS} and {MANIFEST} do not agree")
    faults += [f"{name} is missing" for name in sorted(sums.keys() - set(names))]
    faults += [f"{name} was added" for name in sorted(set(names) - sums.keys() - {MANIFEST, SUMS})]
    for entry in entries:
        if entry.filename not in sums:
            continue
        if entry.file_size != sizes[entry.filename]:
            faults.append(f"{entry.filename} has another length")
        elif not _is(archive, entry, sums[entry.filename]):
            faults.append(f"{entry.filename} was changed")
    return manifest, faults


def _is(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, sha256: str) -> bool:
    try:
        with archive.open(entry) as file:
            return _digest(file) == sha256
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False


def _canonical(archive: zipfile.ZipFile) -> str:
    """Return the SHA-256 that the archive has when it is written anew from its files."""
    with tempfile.TemporaryFile() as copy:
        with zipfile.ZipFile(copy, "w") as anew:
            for entry in archive.infolist():
                with archive.open(entry) as file, anew.open(_sized(entry), "w") as out:
                    shutil.copyfileobj(file, out, _CHUNK)
        copy.seek(0)
        return _digest(copy)


def _sized(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    anew = archive_entry(entry.filename)
    anew.file_size = entry.file_size
    return anew


def _digest(file: IO[bytes]) -> str:
    whole = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        whole.update(chunk)
    return whole.hexdigest()


def _mismatch(path: Path, faults: list[str]) -> EvidenceMismatch:
    shown = "; ".join(faults[:10])
    more = f"; and {len(faults) - 10} more" if len(faults) > 10 else ""
    return EvidenceMismatch(f"{path} does not match its manifest: {shown}{more}", remedy=_REMEDY)


@contextmanager
def _sound(path: Path) -> Iterator[None]:
    """Map what a damaged archive or file raises."""
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror or error}",
            remedy="Check the path and the permissions.",
        ) from error
    except (
        zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, AttributeError,
        RuntimeError,  # an encrypted or exotic archive, or JSON nested too deep
    ) as error:  # fmt: skip
        raise EvidenceMismatch(
            f"{path} is not an evidence bundle, or it is damaged", remedy=_REMEDY
        ) from error
