"""How much is asked of a server at once, and how much of a message is read. Values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of reading; sizes in bytes, counts in messages, times in seconds."""

    batch: int = 100  # messages read and handed over together; three batches may be in memory
    window: int = 2_000  # headers looked at together where SEARCH is of no use
    calibration: int = 500  # headers that SEARCH is checked against
    first_search: int = 1_000  # messages that the first SEARCH is about; each next one twice that
    search: int = 5_000  # and at most so many: while the server searches, what it found is read
    command_bytes: int = 7_900  # 8,192 is the longest command line that every server takes
    turn_bytes: int = 32_000  # commands sent before the first answer is read
    text_bytes: int = 16_384
    html_bytes: int = 65_536  # the words of an HTML mail begin late
    tnef_bytes: int = 65_536
    whole_bytes: int = 262_144  # of a message whose structure the server cannot describe
    original_bytes: int = 30 * 1024 * 1024
    connect_seconds: float = 15.0
    read_seconds: float = 60.0
    poll_seconds: float = 1_800.0
    list_again_seconds: float = 600.0  # a kept-open connection looks for new folders this often
    reconnects: int = 3  # in one poll
    # The most messages of a folder that Gmail can be told to show; Yahoo shows the last of these.
    view_sizes: tuple[int, ...] = (1_000, 2_000, 5_000, 10_000)
    audit_days: int = 7  # a SEARCH that is trusted is checked again after so long
