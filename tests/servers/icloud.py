"""A server with iCloud's manners: a SEARCH for strings that finds nothing, QRESYNC that harms.

Sources: lswith/imap-mcp 6 and 8, horde/Imap_Client 17, zammad 4589, Mailspring-Sync 91; Apple's
page on mail server settings for the user's name.
"""

from dataclasses import dataclass

from tests.fakes_imap import FakeImap, Session, by_nothing

CAPABILITIES = (
    "IMAP4rev1 XAPPLEPUSHSERVICE IDLE SASL-IR AUTH=ATOKEN AUTH=PLAIN XAPPLELITERAL"
    " X-APPLE-REMOTE-LINKS XLIST UIDPLUS ID CONDSTORE QRESYNC ENABLE ESEARCH SORT NAMESPACE"
    " CHILDREN UNSELECT"
)


class IcloudSession(Session):
    """Counts where it should name, and forgets what it should send."""

    def do_login(self, rest: str) -> list[bytes] | str:  # type: ignore[override]
        name = rest.split(" ")[0].strip('"')
        if "@" in name:  # the name is what stands before the @
            return "NO [AUTHENTICATIONFAILED] Authentication failed"
        return [f"* CAPABILITY {self.server.capabilities}\r\n".encode()]

    def do_enable(self, rest: str) -> list[bytes]:
        self.enabled = True
        return [b"* ENABLED\r\n"]

    def do_search(self, rest: str) -> list[bytes] | str:
        if self.open is None or "RETURN" not in rest:
            return super().do_search(rest)
        count = len(self.found(rest.partition(") ")[2], self.seen(self.open)))
        return [f'* ESEARCH (TAG "{self.tag}") UID COUNT {count}\r\n'.encode()]

    def do_fetch(self, rest: str) -> list[bytes] | str:
        wanted, _, items = rest.partition(" ")
        if "VANISHED" in items:
            return [f"* VANISHED (EARLIER) {wanted}\r\n".encode()]
        if items.strip("()").split(" ")[-1] == "RFC822":
            return []
        return super().do_fetch(rest)


@dataclass
class Icloud(FakeImap):
    """An account at iCloud."""

    capabilities: str = CAPABILITIES
    greeting: str = "iCloud IMAP4 service ready (2401B142)"

    def __post_init__(self) -> None:
        self.find = by_nothing
        self.session = IcloudSession
        self.folder("INBOX")
        for name, use in (
            ("Archive", "\\Archive"), ("Deleted Messages", "\\Trash"), ("Drafts", "\\Drafts"),
            ("Junk", "\\Junk"), ("Notes", ""), ("Sent Messages", "\\Sent"),
        ):  # fmt: skip
            self.folder(name, f"\\HasNoChildren {use}".strip())
