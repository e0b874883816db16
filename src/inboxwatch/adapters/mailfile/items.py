"""A message as it lies in a file, before it is parsed, and the sieve's word on it. Values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

MAX_HEADER = 256 * 1024
MAX_READ = 32 * 1024 * 1024  # the text of a longer message comes first; attachments are not kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What the sieve saw in a header block: is it wanted now, and whom does it name."""

    wanted: bool
    named: tuple[int, ...] = ()  # hashes of the ids it answers, where it is not wanted for itself
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One message: its position from 1, and its bytes where the sieve wanted it.

    `arrived_at` is the time that a trustworthy From_ line gives, `noted_at` that of any other:
    what a mail program writes when it copies. `size` counts all bytes, also beyond `raw`.
    """

    position: int
    sighting: Sighting
    size: int
    raw: bytes | None = None
    arrived_at: datetime | None = None
    noted_at: datetime | None = None


# Given the header block, the From_ line (empty without one) and the position, decides.
Sieve = Callable[[bytes, bytes, int], Sighting]
