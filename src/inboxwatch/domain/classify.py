"""Decide what a message is, from evidence with stated weights. Pure; never sees a clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from inboxwatch.domain.bodies import Body
from inboxwatch.domain.evidence.action import challenge_action, elsewhere_action
from inboxwatch.domain.evidence.courtesy import needs_no_reply, says_nothing_but
from inboxwatch.domain.evidence.dates import AddWorkingDays, weekends_only
from inboxwatch.domain.evidence.facts import tells_a_fact, tells_anything
from inboxwatch.domain.evidence.fingerprint import fingerprint
from inboxwatch.domain.evidence.folding import answered_subject, fold
from inboxwatch.domain.evidence.headers import marked_by_a_system, observe_headers
from inboxwatch.domain.evidence.holding import machine_promise, outlook
from inboxwatch.domain.evidence.references import case_references
from inboxwatch.domain.evidence.reports import decided_by_structure
from inboxwatch.domain.evidence.senders import is_daemon, observe_sender
from inboxwatch.domain.evidence.shape import observe_shape, words_after_signature
from inboxwatch.domain.evidence.timing import observe_sameness, observe_timing
from inboxwatch.domain.evidence.weights import DECISIVE, MACHINE_ROWS, Observation
from inboxwatch.domain.evidence.wording import Says, Where, Wording
from inboxwatch.domain.kinds import Classification, Evidence, Kind
from inboxwatch.domain.london import local_day
from inboxwatch.domain.message import Message
from inboxwatch.domain.scoring import add_up
from inboxwatch.domain.threads import Direction

OWN_REMINDER_DOMAIN = "reminder.inboxwatch.invalid"

_OPENING = 1000  # folded characters that count as the opening
_HEAD, _TAIL = 3000, 1000  # folded characters that are read at all: the beginning and the end
_RETURNED = 1500  # of the rest of a mail system's message, which may quote before it speaks
_ANSWER_AT_LEAST = 20  # folded characters of a ticket system's mail that can be an answer
_OF_WHAT_IT_ANSWERS = 0.25  # of "RE: Automatic reply: …": a person answers to a receipt
_SMALL_PRINT = 0.5  # of the weight of words that stand below a sender's own name
_RECEIVED = frozenset({"acknowledgement, strong", "acknowledgement, medium"})
_AUTOMATIC = frozenset({"automatic, strong", "automatic, medium"})
_ANYONE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known around a message when it is judged.

    `own_message_at` is the time of our message that it names, or whose subject it has at once,
    else of our newest to that body before it; `answers_ours` tells which. `seen_before` counts
    earlier messages with the same fingerprint from the same sender. `taught` holds (sender or "*",
    fingerprint, kind) said by hand.
    """

    wording: Wording
    body: Body | None = None
    own_addresses: frozenset[str] = frozenset()
    direction: Direction = Direction.RECEIVED
    own_message_at: datetime | None = None
    answers_ours: bool = False
    seen_before: int = 0
    taught: tuple[tuple[str, str, Kind], ...] = ()
    add_working_days: AddWorkingDays = weekends_only
    said_at: datetime | None = None  # when it was written, if not `message.at`
    _taught: dict[tuple[str, str], Kind] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Index what was taught; the last word on a text counts."""
        self._taught.update({(sender, text): kind for sender, text, kind in self.taught})

    def taught_kind(self, sender: str, text: str) -> Kind | None:
        """Return what a person said about this text from this sender, or from anyone."""
        return self._taught.get((sender, text)) or self._taught.get((_ANYONE, text))


def classify(message: Message, context: Context) -> Classification:
    """Judge what a message is, and say why.

    A report or a calendar request in its structure decides; then what a person taught about the
    same text from the same sender; then the sum of all evidence. In doubt it is UNSURE.

    Source: RFC 3464, RFC 3834, RFC 8098, and the weights in `evidence.weights`.
    """
    common = Classification(
        kind=Kind.UNSURE,
        fingerprint=fingerprint(message),
        case_references=case_references(message.subject, message.own_text),
    )
    if _is_own_reminder(message):
        why = Evidence(
            text="it is a reminder that this program sent",
            towards=Kind.OWN_REMINDER,
            weight=DECISIVE,
            source="header",
        )
        return replace(common, kind=Kind.OWN_REMINDER, evidence=(why,))
    text = read_as(message)
    structure = decided_by_structure(message, text, context.wording)
    if structure is not None:
        return replace(common, kind=structure.towards, evidence=(structure,))
    if context.direction is Direction.SENT:
        return _ours(message, context, common)
    sender = message.sender.address if message.sender else ""
    taught = context.taught_kind(sender, common.fingerprint) if common.fingerprint else None
    if taught is not None:
        why = Evidence(
            text="a person said so about the same words from this sender",
            towards=taught,
            weight=DECISIVE,
            source="taught",
        )
        judged = told(message, context, replace(common, kind=taught, evidence=(why,)))
        return replace(judged, may_hold=False)  # somebody has had a look
    score = add_up(tuple(_observe(message, context, text)))
    judged = replace(common, kind=score.kind, evidence=score.evidence, confidence=score.confidence)
    return _dated(message, told(message, context, judged))


def _dated(message: Message, judged: Classification) -> Classification:
    """Doubt what would stop a clock where nothing says when it came."""
    if not message.is_undated or not judged.kind.stops_the_clock:
        return judged
    why = Evidence(
        text="it has no date, so nobody can tell which of your messages it came after",
        towards=Kind.UNSURE,
        weight=DECISIVE,
        source="header",
    )
    return replace(judged.untold(), kind=Kind.UNSURE, evidence=(why, *judged.evidence))


def _is_own_reminder(message: Message) -> bool:
    return message.message_id.endswith("@" + OWN_REMINDER_DOMAIN)


def _readable(message: Message) -> str:
    """Return the author's words; of a mail system's message also what looked like quotation."""
    if is_daemon(message.sender) or not message.own_text.strip():
        return f"{message.own_text}\n{message.quoted_text[:_RETURNED]}"
    return message.own_text


def read_as(message: Message) -> str:
    """Return the words that a message is judged by, folded."""
    return _abridged(fold(_readable(message)))


def _abridged(folded: str) -> str:
    """Return a text without its middle where it is long."""
    if len(folded) <= _HEAD + _TAIL:
        return folded
    return f"{folded[:_HEAD]} … {folded[-_TAIL:]}"


def _observe(message: Message, context: Context, text: str) -> Iterator[Observation]:
    yield from observe_headers(message)
    yield from observe_sender(message)
    yield from observe_shape(message, text)
    own_at = None if message.is_undated else context.own_message_at
    yield from observe_timing(message, own_at, answers_ours=context.answers_ours)
    yield from observe_sameness(len(text), context.seen_before)
    places = (
        (Where.SUBJECT, fold(message.subject, 300)),
        (Where.OPENING, text[:_OPENING]),
        (Where.TEXT, text),
    )
    below = fold(words_after_signature(message.own_text, message.sender))
    answered = fold(answered_subject(message.subject), 300)
    seen: set[str] = set()
    for where, folded in places:
        for hit in context.wording.hits(where, folded):
            row = f"{hit.phrase.says.value}, {hit.phrase.strength.value}"
            what = "the subject says" if where is Where.SUBJECT else "it says"
            share = _SMALL_PRINT if hit.words in below else 1.0
            if where is Where.SUBJECT and answered.startswith(hit.words) and row in MACHINE_ROWS:
                share = _OF_WHAT_IT_ANSWERS
            yield Observation(row, f"{what} “{hit.words}”", "wording", share)
            seen.add(row)
    # Of a body's own system; what other robots tell is no answer.
    is_theirs = context.body is not None
    says_so = not seen.isdisjoint(_RECEIVED | _AUTOMATIC if is_theirs else _RECEIVED)
    may_tell = says_so and (is_theirs or "automatic, strong" not in seen)
    # No word of it is a receipt's: whatever else it says is what it was sent for.
    is_bare = is_theirs and "automatic, strong" in seen and not seen & MACHINE_ROWS - _AUTOMATIC
    tells = tells_anything if is_bare else tells_a_fact
    if may_tell and tells(message.own_text, context.wording):
        words = "it tells something of the matter besides"
        yield Observation("tells a fact besides", words, "wording")
    away = "out-of-office, strong" in seen
    if away and says_nothing_but(Says.OUT_OF_OFFICE, message.own_text, context.wording):
        yield Observation("says nothing but absence", "it says nothing but that", "wording")
    says_something = len(text) >= _ANSWER_AT_LEAST and seen.isdisjoint(MACHINE_ROWS)
    if says_something and marked_by_a_system(message):
        words = "a system marks all its mail so, and no word of this is a machine's"
        yield Observation("a ticket system with an answer", words, "wording")


def _ours(message: Message, context: Context, common: Classification) -> Classification:
    """Judge mail of our own: a person's, unless our own vacation notice answered for us."""
    automatic = [
        seen
        for seen in observe_headers(message)
        if seen.row in ("auto-submitted: auto-replied", "vacation header", "precedence: auto_reply")
    ]
    if automatic:
        why = Evidence(
            text=automatic[0].text, towards=Kind.OUT_OF_OFFICE, weight=DECISIVE, source="header"
        )
        return replace(common, kind=Kind.OUT_OF_OFFICE, evidence=(why,), needs_no_reply=True)
    why = Evidence(text="you sent it", towards=Kind.HUMAN, weight=DECISIVE, source="sender")
    thanks = needs_no_reply(message, context.wording)
    return replace(common, kind=Kind.HUMAN, evidence=(why,), needs_no_reply=thanks)


def told(message: Message, context: Context, judged: Classification) -> Classification:
    """Add what the words of a message say will follow, by its kind.

    What only says that somebody will answer is no answer, whoever or whatever wrote it, so that
    nobody has to be asked which it was.
    """
    if judged.kind in (Kind.HUMAN, Kind.UNSURE):
        said_on = local_day(context.said_at or message.at)
        ahead = outlook(message, context.wording, said_on, context.add_working_days)
        if ahead.is_holding:
            day = ahead.promised_on
            return replace(judged, kind=Kind.HUMAN, holding=True, promised_on=day)
        if judged.kind is Kind.HUMAN:
            day = ahead.promised_on
            if day is None and not ahead.may_hold:
                return judged
            return replace(judged, promised_on=day, may_hold=ahead.may_hold)
    if judged.kind.acknowledges or judged.kind is Kind.UNSURE:
        promise = machine_promise(message, context.wording)
        judged = replace(judged, machine_promise=promise) if promise is not None else judged
    if judged.kind is Kind.CHALLENGE:
        judged = replace(judged, action=challenge_action(message, context.wording))
    elif judged.kind is Kind.UNSURE:
        judged = replace(judged, action=elsewhere_action(message, context.wording))
    return judged
