"""List the mail in a .zip archive, such as Google Takeout gives. Nothing is unpacked to disk."""

from __future__ import annotations

import zipfile
from dataclasses import replace

from inboxwatch.adapters.mailfile.mbox import is_mbox
from inboxwatch.adapters.mailfile.names import folder_name, is_noise, role_of, why_not
from inboxwatch.adapters.mailfile.reading import READ_ERRORS
from inboxwatch.adapters.mailfile.sources import Form, Found, Source, looks_like_header
from inboxwatch.application.records import NotScanned

_MAX_MEMBERS = 200_000
_MAX_RATIO = 200  # mail packs to a tenth at best; a bomb to a thousandth
_BOMB_FROM = 64 * 1024 * 1024
_ENCRYPTED = 0x1


def members(source: Source) -> Found:
    """Return a source for every member of the archive that is mail.

    Members packed tighter than mail can be are not opened: they would only cost time.
    """
    found: list[Source] = []
    passed: list[NotScanned] = []
    try:
        with zipfile.ZipFile(source.path) as archive:
            for member in archive.infolist()[:_MAX_MEMBERS]:
                one = _member(source, archive, member)
                if isinstance(one, Source):
                    found.append(one)
                elif one is not None:
                    passed.append(one)
            if len(archive.infolist()) > _MAX_MEMBERS:
                passed.append(NotScanned(place=str(source.path), reason="it has too many members"))
    except READ_ERRORS:
        reason = "the archive is damaged: download it again"
        return Found(not_scanned=(NotScanned(place=str(source.path), reason=reason),))
    return Found(sources=tuple(found), not_scanned=tuple(passed))


def _member(
    source: Source, archive: zipfile.ZipFile, member: zipfile.ZipInfo
) -> Source | NotScanned | None:
    """Return what a member is; None for what is known to be no mail."""
    name = member.filename.rpartition("/")[2]
    if member.is_dir() or not name or is_noise(name) or name.startswith("._"):
        return None
    place = f"{source.path}:{member.filename}"
    reason = why_not(name) or _refused(member)
    if reason is None and name.lower().endswith(".zip"):
        reason = "an archive within an archive: unpack it first"
    if reason is not None:
        return NotScanned(place=place, reason=reason)
    try:
        with archive.open(member) as stream:
            beginning = stream.read(64 * 1024)
    except READ_ERRORS:
        return NotScanned(place=place, reason="it is damaged")
    single = name.lower().endswith(".eml") and looks_like_header(beginning)
    if not single and not is_mbox(beginning):
        ends = name.lower().endswith((".mbox", ".eml"))
        return NotScanned(place=place, reason="it is neither mbox nor .eml") if ends else None
    parts = member.filename.split("/")
    folder = folder_name(parts[-2] if single and len(parts) > 1 else parts[-1])
    return replace(
        source,
        form=Form.MEMBER,
        folder=folder,
        role=role_of(folder),
        size=member.file_size,
        member=member.filename,
    )


def _refused(member: zipfile.ZipInfo) -> str | None:
    if member.flag_bits & _ENCRYPTED:
        return "it is encrypted: unpack it first"
    packed = max(member.compress_size, 1)
    if member.file_size > _BOMB_FROM and member.file_size / packed > _MAX_RATIO:
        return "it is packed tighter than mail can be"
    return None
