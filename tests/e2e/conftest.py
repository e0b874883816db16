"""A household with a real mailbox, and Debian's Chromium with the page over the sample mail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from inboxwatch.entrypoints.web.server import PageServer
from tests.builders import from_council
from tests.demo_mail import ME
from tests.e2e.household import Household
from tests.entrypoints.web.demo_site import (
    StillKnown,
    demo_entries,
    known_of,
    token,
    user,
    users,
)
from tests.servers.dovecot import DovecotServer, User

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture
def household(dovecot: DovecotServer, mail_user: User, tmp_path: Path) -> Household:
    """A parent with an empty mailbox that has a Sent and a Junk folder."""
    for folder in ("Sent", "Junk", "Drafts"):
        dovecot.create_folder(mail_user, folder)
    home = Household(server=dovecot, user=mail_user, folder=tmp_path)
    home.configure()
    return home


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def known(tmp_path: Path) -> Iterator[StillKnown]:
    """The sample mail, with a message that has no place."""
    loose = from_council(
        "2026-05-20 10:00", message_id="loose@kent.gov.uk", receivers=ME,
        sender="unknown.officer@kent.gov.uk", subject="Your son",
        own_text="Dear Ms Hartley, I tried to ring you yesterday about the plan. Kind regards, Kim",
    )  # fmt: skip
    made = known_of(tmp_path, [*demo_entries(), loose])
    yield made
    made.store.close()


@pytest.fixture
def address(known: StillKnown) -> Iterator[str]:
    """The page with a password, on a port."""
    server = PageServer(known, port=0, users=users(user("anna"), tokens=[token()]))
    server.start()
    yield server.address.rstrip("/")
    server.close()
