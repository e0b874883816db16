"""Act on the user's answers to reminders: only on what is provably theirs, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxwatch.application.digest import (
    DIGEST,
    REMINDER_DOMAIN,
    Digest,
    reminder_message_id,
)
from inboxwatch.application.notes import add_notes
from inboxwatch.application.payload import read_digest
from inboxwatch.application.ports import Transaction
from inboxwatch.application.wording import day_words
from inboxwatch.domain.authenticity import is_aligned, is_own_copy
from inboxwatch.domain.commands import Action, Command, Unknown, parse_commands
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.london import local_day
from inboxwatch.domain.message import Message
from inboxwatch.domain.overrides import Override, Verb
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.reminders import Reminder
from inboxwatch.domain.sides import MACHINE_KINDS
from inboxwatch.domain.threads import Assembly, Direction, Entry, Placed

BY = "reply"
_HANDLED = "reply-handled:"
_HELP = "Write one of: done, snooze 5, auto, real, called: what they said, stop."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A message of the user's in answer to a digest."""

    message: Message
    digest: Digest


def respond(
    tx: Transaction,
    person: str,
    *,
    entries: Iterable[Entry],
    assembly: Assembly,
    secret: bytes,
    trusted: Collection[str],
    now: datetime,
) -> int:
    """Record what the user's answers to reminders say; return how many answers were acted on.

    An answer counts when it names a Message-ID that only we could have made, and it is the user's
    own copy in Sent or a server the user trusts vouches for it. Every command becomes a decision
    that can be undone; what was done, and what was not understood, is told in the next digest.

    Args:
        entries: every message of the person's.
        secret: the store's own, of which the Message-IDs are made.
        trusted: names of the user's own mail servers, for answers that lie in no Sent folder.
        now: aware UTC.
    """
    candidates = [entry.message for entry in entries if _may_answer(entry)]
    candidates = [m for m in candidates if tx.setting(_handled(person, m)) is None]
    if not candidates:
        return 0
    known = tx.our_ids(person)
    digests = {
        reminder_message_id(secret, delivery.id): delivery
        for delivery in tx.deliveries(person)
        if delivery.type == DIGEST and delivery.payload
    }
    done = 0
    for message in sorted(candidates, key=lambda m: (m.at, m.message_id)):
        named = [i for i in _named(message) if i in digests and i in known]
        if not named or not (is_own_copy(message) or is_aligned(message, trusted)):
            continue  # looked at again: the copy in Sent may be found later
        answer = _Answer(message=message, digest=read_digest(digests[named[0]].payload))
        add_notes(tx, person, _act(tx, person, answer, assembly, now=now), at=now)
        tx.set_setting(_handled(person, message), now.isoformat())
        done += 1
    return done


def _may_answer(entry: Entry) -> bool:
    if entry.direction is not Direction.SENT:
        return False
    automatic = (entry.message.header("auto-submitted") or "no").strip().lower() != "no"
    return not automatic and any(i.endswith("@" + REMINDER_DOMAIN) for i in _named(entry.message))


def _named(message: Message) -> tuple[str, ...]:
    """Return the ids a message answers, the nearest first."""
    return (*message.in_reply_to, *reversed(message.references))


def _handled(person: str, message: Message) -> str:
    key = f"{person}\0{message.message_id}".encode("utf-8", "surrogatepass")
    return _HANDLED + hashlib.sha256(key).hexdigest()


def _act(
    tx: Transaction, person: str, answer: _Answer, assembly: Assembly, *, now: datetime
) -> list[str]:
    """Record each command; return a note for each."""
    commands = parse_commands(answer.message.own_text)
    if not commands:
        return [f"Your answer to a reminder held no words of yours. {_HELP}"]
    notes = []
    for command in commands:
        if isinstance(command, Unknown):
            notes.append(f"Your answer “{command.line}” was not understood. {_HELP}")
            continue
        number, reminder = _meant(command, answer.digest)
        if reminder is None:
            notes.append(_which(command, answer.digest))
            continue
        about = f"{number}. “{one_line(reminder.subject, 60) or 'no subject'}”"
        made, words = _decision(command, reminder, answer.message, assembly, now=now)
        if made is not None:
            made = tx.add_override(person, made)
            words += f" (inboxwatch undo {made.id} takes it back)"
        notes.append(f"{about}: {words}.")
    return notes


def _meant(command: Command, digest: Digest) -> tuple[int, Reminder | None]:
    number = command.number
    if number is None and len(digest.reminders) == 1:
        number = 1
    if number is None or not 1 <= number <= len(digest.reminders):
        return 0, None
    return number, digest.reminders[number - 1]


def _which(command: Command, digest: Digest) -> str:
    said = command.action.value
    if not digest.reminders:
        return f"Your answer “{said}” was to a mail without any thread; nothing was done."
    if command.number is None:
        return (
            f"Your answer “{said}” did not say which of the {len(digest.reminders)} it is about;"
            f" nothing was done. Write for example: {said} 2"
        )
    return (
        f"Your answer “{said} {command.number}” names a number that the mail did not have;"
        " nothing was done."
    )


def _decision(
    command: Command,
    reminder: Reminder,
    message: Message,
    assembly: Assembly,
    *,
    now: datetime,
) -> tuple[Override | None, str]:
    """Return the decision a command makes, None when it makes none, and what to say of it."""
    if command.action in (Action.AUTO, Action.REAL):
        return _classified(command.action, reminder, message, assembly, now=now)
    value, verb, note = "", Verb.MARK, f"in answer to a reminder, <{message.message_id}>"
    match command.action:
        case Action.DONE:
            value, words = "answered", "marked as answered"
        case Action.STOP:
            value, words = "stop-watching", "no longer watched"
        case Action.CALLED:
            verb, value, note = Verb.LOG, "phone", command.words
            words = f"noted that you called: {one_line(command.words, 120)}"
        case _:
            until = command.until or local_day(message.at) + timedelta(days=command.days or 1)
            if until <= local_day(now):
                return None, f"not snoozed, as {day_words(until)} is over"
            verb, value = Verb.SNOOZE, until.isoformat()
            words = f"no reminders before {day_words(until)}"
    return _override(verb, reminder.key.unanswered, value, note, reminder, message, now), words


def _override(
    verb: Verb,
    target: str,
    value: str,
    note: str,
    reminder: Reminder | None,
    message: Message,
    now: datetime,
) -> Override:
    return Override(
        id=0,
        # When it was written: what the user sent to the council since then is a new question.
        at=min(message.at, now),
        by=BY,
        verb=verb,
        target=target,
        council_mailbox=reminder.council_mailbox if reminder else None,
        value=value,
        note=note,
    )


def _classified(
    action: Action, reminder: Reminder, message: Message, assembly: Assembly, *, now: datetime
) -> tuple[Override | None, str]:
    """Say of the newest reply that it was a person's, or automatic after all."""
    replies = _replies(reminder, assembly, before=message.at)
    if action is Action.AUTO:
        fitting = [p for p in replies if p.entry.classification.kind not in MACHINE_KINDS]
        kind, words = Kind.ACKNOWLEDGEMENT, "was automatic"
    else:
        fitting = [p for p in replies if not _is_plain_answer(p)]
        kind, words = Kind.HUMAN, "was written by a person"
    if not fitting:
        return None, "there is no such message from them to judge, so nothing was done"
    entry = fitting[-1].entry
    note = f"in answer to a reminder, <{message.message_id}>"
    override = _override(Verb.CLASSIFY, entry.message_id, kind.value, note, None, message, now)
    return override, f"their message of {day_words(local_day(entry.at))} {words}"


def _replies(reminder: Reminder, assembly: Assembly, *, before: datetime) -> list[Placed]:
    """Return what they sent in the thread after the question, up to the user's answer."""
    ids = {reminder.key.unanswered, *reminder.covers}
    for thread in assembly.threads:
        if thread.council_mailbox.address != reminder.council_mailbox:
            continue
        asked = [p.at for p in thread.placed if p.entry.message_id in ids]
        if asked:
            return [
                p
                for p in thread.placed
                if p.entry.direction is Direction.RECEIVED and min(asked) <= p.at <= before
            ]
    return []


def _is_plain_answer(placed: Placed) -> bool:
    classification = placed.entry.classification
    return classification.kind is Kind.HUMAN and not classification.holding
