"""Every server of the contract, and a life's mail to put there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from inboxwatch.adapters.imap import Limits
from tests.adapters.imap.conftest import a_mail, id_of
from tests.adapters.imap.hosted import AtGmail, ByClient, Hosted, Scripted
from tests.builders import COUNCIL, ME
from tests.fakes_imap import running
from tests.servers.courier import start_courier
from tests.servers.cyrus import start_cyrus
from tests.servers.dovecot import start_dovecot
from tests.servers.gmail import Gmail
from tests.servers.icloud import Icloud
from tests.servers.microsoft import TOKEN, Microsoft
from tests.servers.yahoo import Yahoo

SMALL = Limits(calibration=20, batch=10, window=30, read_seconds=20)
PLAIN = {
    "inbox": "INBOX", "sent": "Sent", "junk": "Junk", "trash": "Trash", "archive": "Archive",
    "drafts": "Drafts", "school": "School",
}  # fmt: skip
COURIER = {k: n if n == "INBOX" else f"INBOX.{n}" for k, n in PLAIN.items()}
GMAIL = {
    **PLAIN, "sent": "[Gmail]/Sent Mail", "junk": "[Gmail]/Spam", "trash": "[Gmail]/Trash",
    "archive": "[Gmail]/All Mail", "drafts": "[Gmail]/Drafts",
}  # fmt: skip
GOOGLEMAIL = {k: n.replace("[Gmail]", "[Google Mail]") for k, n in GMAIL.items()}
GOOGLEMAIL["trash"] = "[Google Mail]/Bin"
MICROSOFT = {**PLAIN, "sent": "Sent Items", "junk": "Junk Email", "trash": "Deleted Items"}
ICLOUD = {**PLAIN, "sent": "Sent Messages", "trash": "Deleted Messages"}
YAHOO = {**PLAIN, "inbox": "Inbox", "junk": "Bulk", "drafts": "Draft"}
REAL = ("dovecot-maildir", "dovecot-mdbox", "cyrus", "courier")
ACTING = ("gmail", "googlemail", "microsoft", "icloud", "yahoo")


@contextmanager
def real_servers() -> Iterator[Callable[[str], Any]]:
    """Start each real server once, when it is first asked for."""
    starters: dict[str, Callable[[], Any]] = {
        "dovecot-maildir": start_dovecot,
        "dovecot-mdbox": lambda: start_dovecot(mail_format="mdbox"),
        "cyrus": start_cyrus,
        "courier": start_courier,
    }
    running_now: dict[str, Any] = {}

    def server(name: str) -> Any:
        if name not in running_now:
            running_now[name] = starters[name]()
        return running_now[name]

    try:
        yield server
    finally:
        for each in running_now.values():
            each.stop()


@contextmanager
def account_at(name: str, started: Callable[[str], Any]) -> Iterator[Hosted]:
    """An account with empty folders at a server of `REAL` or `ACTING`."""
    if name in REAL:
        yield ByClient(started(name), COURIER if name == "courier" else PLAIN)
        return
    with ExitStack() as closing:
        if name == "gmail":
            yield AtGmail(closing.enter_context(running(Gmail())), GMAIL)
        elif name == "googlemail":
            british = Gmail(prefix="[Google Mail]", bin="Bin")
            yield AtGmail(closing.enter_context(running(british)), GOOGLEMAIL)
        elif name == "microsoft":
            server = closing.enter_context(running(Microsoft()))
            yield Scripted(server, MICROSOFT, token=TOKEN)
        elif name == "icloud":
            yield Scripted(closing.enter_context(running(Icloud())), ICLOUD)
        else:
            yield Scripted(closing.enter_context(running(Yahoo(message_limit=25))), YAHOO)


def a_life(hosted: Hosted) -> set[str]:
    """Mail of a council, its look-alikes, friends, and answers that only name ours."""
    hosted.put("sent", [a_mail("asked", sender=ME, to=COUNCIL)])
    hosted.put("inbox", list(map(nth, range(84))))
    hosted.put("school", [a_mail("school"), a_mail("trip", sender="office@school.example")])
    hosted.put("junk", [a_mail("junk")])
    hosted.put("drafts", [a_mail("draft", sender=ME, to=COUNCIL)])
    ours = {id_of(f"m{n}") for n in range(84) if n % 12 == 0 or n in (17, 65)}
    return ours | {id_of("asked"), id_of("school"), id_of("junk")}


def nth(n: int) -> bytes:
    if n % 12 == 0:
        return a_mail(f"m{n}", sender=COUNCIL if n % 24 else f"Case {n} <x@mail.kent.gov.uk>")
    if n in (17, 65):
        about = f"References: <older@mail.example.org> <{id_of('asked')}>"
        return a_mail(f"m{n}", sender="desk@casework.example", headers=about)
    decoy = ("x@notkent.gov.uk", "x@kent.gov.uk.phish.example", "kent.gov.uk <x@friend.example>")
    return a_mail(f"m{n}", sender=decoy[n % 3] if n % 10 == 7 else f"f{n}@example{n % 5}.net")
