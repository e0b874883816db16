"""Sign in at Microsoft and Google, keep it encrypted, and give fresh tokens for IMAP (ADR 0010)."""

from inboxwatch.adapters.oauth.client import GOOGLE, MICROSOFT, Client, check_client
from inboxwatch.adapters.oauth.google import OpenPage, google_sign_in
from inboxwatch.adapters.oauth.grants import Grant
from inboxwatch.adapters.oauth.microsoft import DeviceCode, microsoft_sign_in
from inboxwatch.adapters.oauth.source import TokenSource, keep
from inboxwatch.adapters.oauth.vault import Vault

__all__ = [
    "GOOGLE",
    "MICROSOFT",
    "Client",
    "DeviceCode",
    "Grant",
    "OpenPage",
    "TokenSource",
    "Vault",
    "check_client",
    "google_sign_in",
    "keep",
    "microsoft_sign_in",
]
