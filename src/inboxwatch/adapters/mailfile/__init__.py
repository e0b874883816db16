"""Reads mail files: mbox, Maildir, folders of .eml and archives of them. Never writes."""

from inboxwatch.adapters.mailfile.files import MailFiles

__all__ = ["MailFiles"]
