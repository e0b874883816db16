"""Tell whether a message is really the user's own, not only by its From line. Pure.

Source: RFC 8601 (Authentication-Results), RFC 7489 section 3.1 (alignment).
"""

from __future__ import annotations

from collections.abc import Collection

from inboxwatch.domain.bodies import is_within
from inboxwatch.domain.message import FolderRole, Message

_HEADER = "authentication-results"


def is_own_copy(message: Message) -> bool:
    """Tell whether it lies in the user's Sent folder, where only who signs in can put it."""
    return any(location.role is FolderRole.SENT for location in message.locations)


def is_aligned(message: Message, trusted: Collection[str]) -> bool:
    """Tell whether a server the user trusts vouches for the address in From.

    Only the first Authentication-Results header counts: servers write theirs on top, and any
    below came with the mail. It must name a trusted server, and say that DMARC passed for the
    From domain, or that a DKIM signature of that domain passed.

    Args:
        trusted: lower-case names (authserv-id) of the user's own mail servers.
    """
    sender = message.sender.domain if message.sender else ""
    value = message.header(_HEADER)
    if not trusted or not sender or value is None:
        return False
    server, *results = _parts(value)
    words = server.split()
    if not words or words[0].lower() not in trusted:
        return False
    return any(_vouches(result, sender) for result in results)


def _vouches(result: str, sender: str) -> bool:
    words = [word.lower() for word in result.split()]
    method, _, outcome = words[0].partition("=") if words else ("", "", "")
    if outcome != "pass":
        return False
    properties = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    if method == "dmarc":
        return properties.get("header.from", "").rpartition("@")[2] == sender
    if method == "dkim":
        signed = properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]
        # Relaxed alignment in one direction only: the organisation signs for its sub-domains.
        return bool(signed) and "." in signed and (signed == sender or is_within(sender, signed))
    return False


def _parts(value: str) -> list[str]:
    """Split at semicolons outside of comments and quoted strings; comments are left out.

    `name = value` is written together, so that white space tells the words apart.
    """
    parts, current, depth, quoted, escaped = [], [], 0, False, False
    for char in value:
        if escaped:
            escaped = False
            if not depth:
                current.append("?")
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            if char == '"':
                quoted = False
            else:
                # White space or a semicolon in quotes must not begin a new word.
                current.append("?" if char.isspace() or char in ";=" else char)
        elif char == '"' and not depth:
            quoted = True
        elif char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        elif depth:
            continue
        elif char == ";":
            parts.append("".join(current))
            current = []
        else:
            current.append(char)
    parts.append("".join(current))
    return ["=".join(piece.strip() for piece in part.split("=")) for part in parts]
