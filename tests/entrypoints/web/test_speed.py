"""The page stays quick and small when there is very much mail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import median

import httpx
import pytest

from inboxwatch.application.picture import Picture, in_order
from inboxwatch.domain.bodies import CouncilMailbox
from inboxwatch.domain.judging import judge_all
from inboxwatch.domain.kinds import Kind
from inboxwatch.domain.threads import Assembly, Entry
from inboxwatch.domain.verdict import Verdict
from inboxwatch.entrypoints.web.server import PageServer
from tests.builders import ORDINARY, RECKONING, assembled, from_council, from_us
from tests.demo_mail import AS_OF
from tests.entrypoints.web.demo_site import StillKnown, known_of, user, users

ASKED, MAILBOXES = 250, 40  # 10,000 threads
# The aim is 0.1 and 0.05 s on a quiet machine; here a tracer and other tests run beside.
FIRST_BYTE_SECONDS = 0.5
THREAD_SECONDS = 0.25
PAGE_BYTES = 60_000


def asked(number: int) -> list[Entry]:
    day = f"2026-{1 + number % 5:02}-{1 + number % 27:02}"
    ours = from_us(f"{day} 09:{number % 60:02}", f"q{number}@example.org",
                   subject=f"Question {number}: the annual review and what was said about it",
                   own_text=f"Please tell me about matter {number * 7919}.")  # fmt: skip
    theirs = from_council(f"{day} 10:00", Kind.ACKNOWLEDGEMENT, f"a{number}@kent.gov.uk", to=ours)
    reply = from_council(f"{day} 16:00", Kind.HUMAN, f"h{number}@kent.gov.uk", to=ours)
    return [ours, theirs, *([reply] if number % 4 == 0 else [])]


def ten_thousand() -> Picture:
    """Threads of 250 questions, each as if it had gone to forty mailboxes."""
    entries = [entry for number in range(ASKED) for entry in asked(number)]
    judged = judge_all(assembled(*entries), (ORDINARY,), as_of=AS_OF, reckoning=RECKONING)
    verdicts = tuple(at(verdict, number) for number in range(MAILBOXES) for verdict in judged)
    return Picture(
        as_of=AS_OF,
        threshold="10 working days",
        calendar="england-and-wales",
        verdicts=in_order(verdicts),
        assembly=Assembly(threads=tuple(verdict.thread for verdict in verdicts)),
    )


def at(verdict: Verdict, number: int) -> Verdict:
    place = CouncilMailbox(address=f"team{number}@kent.gov.uk", body="kent.gov.uk")
    case = f"Child {number}" if number % 2 else None
    return replace(verdict, thread=replace(verdict.thread, council_mailbox=place), case=case)


@dataclass
class Drawn(StillKnown):
    """What is known, with a picture that was drawn before."""

    drawn: Picture | None = None

    def picture(self, person: str, *, as_of: datetime | None = None) -> Picture:
        assert self.drawn is not None
        return self.drawn


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PageServer, Picture]]:
    known = known_of(tmp_path_factory.mktemp("speed"), [])
    picture = ten_thousand()
    assert len(picture.verdicts) == ASKED * MAILBOXES
    drawn = Drawn(settings=known.settings, config=None, store=known.store, drawn=picture)
    running = PageServer(drawn, port=0, users=users())
    running.start()
    yield running, picture
    running.close()
    known.store.close()


def first_bytes(client: httpx.Client, path: str, times: int = 21) -> tuple[float, int]:
    """Median seconds until the answer begins, and the bytes of the page."""
    client.get(path)
    took, size = [], 0
    for _ in range(times):
        began = time.perf_counter()
        with client.stream("GET", path) as answer:
            took.append(time.perf_counter() - began)
            assert answer.status_code == 200
            size = len(answer.read())
    return median(took), size


@pytest.mark.parametrize(
    "path",
    ["/", "/?page=250", "/?status=everything&page=400", "/?words=question%2024&case=Child%207"],
)
def test_the_overview_of_ten_thousand_threads_is_quick_and_small(
    server: tuple[PageServer, Picture], path: str
) -> None:
    with httpx.Client(base_url=server[0].address) as client:
        took, size = first_bytes(client, path)
    assert took < FIRST_BYTE_SECONDS
    assert size < PAGE_BYTES


def test_a_thread_among_ten_thousand_is_quick(server: tuple[PageServer, Picture]) -> None:
    running, picture = server
    with httpx.Client(base_url=running.address) as client:
        took, size = first_bytes(client, f"/threads/{picture.verdicts[4321].thread.id}")
    assert took < THREAD_SECONDS
    assert size < PAGE_BYTES


def test_the_other_pages_stay_usable(server: tuple[PageServer, Picture]) -> None:
    with httpx.Client(base_url=server[0].address) as client:
        for path in ("/review", "/statistics", "/exports", "/decisions", "/wellbeing"):
            took, size = first_bytes(client, path, times=3)
            assert took < 2, path
            assert size < PAGE_BYTES, path


def test_signing_in_costs_a_request_little(tmp_path: Path) -> None:
    known = known_of(tmp_path)
    running = PageServer(known, port=0, users=users(user("anna")))
    running.start()
    with httpx.Client(base_url=running.address) as client:
        from inboxwatch.entrypoints.web.sessions import form_token

        client.get("/sign-in")
        (cookie,) = [c.value or "" for c in client.cookies.jar]
        client.post("/sign-in", data={"name": "anna", "password": "four calm invented words",
                                      "token": form_token(cookie)})  # fmt: skip
        took, _ = first_bytes(client, "/")
    running.close()
    known.store.close()
    assert took < FIRST_BYTE_SECONDS
