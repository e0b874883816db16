"""The shapes of the API: what it takes, and what it gives back, for its description."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from inboxwatch.application.listing import decision_json
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.overrides import Override

ThreadId = Annotated[str, Path(min_length=1, max_length=64, description="A thread's id.")]
MessageId = Annotated[str, Field(min_length=1, max_length=2000)]


class Ascii(JSONResponse):
    """JSON in pure ASCII: a broken subject's lone surrogates survive it."""

    def render(self, content: Any) -> bytes:
        """Write it."""
        return json.dumps(content, separators=(",", ":")).encode("ascii")


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Mark(_Given):
    """What became of a thread."""

    value: Literal["answered", "no-reply-needed", "stop-watching", "watch"]
    note: str = Field("", max_length=2000)


class Log(_Given):
    """What happened outside the mail."""

    channel: Literal["phone", "post", "portal", "meeting", "other"]
    note: str = Field("", max_length=2000)


class Snooze(_Given):
    """The first day on which reminders may come again."""

    until: date


class Case(_Given):
    """The name of a case; empty for none."""

    name: str = Field(max_length=200)


class Clock(_Given):
    """A preset's id, or an allowance such as 10wd."""

    clock: str = Field(min_length=1, max_length=100)


class Event(_Given):
    """What happened, such as `decision` or `id-asked`, and on which day."""

    name: str = Field(min_length=1, max_length=100)
    on: date


class OfMessage(_Given):
    """Which message, with or without angle brackets."""

    message_id: MessageId


class Classify(OfMessage):
    """What a message is."""

    kind: Kind


class Undo(_Given):
    """Which decision; the last one without."""

    decision: int | None = Field(None, ge=1, le=2**53)


class Decision(BaseModel):
    """A decision as it was recorded."""

    id: int
    at: str
    by: str
    verb: str
    target: str
    council_mailbox: str | None
    value: str
    note: str
    undone_at: str | None


class Problem(BaseModel):
    """What is wrong, and what can be done about it."""

    problem: str
    remedy: str


class Message(BaseModel):
    """A message of a thread."""

    model_config = ConfigDict(extra="allow")

    message_id: str
    at: str
    direction: Literal["sent", "received"]
    kind: Kind
    subject: str
    folder: str
    link: str
    evidence: list[str]


class Thread(BaseModel):
    """A thread with its standing; the fields are those of `inboxwatch list --json`."""

    model_config = ConfigDict(extra="allow")

    id: str
    status: str
    body: str
    council_mailbox: str
    subject: str
    due_on: date | None
    clock: str
    case: str | None
    waiting_days: int | None
    waiting_working_days: int | None
    chasers: int
    reason: str
    messages: list[Message]


class Listing(BaseModel):
    """Threads, up to when they are known, and what could not be read."""

    model_config = ConfigDict(extra="allow")

    person: str
    as_of: str
    threshold: str
    calendar: str
    total: int
    threads: list[Thread]
    notices: list[str]


class Explanation(BaseModel):
    """Why a thread stands where it stands."""

    model_config = ConfigDict(extra="allow")

    id: str
    subject: str
    status: str
    headline: str
    facts: dict[str, str]
    count: list[str]
    decisions: list[str]
    notes: list[str]


class Health(BaseModel):
    """How the watcher itself is."""

    model_config = ConfigDict(extra="allow")

    status: Literal["ok", "degraded"]
    version: str
    pending_deliveries: int


_WHY: dict[int, str] = {
    400: "It makes no sense.",
    401: "The token is missing or wrong.",
    403: "It is not this token's to see.",
    404: "There is no such thing, or it is not this token's to see.",
    413: "It is too large.",
    422: "It has not the right form.",
    503: "The mail was not read yet, or the store cannot be reached.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": why} for status, why in _WHY.items()
}
DECIDED: dict[int | str, dict[str, Any]] = {200: {"model": Decision}}


def decided(override: Override) -> Ascii:
    """Answer with what was recorded."""
    return Ascii(decision_json(override))
