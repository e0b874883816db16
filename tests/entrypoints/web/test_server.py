"""The page on a port, by `serve` and by `run`: starts, answers, stops, or says why not."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from inboxwatch.application.decide import Decider
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.verdict import Status
from inboxwatch.entrypoints.running import start_page
from inboxwatch.entrypoints.web import extra
from inboxwatch.entrypoints.web.pictures import Pictures
from inboxwatch.entrypoints.web.server import PageServer
from inboxwatch.settings.model import PageSettings
from tests.builders import from_us
from tests.demo_mail import ME
from tests.entrypoints.web.demo_site import StillKnown, known_of, put, user, users


def test_it_answers_until_it_is_closed(known: StillKnown) -> None:
    server = PageServer(known, port=0)
    server.start()
    answer = httpx.get(server.address)
    assert answer.status_code == 200
    assert "server" not in answer.headers
    with pytest.raises(ConfigError, match="cannot listen") as caught:
        PageServer(known, port=server.port).start()
    assert "page.port" in caught.value.remedy
    address = server.address
    server.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


def test_run_shows_it_with_the_health_of_the_service(tmp_path: Path) -> None:
    known = known_of(tmp_path, page=PageSettings(port=18_321))
    server = start_page(known, lambda: {"status": "ok", "from": "the service"})  # type: ignore[arg-type]
    assert httpx.get(f"{server.address}health").json()["from"] == "the service"
    server.close()
    known.store.close()


def test_a_network_without_tls_is_warned_of(
    known: StillKnown, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ConfigError, match="open to everyone"):
        PageServer(known, host="0.0.0.0", port=0)
    with caplog.at_level(logging.WARNING):
        PageServer(known, host="0.0.0.0", port=0, users=users(user("anna")))
    assert "plain HTTP" in caplog.text


def test_behind_a_trusted_proxy_the_visitors_own_address_and_scheme_count(tmp_path: Path) -> None:
    known = known_of(tmp_path, page=PageSettings(trusted_proxies=("127.0.0.1",)))
    server = PageServer(known, port=0, users=users(user("anna")))
    server.start()
    headers = {"x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.7"}
    answer = httpx.get(f"{server.address}sign-in", headers=headers)
    assert answer.headers["set-cookie"].startswith("__Host-inboxwatch=")
    assert "198.51.100.7" in (tmp_path / "access.log").read_text()
    server.close()
    known.store.close()


def test_without_its_packages_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "_PACKAGES", ("fastapi", "no_such_package_here"))
    with pytest.raises(ConfigError, match="no_such_package_here") as caught:
        extra.require_web()
    assert "inboxwatch[web]" in caught.value.remedy


def config(tmp_path: Path) -> Path:
    path = tmp_path / "inboxwatch.toml"
    path.write_text(
        f'watch = ["kent.gov.uk"]\ndata_folder = "{tmp_path}"\nlog_level = "warning"\n'
        f'[accounts.home]\naddress = "{ME}"\nhost = "imap.example.org"\n'
    )
    return path


RUN = "from inboxwatch.entrypoints.cli import main; main()"


def test_serve_sets_a_password_and_shows_the_page(tmp_path: Path) -> None:
    known_of(tmp_path).store.close()
    base = [sys.executable, "-c", RUN, "--config", str(config(tmp_path)), "serve"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("INBOXWATCH_")}
    done = subprocess.run(
        [*base, "--set-password", "anna"], input="four calm invented words\n",
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "page-passwords" in done.stdout
    refused = subprocess.run(
        [*base, "--set-password", "anna"], input="short\n",
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert refused.returncode == 2
    running = subprocess.Popen(
        [*base, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**environment, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert running.stdout is not None
        line = running.stdout.readline()
        assert line.startswith("The page is at http://127.0.0.1:")
        address = line.split()[4]
        assert httpx.get(address).status_code == 303
        assert httpx.get(f"{address}sign-in").status_code == 200
        running.send_signal(signal.SIGTERM)
        _, problems = running.communicate(timeout=30)
        assert running.returncode == 0
        assert problems == ""
    finally:
        running.kill()
        running.wait()


def waited_for(true: object, within: float = 20) -> bool:
    assert callable(true)
    until = time.monotonic() + within
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


class SlowKnown(StillKnown):
    """What is known, of somebody with so much mail that drawing takes a while."""

    drawn = 0
    goes_on: threading.Event | None = None

    def picture(self, person: str, **options: object):  # type: ignore[no-untyped-def]
        self.drawn += 1
        time.sleep(0.6)
        if self.goes_on is not None:
            self.goes_on.wait(20)
        return super().picture(person, **options)  # type: ignore[arg-type]


def test_new_mail_does_not_make_a_reader_wait(known: StillKnown) -> None:
    slow = SlowKnown(settings=known.settings, config=None, store=known.store)
    pictures = Pictures(slow)
    before = pictures.of("me").picture
    assert pictures.of("me").picture is before
    assert slow.drawn == 1
    slow.goes_on = threading.Event()
    asked = from_us("2026-05-30 09:00", "new@example.org", sender=ME, subject="New question")
    put(known, [asked])
    assert pictures.of("me").picture is before  # the old one, at once
    assert pictures.of("me").picture is before
    slow.goes_on.set()
    assert waited_for(lambda: len(pictures.of("me").picture.verdicts) == 16)
    assert slow.drawn == 2


def test_what_was_drawn_since_it_was_seen_to_be_out_of_date_is_not_drawn_again(
    known: StillKnown,
) -> None:
    slow = SlowKnown(settings=known.settings, config=None, store=known.store)
    pictures = Pictures(slow)
    pictures.of("me")
    outdated = pictures._kept["me"]
    pictures._draw("me")
    pictures._draw_behind("me", outdated)
    assert not pictures._drawing
    assert slow.drawn == 2


def test_a_decision_is_in_the_very_next_page(known: StillKnown) -> None:
    slow = SlowKnown(settings=known.settings, config=None, store=known.store)
    pictures = Pictures(slow)
    first = pictures.of("me")
    thread = first.picture.verdicts[0].thread.id
    decider = Decider(
        store=known.store, person="me", by="cli", now=known.now, picture=first.picture
    )
    decider.case(thread, "Sam")
    assert pictures.of("me").overview.cases == ("Sam",)
    assert pictures.of("me", frozenset({"Sam"})).overview.cases == ("Sam",)
    assert slow.drawn == 1  # one thread was judged anew, not all of them drawn
    decider.mark(thread, "answered")
    assert pictures.of("me").verdicts[thread].status is Status.CLOSED  # at once
    assert waited_for(lambda: slow.drawn == 2)  # and all of it behind the scenes
    decider.unlink(first.picture.verdicts[1].thread.placed[-1].entry.message_id)
    pictures.of("me")
    assert slow.drawn == 3  # where mail belongs is drawn anew, whoever waits
