"""How a mail that we write puts its headers on the wire: in ASCII, and nothing of them lost."""

from __future__ import annotations

from email.header import Header
from email.policy import EmailPolicy
from typing import Any

_LINE = 76  # characters, RFC 2047


class WholeSubjects(EmailPolicy):
    """The library's own policy, but a subject arrives with all its spaces.

    Where the library begins a new line between two words that are not ASCII it leaves the space
    between two encoded words, and readers drop it there (RFC 2047, 6.2).
    """

    linesep = "\r\n"  # as every mail is sent

    def fold(self, name: str, value: Any) -> str:
        """Write a header as text."""
        if name.lower() != "subject" or str(value).isascii():
            return str(super().fold(name, value))
        encoded = Header(str(value), "utf-8", maxlinelen=_LINE, header_name=name)
        return f"{name}: {encoded.encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Write a header as bytes."""
        if name.lower() != "subject" or str(value).isascii():
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")
