"""Who asks which provider for tokens, and where. Asks nothing itself."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

from inboxwatch.domain.errors import ConfigError

MICROSOFT = "microsoft"
GOOGLE = "google"
# `common` takes work, school and personal accounts alike.
MICROSOFT_AUTHORITY = "https://login.microsoftonline.com/common"
MICROSOFT_SCOPE = "https://outlook.office.com/IMAP.AccessAsUser.All"
MICROSOFT_SENDING_SCOPE = "https://outlook.office.com/SMTP.Send"
GOOGLE_SCOPE = "https://mail.google.com/"  # the only one that opens IMAP; SMTP is in it
_GOOGLE_PAGE = "https://accounts.google.com/o/oauth2/v2/auth"
_GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """This program, as registered with a provider, for one account.

    Attributes:
        account: its name in the settings.
        provider: "microsoft" or "google".
        client_id: from the registration with the provider.
        context: verifies the provider's certificate.
        client_secret: Google gives one to desktop programs and wants it back; Microsoft none.
        authority: https:// address of another sign-in service; empty for the provider's own.
        address: the mail address, so that the provider's page offers that account.
        sends: also ask for leave to send (to the user) through the provider.
        for_sending: the tokens are to send with and not to read. They are asked for apart, so that
            a sign-in without leave to send still reads.
    """

    account: str
    provider: str
    client_id: str
    context: ssl.SSLContext = field(repr=False)
    client_secret: str = field(default="", repr=False)
    authority: str = ""
    address: str = ""
    sends: bool = False
    for_sending: bool = False
    timeout_seconds: float = 20

    @property
    def title(self) -> str:
        """The provider's name for people."""
        return "Microsoft" if self.provider == MICROSOFT else "Google"

    @property
    def base(self) -> str:
        """The authority, or the provider's own; without a slash at its end."""
        own = MICROSOFT_AUTHORITY if self.provider == MICROSOFT else ""
        return (self.authority or own).rstrip("/")

    @property
    def token_url(self) -> str:
        """Where tokens are given out."""
        if self.provider == MICROSOFT:
            return f"{self.base}/oauth2/v2.0/token"
        return f"{self.base}/token" if self.base else _GOOGLE_TOKENS

    @property
    def page_url(self) -> str:
        """The provider's page on which the user says yes (Google's flow)."""
        return f"{self.base}/o/oauth2/v2/auth" if self.base else _GOOGLE_PAGE

    @property
    def scopes(self) -> tuple[str, ...]:
        """What is asked for, and without which the grant is of no use."""
        if self.provider == GOOGLE:
            return (GOOGLE_SCOPE,)
        if self.for_sending:
            return (MICROSOFT_SENDING_SCOPE,)
        return (MICROSOFT_SCOPE, *((MICROSOFT_SENDING_SCOPE,) if self.sends else ()))


def check_client(client: Client) -> None:
    """Refuse a client that cannot work.

    Raises:
        ConfigError: the client id is missing, or the authority is not an https:// address.
    """
    if not client.client_id:
        raise ConfigError(
            f"account '{client.account}' has no client id, which {client.title} asks for",
            remedy="docs/sign-in.md shows how to get one; write it as oauth_client_id.\n"
            "If that is too much: export your mail and run `inboxwatch audit` on it.",
        )
    if client.base and not client.base.startswith("https://"):
        raise ConfigError(
            f"the oauth_authority of account '{client.account}' does not begin with https://",
            remedy="Leave it out, or write it as in https://login.microsoftonline.com/common",
        )
