"""Run the whole chain over a simulated world and count what it got wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from inboxwatch.adapters.holidays import calendars
from inboxwatch.adapters.mime import MimeReader
from inboxwatch.adapters.presets import load
from inboxwatch.adapters.wording import shipped_wording
from inboxwatch.application.draw import Yardstick, draw, read_mail
from inboxwatch.application.picture import Picture
from inboxwatch.domain.message import Location, Message, Unreadable
from inboxwatch.domain.rules import DEFAULT_RULE
from inboxwatch.domain.verdict import Verdict, Wait
from tests.world.simulator import World
from tests.world.truth import Expected


@dataclass(slots=True)
class Score:
    """What was asked and what came out wrong, with the cases named."""

    asked: int = 0
    accused: list[str] = field(default_factory=list)  # answered, yet said to be unanswered
    missed: list[str] = field(default_factory=list)  # unanswered, yet said to be answered
    reviewed: list[str] = field(default_factory=list)  # clear, yet put to review
    otherwise: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def table(self) -> str:
        """The figures, and every wrong verdict by name."""
        rows = (
            ("answered, said to be ignored", self.accused),
            ("ignored, said to be answered", self.missed),
            ("put to review without need", self.reviewed),
            ("another wrong status", self.otherwise),
            ("wrong facts", self.facts),
        )
        lines = [f"{self.asked} questions: {dict(sorted(self.statuses.items()))}"]
        for name, cases in rows:
            lines.append(f"  {name:30} {len(cases):4}  {len(cases) / self.asked:.2%}")
            lines += [f"      {case}" for case in cases]
        return "\n".join(lines)


def yardstick() -> Yardstick:
    presets = load()
    return Yardstick(
        wording=shipped_wording(),
        rules=(DEFAULT_RULE,),
        clocks=presets.clocks,
        calendars=calendars(),
        calendar="england-and-wales",
    )


def read_world(world: World) -> tuple[Message, ...]:
    """Read every mail; copies of one message are one."""
    reader = MimeReader(now=lambda: world.as_of)
    found: dict[str, Message] = {}
    for number, mail in enumerate(world.mails):
        place = Location(
            account="home", folder=mail.folder, role=mail.role, uidvalidity=1, uid=number
        )
        message = reader.read(mail.raw, location=place, received_at=mail.received_at)
        assert not isinstance(message, Unreadable), message
        found.setdefault(message.message_id, message)
    return tuple(found.values())


def picture_of(world: World, messages: tuple[Message, ...] | None = None) -> Picture:
    measure = yardstick()
    read = read_mail(messages or read_world(world), world.watch, measure)
    return draw(read, measure, as_of=world.as_of)


def score(world: World, picture: Picture) -> Score:
    """Compare a picture with the truth."""
    places = {
        (placed.entry.message_id, verdict.thread.council_mailbox.address): verdict
        for verdict in picture.verdicts
        for placed in verdict.thread.placed
    }
    result = Score()
    for expected in world.expected:
        result.asked += 1
        verdict = places.get((expected.message_id, expected.mailbox))
        label = f"{expected.scenario} {expected.message_id}"
        if verdict is None:
            result.otherwise.append(f"{label}: in no thread")
            continue
        _compare(expected, verdict, result, label)
    return result


def _compare(expected: Expected, verdict: Verdict, result: Score, label: str) -> None:
    status = verdict.status.value
    result.statuses[status] += 1
    told = f"{label}: {status}, not {'/'.join(sorted(expected.statuses))} ({verdict.reason})"
    if status not in expected.statuses:
        unanswered = {"overdue", "waiting", "undelivered"}
        if expected.statuses <= {"answered"} and status in unanswered:
            result.accused.append(told)
        elif status == "answered":
            result.missed.append(told)
        elif status == "review":
            result.reviewed.append(told)
        else:
            result.otherwise.append(told)
    wait = next((w for w in verdict.waits if expected.message_id in w.message_ids), None)
    if wait is None:
        if status not in ("answered",):
            result.otherwise.append(f"{label}: no wait begins with it")
        return
    for name, found, wanted in _facts(expected, wait):
        if wanted is not None and found != wanted:
            result.facts.append(f"{label}: {name} is {found}, not {wanted}")


def _facts(expected: Expected, wait: Wait) -> tuple[tuple[str, object, object], ...]:
    return (
        ("acknowledged", wait.acknowledged_at is not None, expected.acknowledged),
        ("read", wait.read_at is not None, expected.read),
        ("deleted", wait.deleted_at is not None, expected.deleted),
        ("chasers", len(wait.chasers), expected.chasers),
        ("promised_on", wait.promised_on, expected.promised_on),
    )
