"""Find the folders of mail below the given paths. Opens files only to see what they are."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from inboxwatch.adapters.mailfile.mbox import is_mbox
from inboxwatch.adapters.mailfile.names import folder_name, is_noise, role_of, why_not
from inboxwatch.application.records import NotScanned
from inboxwatch.domain.message import FolderRole

_HEADER_BYTES = frozenset(range(33, 127)) - {ord(":")}
_HEADER_NAMES = frozenset(  # every mail has one of these in its header
    {b"from", b"to", b"date", b"subject", b"message-id", b"received", b"return-path",
     b"delivered-to", b"mime-version", b"content-type"}
)  # fmt: skip
_MAX_FOLDERS = 10_000


class Form(Enum):
    """How a folder's mail lies on the disk."""

    MBOX = "mbox"
    MAILDIR = "maildir"
    FILES = "files"
    ARCHIVE = "archive"  # a .zip, still to be looked into
    MEMBER = "member"  # one file in a .zip


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One folder of mail. `account` is the path it was found under, `size` its bytes."""

    form: Form
    path: Path
    account: str
    folder: str
    role: FolderRole
    size: int  # 0 where it would cost a look at every file
    files: tuple[Path, ...] = ()  # of FILES
    member: str = ""  # of MEMBER, its name in the archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The folders found and what was passed over."""

    sources: tuple[Source, ...] = ()
    not_scanned: tuple[NotScanned, ...] = ()


def find(path: Path) -> Found:
    """Return the folders at or below one path that exists.

    A directory is searched to its leaves; links to directories are not followed.
    """
    if path.is_dir():
        sources: list[Source] = []
        passed: list[NotScanned] = []
        for found in _below(path):
            if isinstance(found, Source):
                sources.append(found)
            else:
                passed.append(found)
            if len(sources) >= _MAX_FOLDERS:
                passed.append(NotScanned(place=str(path), reason="it has too many folders"))
                break
        return Found(sources=tuple(sources), not_scanned=tuple(passed))
    file = _file(path, str(path), path.name)
    if isinstance(file, Source):
        return Found(sources=(file,))
    return Found(not_scanned=(file,))


def _below(top: Path) -> Iterator[Source | NotScanned]:
    errors: list[OSError] = []
    for name, directories, files in os.walk(top, onerror=errors.append):
        place = Path(name)
        if {"cur", "new"} <= set(directories):
            directories[:] = sorted(set(directories) - {"cur", "new", "tmp"})
            yield _maildir(top, place)
            continue  # its other files are the server's
        directories.sort()
        loose: list[Path] = []
        for file in sorted(files):
            path = place / file
            if file.lower().endswith(".eml"):
                loose.append(path)
            elif not is_noise(file):
                yield _file(path, str(top), _relative(top, path))
        if loose:
            yield _files(top, place, tuple(loose))
    for error in errors:
        yield NotScanned(place=str(error.filename), reason=error.strerror or "cannot be read")


def _relative(top: Path, path: Path) -> str:
    """Return a folder's name below the top: Apple keeps a folder in `Sent.mbox/mbox`."""
    parts = list(path.relative_to(top).parts)
    if len(parts) > 1 and parts[-1] == "mbox":
        parts.pop()
    elif parts == ["mbox"]:
        parts = [top.name]
    return "/".join(folder_name(part.removesuffix(".sbd")) for part in parts)


def _maildir(top: Path, place: Path) -> Source:
    """Describe a Maildir; `.Sent` and `.Work.Kent` are Maildir++ names of folders."""
    inner = place.relative_to(top).parts
    names = [part for part in ".".join(part.lstrip(".") for part in inner).split(".") if part]
    folder = "/".join(folder_name(name) for name in names) or _top_name(top)
    return Source(
        form=Form.MAILDIR,
        path=place,
        account=str(top),
        folder=folder,
        role=role_of(folder),
        size=0,
    )


def _top_name(top: Path) -> str:
    """Return the folder that a path to a lone Maildir means."""
    name = folder_name(top.name.lstrip("."))
    return name if role_of(name) is not FolderRole.USER else "INBOX"


def _files(top: Path, place: Path, files: tuple[Path, ...]) -> Source:
    inner = place.relative_to(top)
    folder = "/".join(folder_name(part) for part in inner.parts) or folder_name(top.name) or "files"
    return Source(
        form=Form.FILES,
        path=place,
        account=str(top),
        folder=folder,
        role=role_of(folder),
        size=0,
        files=files,
    )


def _file(path: Path, account: str, folder: str) -> Source | NotScanned:
    """Tell what a single file is by its first bytes."""
    reason = why_not(path.name)
    if reason is not None:
        return NotScanned(place=str(path), reason=reason)
    try:
        if not path.is_file():
            return NotScanned(place=str(path), reason="it is no file")
        size = path.stat().st_size
        with path.open("rb") as file:
            beginning = file.read(64 * 1024)
    except OSError as error:
        return NotScanned(place=str(path), reason=error.strerror or "it cannot be read")
    folder = folder_name(folder)
    form = _form_of(path, beginning)
    if form is None:
        reason = "it is neither mbox, .eml, Maildir nor .zip" if size else "it is empty"
        return NotScanned(place=str(path), reason=reason)
    return Source(
        form=form,
        path=path,
        account=account,
        folder=folder,
        role=role_of(folder),
        size=size,
        files=(path,) if form is Form.FILES else (),
    )


def _form_of(path: Path, beginning: bytes) -> Form | None:
    if beginning.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Form.ARCHIVE
    if is_mbox(beginning) or (not beginning and path.suffix.lower() in ("", ".mbox", ".mbx")):
        return Form.MBOX  # an empty folder is an empty file
    if path.suffix.lower() in (".mbox", ".mbx") and b"\nFrom " in beginning:
        return Form.MBOX  # its beginning is lost
    if path.suffix.lower() == ".eml" or looks_like_header(beginning):
        return Form.FILES if beginning.strip() else None
    return None


def looks_like_header(beginning: bytes) -> bool:
    """Tell whether bytes begin with two header lines, and name what mail names."""
    text = beginning.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = [line for line in text.split(b"\n") if line[:1] not in (b" ", b"\t")]
    names = [line.partition(b":") for line in lines]
    are_headers = len(names) > 1 and all(
        colon and name and _HEADER_BYTES.issuperset(name) for name, colon, _ in names[:2]
    )
    return are_headers and any(colon and name.lower() in _HEADER_NAMES for name, colon, _ in names)
