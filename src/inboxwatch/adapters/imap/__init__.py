"""Reads a mailbox over IMAP and changes nothing in it."""

from inboxwatch.adapters.imap.endpoint import Credentials, Endpoint, Mechanism
from inboxwatch.adapters.imap.folders import FolderChoices
from inboxwatch.adapters.imap.limits import Limits
from inboxwatch.adapters.imap.source import ImapSource

__all__ = ["Credentials", "Endpoint", "FolderChoices", "ImapSource", "Limits", "Mechanism"]
