"""The sample mail that ships with the program, read for real, and what it is judged by."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files

from inboxwatch.adapters import holidays, presets
from inboxwatch.adapters.mime.reader import MimeReader
from inboxwatch.adapters.wording import load_wording
from inboxwatch.application.draw import Yardstick, draw, read_mail
from inboxwatch.application.picture import Picture, Scanned
from inboxwatch.domain.bodies import Watch
from inboxwatch.domain.message import FolderRole, Location, Message
from inboxwatch.domain.overrides import Override
from inboxwatch.domain.rules import Rule

ME = "sam.hartley@example.org"
AS_OF = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
ROLES = {"INBOX": FolderRole.INBOX, "Sent": FolderRole.SENT, "Junk": FolderRole.JUNK}


@cache
def demo_messages() -> tuple[Message, ...]:
    """Every message of the sample, as the reader gives it."""
    reader = MimeReader(now=lambda: AS_OF)
    messages = []
    with as_file(files("inboxwatch") / "presets" / "demo") as root:
        for number, path in enumerate(sorted(root.rglob("*.eml"))):
            folder = path.parent.name
            place = Location(
                account="home", folder=folder, role=ROLES[folder], uidvalidity=1, uid=number
            )
            message = reader.read(path.read_bytes(), location=place)
            assert isinstance(message, Message)
            messages.append(message)
    return tuple(messages)


@cache
def demo_yardstick() -> Yardstick:
    """Ten working days in England, with everything that ships."""
    return Yardstick(
        wording=load_wording(),
        rules=(Rule(name="default", clock="10wd"),),
        clocks=presets.load().clocks,
        calendars=holidays.calendars(),
        calendar="england-and-wales",
    )


def demo_watch() -> Watch:
    bodies = presets.load().bodies
    return Watch(
        bodies=(bodies["kent.gov.uk"], bodies["medway.gov.uk"]), own_addresses=frozenset({ME})
    )


def demo_picture(*overrides: Override, as_of: datetime = AS_OF) -> Picture:
    """The picture of the sample mail."""
    read = read_mail(demo_messages(), demo_watch(), demo_yardstick(), overrides)
    return draw(
        read,
        demo_yardstick(),
        as_of=as_of,
        scanned=Scanned(messages=len(demo_messages()), folders=tuple(ROLES)),
    )
