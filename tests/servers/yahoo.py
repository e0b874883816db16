"""A server with the manners of Yahoo and AOL: only the newest messages shown, few answered at once.

Sources: senders.yahooinc.com/developer/documentation; RFC 9738 (MESSAGELIMIT); MailKit 1055,
imap_tools 97, imapsync 119.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.fakes_imap import FakeFolder, FakeImap, FakeMessage, Session

CAPABILITIES = (
    "IMAP4rev1 ID NAMESPACE UIDPLUS LITERAL+ CHILDREN UNSELECT MOVE OBJECTID"
    " CONDSTORE ENABLE UIDONLY PARTIAL"
)
UNAVAILABLE = "NO [UNAVAILABLE] SELECT Server error - Please try again later"


class YahooSession(Session):
    """Shows, searches and sends no more than it says."""

    def seen(self, folder: FakeFolder) -> Sequence[FakeMessage]:
        assert isinstance(self.server, Yahoo)
        return folder.messages[-self.server.view :]

    def do_examine(self, rest: str) -> list[bytes] | str:
        assert isinstance(self.server, Yahoo)
        if self.server.unavailable:
            self.server.unavailable -= 1
            return UNAVAILABLE
        return super().do_examine(rest)

    def do_search(self, rest: str) -> list[bytes] | str:
        if self.open is None:
            return "BAD nothing is selected"
        if "HEADER" in rest:
            return "NO [SERVERBUG] SEARCH Server error"
        here, limit = self.seen(self.open), self._limit
        if len(here) > limit:  # it looks at the newest, and says how far it came
            here = here[-limit:]
            self.done = f"OK [MESSAGELIMIT {limit} {here[0].uid}] SEARCH partially done"
        found = " ".join(map(str, self.found(rest, here)))
        return [f"* SEARCH {found} \r\n".encode()]

    def do_fetch(self, rest: str) -> list[bytes] | str:
        said = super().do_fetch(rest)
        if isinstance(said, str) or len(said) <= self._limit:
            return said
        newest = said[-self._limit :][::-1]
        last = newest[-1].partition(b"UID ")[2].split()[0].strip(b")").decode()
        self.done = f"OK [MESSAGELIMIT {self._limit} {last}] FETCH partially done"
        return newest

    @property
    def _limit(self) -> int:
        assert isinstance(self.server, Yahoo)
        return self.server.message_limit


@dataclass
class Yahoo(FakeImap):
    """An account at Yahoo.

    Args:
        view: how many of a folder's messages are shown, the newest; 10,000 in life.
        message_limit: how many one command is about; 1,000 in life.
        unavailable: how many times opening a folder fails.
    """

    capabilities: str = CAPABILITIES
    greeting: str = "IMAP4rev1 imapgate-1.8.2 imap.mail.yahoo.example"
    view: int = 10_000
    message_limit: int = 1_000
    unavailable: int = 0

    def __post_init__(self) -> None:
        self.capabilities += f" MESSAGELIMIT={self.message_limit}"
        self.session = YahooSession
        self.folder("Inbox", "\\HasNoChildren")
        for name, use in (
            ("Archive", "\\Archive"), ("Bulk", "\\Junk"), ("Draft", "\\Drafts"),
            ("Sent", "\\Sent"), ("Trash", "\\Trash"),
        ):  # fmt: skip
            self.folder(name, f"\\HasNoChildren {use}")
