"""Classify single mail files, each alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from inboxwatch.adapters.clock import utc_now
from inboxwatch.adapters.mime import MimeReader
from inboxwatch.adapters.wording import load_wording
from inboxwatch.application.ports import MailReader
from inboxwatch.domain.bodies import Body
from inboxwatch.domain.classify import Context, classify
from inboxwatch.domain.evidence.wording import Wording
from inboxwatch.domain.kinds import Classification, Evidence, Kind
from inboxwatch.domain.message import FolderRole, Location, Unreadable


def reader_and_wording() -> tuple[MailReader, Wording]:
    """Return what `classify_file` needs, made once for many files."""
    return MimeReader(now=utc_now), load_wording()


def classify_file(path: Path, reader: MailReader, wording: Wording) -> Classification:
    """Judge one file; one that cannot be read is unsure, with the reason."""
    place = Location(
        account="", folder=str(path.parent), role=FolderRole.INBOX, uidvalidity=1, uid=1
    )
    try:
        raw = path.read_bytes()
    except OSError as error:
        return _unsure(f"the file cannot be read: {error.strerror}")
    if not raw.strip():
        return _unsure("the file is empty")
    message = reader.read(raw, location=place)
    if isinstance(message, Unreadable):
        # A message without any believable date is still words that can be judged.
        message = reader.read(raw, location=place, received_at=datetime.now(UTC))
    if isinstance(message, Unreadable):
        return _unsure(message.reason)
    sender = message.sender.domain if message.sender else ""
    body = Body(name=sender, domains=(sender,)) if sender else None
    return classify(message, Context(wording=wording, body=body))


def _unsure(why: str) -> Classification:
    evidence = Evidence(text=why, towards=Kind.UNSURE, weight=0.0, source="file")
    return Classification(kind=Kind.UNSURE, evidence=(evidence,), confidence=0.0)
