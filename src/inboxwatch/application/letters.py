"""The letter for a thread's next step: its facts, and where it goes. Sends nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from urllib.parse import quote

from inboxwatch.application.wording import times_words
from inboxwatch.domain import ladder
from inboxwatch.domain.clocks import LegalForce
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.ladder import Rung
from inboxwatch.domain.london import local_day
from inboxwatch.domain.message import Address, Message
from inboxwatch.domain.plain import one_line
from inboxwatch.domain.threads import Direction, Placed
from inboxwatch.domain.verdict import Status, Verdict, Wait

NOT_ADVICE = (
    "Please read it, change what does not fit, and fill in what stands in [ ]. Nothing was sent."
    " This is not legal advice; the dates are inboxwatch's own count."
)
# These stay in the conversation; the others begin a new one, with a time of its own.
_REPLIES = frozenset({Rung.CHASER, Rung.FIRM})
_TO_THE_COUNCIL = _REPLIES | {Rung.COMPLAINT}
_REPLY_MARKS = re.compile(r"^(?:(?:re|fwd?|aw|sv)\s*:\s*)+", re.IGNORECASE)
_MAX_HISTORY = 30
_MAX_QUOTED = 60  # lines
_PROMISES = frozenset({LegalForce.COUNCIL_PROMISE})
_SAID = {
    Kind.HUMAN: "a reply came",
    Kind.SYSTEM_ANSWER: "an answer was sent by a system",
    Kind.ACKNOWLEDGEMENT: "an automatic message said that it had been received",
    Kind.OUT_OF_OFFICE: "an automatic message said that the reader was away",
    Kind.CHALLENGE: "an automatic message asked me to write in another way",
    Kind.BOUNCE: "it came back as undelivered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter, ready to be read and sent by the user.

    `to` is None where it goes to someone whose address is not known here. `in_reply_to` and
    `references` are ids without brackets, empty where it begins a new conversation. `quoted` is
    the user's own first message, with `> ` before each line.
    """

    rung: Rung
    sender: Address
    to: Address | None
    subject: str
    body: str
    quoted: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


class LetterWriter(Protocol):
    """Fills in the text of a letter."""

    def write(self, rung: str, facts: dict[str, object]) -> tuple[str, str]:
        """Return subject and body of a letter.

        Raises:
            ConfigError: a template of the user's cannot be used.
        """
        ...


def letter(
    verdict: Verdict,
    rung: Rung | None,
    writer: LetterWriter,
    *,
    sender: Address,
    body_title: str,
) -> Letter:
    """Write the letter for a thread.

    Args:
        rung: which letter; None for the gentlest that fits.
        sender: the user, as the letter is signed and sent.

    Raises:
        ConfigError: a template of the user's cannot be used.
        ValueError: nothing in the thread waits for a reply.
    """
    wait = verdict.wait
    if wait is None:
        raise ValueError("nothing in this thread waits for a reply")
    chosen = rung or ladder.choose(verdict)
    facts = letter_facts(verdict, wait, sender=sender, body_title=body_title)
    subject, body = writer.write(chosen.value, facts)
    box = verdict.thread.council_mailbox
    latest = _latest(wait)
    replies = chosen in _REPLIES
    return Letter(
        rung=chosen,
        sender=sender,
        to=_recipient(latest, box.address) if chosen in _TO_THE_COUNCIL else None,
        subject=one_line(subject, 200),
        body=body,
        quoted=_quoted(wait.unanswered) if chosen in _TO_THE_COUNCIL else "",
        in_reply_to=latest.message_id if replies and latest.has_own_id else "",
        references=_references(latest) if replies else (),
    )


def letter_facts(
    verdict: Verdict, wait: Wait, *, sender: Address, body_title: str
) -> dict[str, object]:
    """Return what a template can use: plain text, numbers and yes or no; nothing to be called."""
    clock = verdict.due.clock if verdict.due else None
    subject = one_line(verdict.thread.subject, 150) or "no subject"
    known_on = local_day(verdict.as_of)
    promised = wait.promised_on
    return {
        "name": one_line(sender.name, 80) or "[your name]",
        "team": f"{one_line(body_title, 80)} team" if body_title else "team",
        "body_title": one_line(body_title, 80) or verdict.thread.council_mailbox.body,
        "council_mailbox": verdict.thread.council_mailbox.address,
        "subject": subject,
        "reply_subject": f"Re: {_REPLY_MARKS.sub('', subject)}",
        "reference": _reference(verdict),
        "asked_on": _day(local_day(wait.unanswered.at)),
        "known_on": _day(known_on),
        "due_on": _day(verdict.due_on) if verdict.due_on and verdict.due_on < known_on else "",
        "promised_on": _day(promised) if promised else "",
        "promise_passed": promised is not None and promised < known_on,
        "acknowledged_on": _moment(wait.acknowledged_at),
        "undelivered": verdict.status is Status.UNDELIVERED,
        "waiting_days": verdict.waiting_days or 0,
        "waiting_working_days": verdict.waiting_working_days or 0,
        "chasers": len(wait.chasers),
        "chased": times_words(len(wait.chasers)) if wait.chasers else "",
        "clock": clock.title if clock else "",
        "allowed": verdict.due.allowed if verdict.due else "",
        "citation": clock.citation if clock else "",
        "by_law": ladder.is_by_law(verdict),
        "council_promise": clock is not None and clock.legal_force in _PROMISES,
        "complaint": ladder.group(verdict) == ladder.COMPLAINTS,
        "information": ladder.group(verdict) == ladder.INFORMATION,
        "history": _history(verdict, wait),
    }


def mailto(letter: Letter) -> str:
    """Return a `mailto:` address that opens the letter in a mail program (RFC 6068)."""
    fields = [("subject", letter.subject)]
    if letter.in_reply_to:
        fields.append(("in-reply-to", f"<{letter.in_reply_to}>"))
    fields.append(("body", letter.body.replace("\n", "\r\n")))
    to = quote(letter.to.address, safe="@") if letter.to else ""
    return f"mailto:{to}?" + "&".join(
        f"{name}={quote(value.encode('utf-8', 'replace'), safe='')}" for name, value in fields
    )


def _latest(wait: Wait) -> Message:
    """Return the newest message of ours, which a chaser answers so that it stays in the thread."""
    return max((wait.unanswered, *wait.chasers), key=lambda message: message.at)


def _recipient(message: Message, address: str) -> Address:
    found = next((to for to in message.recipients if to.address == address), None)
    return Address(address=address, name=one_line(found.name, 80) if found else "")


def _references(message: Message) -> tuple[str, ...]:
    """Return the chain of a reply: the references of what it answers, then that message itself."""
    chain = message.references or message.in_reply_to
    own = (message.message_id,) if message.has_own_id else ()
    return tuple(dict.fromkeys((*chain, *own)))


def _quoted(message: Message) -> str:
    lines = message.own_text.strip().splitlines()
    kept = [one_line(line) for line in lines[:_MAX_QUOTED]]
    if not kept:
        return ""
    kept += ["[…]"] if len(lines) > _MAX_QUOTED else []
    quoted = "\n".join(f"> {line}".rstrip() for line in kept)
    return f"On {_moment(message.at)} I wrote:\n{quoted}\n"


def _reference(verdict: Verdict) -> str:
    found = [r for p in verdict.thread.placed for r in p.entry.classification.case_references]
    return one_line(found[-1], 40) if found else ""


def _history(verdict: Verdict, wait: Wait) -> list[str]:
    ours = {message.message_id: n for n, message in enumerate((wait.unanswered, *wait.chasers))}
    lines = []
    for placed in verdict.thread.placed:
        if placed.at < wait.unanswered.at:
            continue
        said = _said(placed, ours)
        if said:
            lines.append(f"{_moment(placed.at)}: {said}")
    if len(lines) > _MAX_HISTORY:
        left = len(lines) - _MAX_HISTORY
        lines = [*lines[: _MAX_HISTORY // 2], f"({left} more)", *lines[-_MAX_HISTORY // 2 :]]
    return lines


def _said(placed: Placed, ours: dict[str, int]) -> str:
    entry = placed.entry
    if entry.direction is Direction.SENT:
        number = ours.get(entry.message_id)
        if number is None:
            return ""
        return "I wrote" if number == 0 else "I asked again"
    if entry.classification.holding:
        promised = entry.classification.promised_on
        by = f" by {_day(promised)}" if promised else ""
        return f"someone wrote that I would have an answer{by}"
    return _SAID.get(entry.classification.kind, "")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else _day(local_day(moment))
