"""Read and make identifiers: message ids, thread ids. Pure text work, no parsing of mail."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache

_BRACKETED = re.compile(r"<([^<>]*)>")
_WHITESPACE = re.compile(r"\s+")
_MAX_ID = 998  # RFC 5322 line length: nothing longer can be a real identifier
_MAX_IDS = 200  # a hostile References header must not become a graph

SYNTHETIC_DOMAIN = "no-message-id.invalid"


def normalise_message_id(text: str) -> str:
    """Return one message id without angle brackets or white space; case is kept.

    An empty string means that there was none. Source: RFC 5322 section 3.6.4.
    """
    found = _BRACKETED.search(text)
    inner = found.group(1) if found else text
    return _WHITESPACE.sub("", inner).strip("<>")[:_MAX_ID]


def message_ids_in(text: str) -> tuple[str, ...]:
    """Return every `<id>` of a References or In-Reply-To header, in order, without repeats.

    In-Reply-To may hold prose ("Your message of Tuesday <0@x>"), so only bracketed ids with an
    @ count; a header of nothing but bare ids without any bracket is split at white space.
    """
    bracketed = _BRACKETED.findall(text)
    bare = text.split()
    words = bracketed or (bare if all("@" in word for word in bare) else [])
    ids = (_WHITESPACE.sub("", word) for word in words)
    kept = [found for found in ids if "@" in found[1:] and len(found) <= _MAX_ID]
    return tuple(dict.fromkeys(kept))[-_MAX_IDS:]


def synthetic_message_id(raw: bytes) -> str:
    """Return a stable id for a message that has none, made from its bytes."""
    digest = hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()[:32]
    return f"{digest}@{SYNTHETIC_DOMAIN}"


def is_synthetic(message_id: str) -> bool:
    """Tell whether an id was made by us because the message had none."""
    return message_id.endswith("@" + SYNTHETIC_DOMAIN)


@lru_cache(maxsize=20_000)  # every listing and comparison of threads asks for it
def thread_id(council_mailbox: str, message_id: str) -> str:
    """Return the id of the thread at `council_mailbox` that begins with `message_id`.

    Ten lower-case letters and digits. The id made from *any* message of a thread resolves to
    that thread, so ids given out before a merge stay valid without being stored.
    """
    named = f"{council_mailbox}\0{message_id}"
    digest = hashlib.sha256(named.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:10]
