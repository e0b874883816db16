"""A process that files and sends reminders and can be killed, run by `test_crash_between_steps`.

It reads one run a line from its standard input, forks for it, and answers how the fork ended: 0, or
minus the number of the signal. The fork is a process like any other; it only starts fast.
"""

import json
import os
import signal
import ssl
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from inboxwatch.adapters.notify.smtp import Security, SmtpNotifier
from inboxwatch.adapters.notify.webhook import WebhookNotifier
from inboxwatch.adapters.store import open_store
from inboxwatch.application.filing import file
from inboxwatch.application.outbox import local_secret
from inboxwatch.application.remind import remind
from tests.builders_reminders import SITUATION, a_reminder, an_undelivered

REMINDERS = (a_reminder("a"), an_undelivered("lost"))
WEBHOOK_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def run_once(
    path: str, *, smtp_port: int, hook_url: str, at: datetime, between: Callable[[str], None]
) -> None:
    """File the reminders (a second time changes nothing) and send what is due."""
    store = open_store(path)

    def password() -> str:
        between("connected")  # in the middle of the SMTP session
        return "sesame"

    def hook_secret() -> str:
        between("signing")  # just before the POST
        return WEBHOOK_SECRET

    with store.transaction() as tx:
        secret = local_secret(tx)
    context = ssl.create_default_context()
    notifiers = (
        SmtpNotifier(
            name="home",
            host="localhost",
            port=smtp_port,
            security=Security.NONE,
            sender="parent@example.org",
            recipients=("parent@example.org",),
            login="parent",
            password=password,
            secret=lambda: secret,
            forbidden=lambda _address: False,
            context=context,
            now=lambda: at,
        ),
        WebhookNotifier(
            name="hook",
            url=hook_url,
            secret=hook_secret,
            context=context,
            now=lambda: datetime.now(UTC),
            forbidden=lambda _address: False,
        ),
    )
    with store.transaction() as tx:
        file(tx, notifiers, person="me", reminders=REMINDERS, situation=SITUATION, at=at)
        between("filing")
    between("filed")
    remind(store, notifiers, now=lambda: at, secret=secret, between=between)
    store.close()


def killed_at(step: str, occurrence: int) -> Callable[[str], None]:
    """Make a hook that kills this process when a step is over for the n-th time."""
    seen = 0

    def between(name: str) -> None:
        nonlocal seen
        if name == step:
            seen += 1
            if seen == occurrence:
                os.kill(os.getpid(), signal.SIGKILL)

    return between


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                run_once(
                    order["path"],
                    smtp_port=order["smtp_port"],
                    hook_url=order["hook_url"],
                    at=datetime.fromisoformat(order["at"]),
                    between=killed_at(order["step"], order["occurrence"]),
                )
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
