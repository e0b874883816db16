"""Write an evidence bundle: chronology, list, every original, and what proves them whole."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from inboxwatch import __version__
from inboxwatch.adapters.export.manifest import (
    FORMAT,
    MANIFEST,
    SUMS,
    VERSION,
    archive_entry,
    sums_text,
)
from inboxwatch.application.listing import iso
from inboxwatch.application.picture import Picture
from inboxwatch.application.wording import DISCLAIMER, no_reply_found
from inboxwatch.domain.london import local
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.threads import Direction, Placed
from inboxwatch.domain.verdict import Status, Verdict

Original = Callable[[str], bytes | None]  # by SHA-256
_CHUNK = 1 << 20
_MOST_HEADER = 256 << 10  # bytes; a longer header block is cut, the original is whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a bundle is made of.

    `documents` are the files made of the picture, by name. `listed` are the threads whose
    originals go in. `settings` say how the list was made and hold no secret. `original` None:
    a redacted bundle, whose originals stay at home; their SHA-256 is listed.
    """

    picture: Picture
    listed: tuple[Verdict, ...]
    documents: Mapping[str, bytes]
    settings: Mapping[str, Any] = field(default_factory=dict)
    original: Original | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written: the whole file's SHA-256, how many files, and what could not be put in."""

    sha256: str
    files: int
    originals: int
    missing: int


def write_bundle(out: IO[bytes], evidence: Evidence) -> Written:
    """Write a bundle; the same evidence gives the same bytes.

    One original is in memory at a time.

    Args:
        out: a file open for writing and reading, empty, that can be sought in.
    """
    originals: list[dict[str, Any]] = []
    missing: list[dict[str, Any]] = []
    sums: dict[str, str] = {}
    sizes: dict[str, int] = {}
    with zipfile.ZipFile(out, "w") as archive:

        def add(name: str, raw: bytes) -> None:
            sums[name] = hashlib.sha256(raw).hexdigest()
            sizes[name] = len(raw)
            archive.writestr(archive_entry(name), raw)

        for name in sorted(evidence.documents):
            add(name, evidence.documents[name])
        for number, (placed, threads) in enumerate(_messages(evidence.listed), start=1):
            about = _about(placed, threads)
            raw = _original(placed, evidence)
            if raw is None:
                missing.append(about)
                continue
            name = _name(number, placed)
            add(f"originals/{name}.eml", raw)
            add(f"headers/{name}.txt", _headers(raw))
            originals.append({**about, "file": f"originals/{name}.eml"})
        add("README.txt", _readme(evidence, len(originals), len(missing)))
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "made_with": f"inboxwatch {__version__}",
            "as_of": iso(evidence.picture.as_of),
            "redacted": evidence.original is None,
            "how": _how(evidence),
            "files": [
                {"path": name, "bytes": sizes[name], "sha256": sums[name]} for name in sorted(sums)
            ],
            "originals": originals,
            "missing_originals": missing,
        }
        raw = (json.dumps(manifest, ensure_ascii=True, indent=1) + "\n").encode()
        archive.writestr(archive_entry(MANIFEST), raw)
        every = {**sums, MANIFEST: hashlib.sha256(raw).hexdigest()}
        archive.writestr(archive_entry(SUMS), sums_text(every))
    out.seek(0)
    whole = hashlib.sha256()
    while chunk := out.read(_CHUNK):
        whole.update(chunk)
    return Written(
        sha256=whole.hexdigest(), files=len(sums), originals=len(originals), missing=len(missing)
    )


def _messages(listed: tuple[Verdict, ...]) -> list[tuple[Placed, list[str]]]:
    """Return every message of the threads once, in order of time, with the threads it is in."""
    found: dict[str, tuple[Placed, list[str]]] = {}
    for verdict in listed:
        for placed in verdict.thread.placed:
            _, threads = found.setdefault(placed.entry.message_id, (placed, []))
            threads.append(verdict.thread.id)
    return sorted(found.values(), key=lambda each: (each[0].entry.at, each[0].entry.message_id))


def _about(placed: Placed, threads: list[str]) -> dict[str, Any]:
    message = placed.entry.message
    return {
        "message_id": message.message_id,
        "at": iso(message.at),
        "direction": placed.entry.direction.value,
        "threads": sorted(set(threads)),
        "sha256": message.original_sha256,
    }


def _original(placed: Placed, evidence: Evidence) -> bytes | None:
    """Return the bytes as they came, None when they are not kept or not what they were."""
    sha256 = placed.entry.message.original_sha256
    if evidence.original is None or sha256 is None:
        return None
    raw = evidence.original(sha256)
    return raw if raw is not None and hashlib.sha256(raw).hexdigest() == sha256 else None


def _name(number: int, placed: Placed) -> str:
    """Name a file by number, day and direction: nothing that a stranger wrote."""
    day = local(placed.entry.at).date()
    way = "sent" if placed.entry.direction is Direction.SENT else "received"
    return f"{number:05d}-{day.isoformat()}-{way}"


def _headers(raw: bytes) -> bytes:
    """Return the header block as it stands in the original."""
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0]
    return raw[: min(ends, default=len(raw))][:_MOST_HEADER] + b"\n"


def _how(evidence: Evidence) -> dict[str, Any]:
    picture = evidence.picture
    counts = {status.value: len(picture.with_status(status)) for status in Status}
    return {
        "threshold": picture.threshold,
        "calendar": picture.calendar,
        "settings": dict(evidence.settings),
        "threads": counts,
        "listed_threads": len(evidence.listed),
        "messages_looked_at": picture.scanned.messages,
        "folders": list(picture.scanned.folders),
        "not_scanned": [str(each) for each in picture.scanned.not_scanned],
        "unreadable": len(picture.unreadable),
        "unplaced": len(picture.unplaced),
        "notices": list(picture.notices),
        "limits": DISCLAIMER,
    }


def _readme(evidence: Evidence, originals: int, missing: int) -> bytes:
    picture = evidence.picture
    kept = (
        "This bundle is redacted: the originals stay with the person who made it. Their SHA-256\n"
        "sums are in manifest.json, so that an original shown later can be matched."
        if evidence.original is None
        else f"originals/ holds {originals} emails as they came, headers/ the headers of each."
        + (f"\n{missing} more were not kept; manifest.json lists them." if missing else "")
    )
    settings = "\n".join(
        f"  {one_line(str(name))}: {one_line(str(value))}"
        for name, value in evidence.settings.items()
    )
    text = f"""Emails to public bodies and the replies found

{no_reply_found(picture.as_of)}.

chronology.pdf is the place to begin. list.csv, list.xlsx and list.json hold the same list as data.
{kept}

To check that nothing was changed, added or taken away:
  inboxwatch verify BUNDLE.zip
or, without this program, in the unpacked folder:
  sha256sum -c SHA256SUMS

How the list was made, by inboxwatch {__version__}:
  a reply counts as due after: {picture.threshold} (calendar: {picture.calendar})
  messages looked at: {picture.scanned.messages}
{settings}
manifest.json says it in full.

{DISCLAIMER}
"""
    return text.encode("utf-8", "replace")
