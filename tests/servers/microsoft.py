"""A server with the manners of Outlook.com and Microsoft 365: no extensions, a SEARCH that lies.

Sources: learn.microsoft.com on OAuth for IMAP; MailKit 1437, alpine 30, imapsync 272 and 411.
"""

import base64
from dataclasses import dataclass

from tests.fakes_imap import FakeImap, Session, by_display_name

CAPABILITIES = (
    "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE"
    " LITERAL+"
)
NOT_CONNECTED = "BAD User is authenticated but not connected."
TOKEN = "eyJ0eXAi"


class MicrosoftSession(Session):
    """Takes a token, no password."""

    challenged = ""  # the tag of a sign-in whose token is still to come

    def do_login(self, rest: str) -> list[bytes] | str:  # type: ignore[override]
        return "NO LOGIN failed."

    def do_capability(self, rest: str) -> list[bytes]:
        return [f"* CAPABILITY {self.server.capabilities}\r\n".encode()]

    def token(self, line: str) -> bytes:
        """Answer to the token of a sign-in."""
        tag, self.challenged = self.challenged, ""
        said = base64.b64decode(line).decode()
        if f"auth=Bearer {TOKEN}\x01" not in said:
            return f"{tag} NO AUTHENTICATE failed.\r\n".encode()
        return f"{tag} OK AUTHENTICATE completed.\r\n".encode()


@dataclass
class Microsoft(FakeImap):
    """An account at Microsoft.

    `busy_for` is how many milliseconds it asks to be left alone; `is_connected` is False while it
    lets nobody further in; `hangs_up` ends the next session without a line break.
    """

    capabilities: str = CAPABILITIES
    greeting: str = "The Microsoft Exchange IMAP4 service is ready. [TABPADcAUAA=]"
    busy_for: int = 0
    is_connected: bool = True
    hangs_up: bool = False

    def __post_init__(self) -> None:
        self.find = by_display_name
        self.session = MicrosoftSession
        for name in (
            "Archive", "Calendar", "Contacts", "Conversation History", "Deleted Items", "Drafts",
            "INBOX", "Journal", "Junk Email", "Notes", "Outbox", "Sent Items", "Tasks",
        ):  # fmt: skip
            self.folder(name, "\\HasNoChildren")

    def answer(self, session: Session, line: str) -> bytes:
        """Answer one line: a command, or the token of a sign-in."""
        assert isinstance(session, MicrosoftSession)
        if session.challenged:
            return session.token(line)
        tag, _, command = line.partition(" ")
        if command.startswith("AUTHENTICATE XOAUTH2"):
            session.challenged = tag
            return b"+ \r\n"
        if command.split(" ")[0] in ("LOGIN", "CAPABILITY", "LOGOUT"):
            return super().answer(session, line)
        if self.hangs_up:
            self.hangs_up = False
            return b"* BYE Connection is closed. 13"
        if self.busy_for:
            wish = f"Request is throttled. Suggested Backoff Time: {self.busy_for} milliseconds"
            return f"{tag} BAD {wish}\r\n".encode()
        if not self.is_connected:
            return f"{tag} {NOT_CONNECTED}\r\n".encode()
        return super().answer(session, line)
