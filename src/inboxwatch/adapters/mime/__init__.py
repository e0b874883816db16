"""Turns the bytes of a mail into a `Message`: the only package that parses MIME."""

from inboxwatch.adapters.mime.evidence import HEADER_FIELDS
from inboxwatch.adapters.mime.reader import MimeReader

__all__ = ["HEADER_FIELDS", "MimeReader"]
