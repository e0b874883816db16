"""The simulated world: a parent's mailbox of many stories with the truth known, from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from inboxwatch.domain.bodies import Body, Watch
from tests.world.answered import ANSWERED
from tests.world.ignored import IGNORED
from tests.world.mails import ALIAS, PARENT, Mail
from tests.world.odd import ODD
from tests.world.plain import PLAIN
from tests.world.story import Story
from tests.world.truth import AS_OF, Expected

SCENARIOS = (*IGNORED, *ANSWERED, *ODD, *PLAIN)
DOMAINS = (
    "kent.example", "medway.example", "surrey.example", "essex.example", "sussex.example",
    "dover.example", "thanet.example", "swale.example",
)  # fmt: skip
MAILBOXES = ("send", "sen.casework", "transport", "ehcp.reviews")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All the mail and what is true of it."""

    mails: tuple[Mail, ...]
    expected: tuple[Expected, ...]
    watch: Watch
    as_of: datetime


def simulate(threads: int = 400, seed: int = 1) -> World:
    """Make a world; the same seed makes the same one. Every scenario is told equally often."""
    rng = random.Random(seed)
    stories = []
    for number in range(threads):
        tell = SCENARIOS[number % len(SCENARIOS)]
        days_ago = rng.randrange(45, 500)
        if rng.random() < 0.15:
            days_ago = rng.randrange(30, 45) if number % 2 else rng.randrange(1, 12)
        start = AS_OF - timedelta(days=days_ago, minutes=rng.randrange(0, 600))
        start = start.replace(second=rng.randrange(60), microsecond=0)
        domain = rng.choice(DOMAINS)
        story = Story(
            scenario=tell.__name__,
            number=number,
            rng=rng,
            start=start,
            mailbox=f"{rng.choice(MAILBOXES)}@{domain}",
            domain=domain,
        )
        tell(story)
        if all(mail.received_at <= AS_OF for mail in story.mails):
            stories.append(story)
    mails = [mail for story in stories for mail in story.mails]
    mails.sort(key=lambda mail: (mail.received_at, mail.message_id))
    return World(
        mails=tuple(mails),
        expected=tuple(e for story in stories for e in story.expected),
        watch=world_watch(),
        as_of=AS_OF,
    )


def world_watch() -> Watch:
    bodies = tuple(
        Body(name=d, title=d.split(".")[0].title(), domains=(d,), not_the_body=(f"members.{d}",))
        for d in (*DOMAINS, "nhs-kent.example")
    )
    own = frozenset({PARENT, ALIAS})
    return Watch(bodies=bodies, own_addresses=own, systems=("casesystem.example",))


def write_maildir(world: World, folder: Path) -> None:
    """Write the world as a Maildir++ tree."""
    for number, mail in enumerate(world.mails):
        inside = folder if mail.folder == "INBOX" else folder / f".{mail.folder}"
        for name in ("cur", "new", "tmp"):
            (inside / name).mkdir(parents=True, exist_ok=True)
        stamp = int(mail.received_at.timestamp())
        (inside / "cur" / f"{stamp}.{number}.world:2,S").write_bytes(mail.raw)


def write_mboxes(world: World, folder: Path) -> tuple[Path, ...]:
    """Write the world as one mbox a folder; return the files."""
    made: dict[str, list[bytes]] = {}
    for mail in world.mails:
        text = mail.raw.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
        day = mail.received_at.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y")
        made.setdefault(mail.folder, []).append(b"From - " + day.encode() + b"\n" + text + b"\n")
    paths = []
    for name, parts in sorted(made.items()):
        path = folder / f"{name}.mbox"
        path.write_bytes(b"".join(parts))
        paths.append(path)
    return tuple(paths)
