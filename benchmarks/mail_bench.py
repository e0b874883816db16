"""What `benchmarks.mail` measures with: the server, the mail in it, our program started anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.mail_box import Sizes, Writer, append
from benchmarks.mail_ours import Ours, Took, configure
from benchmarks.mail_table import Table

if TYPE_CHECKING:
    from tests.servers.dovecot import DovecotServer, User


@dataclass
class Bench:
    """The server, the mail in it, and how often each thing is tried."""

    server: DovecotServer
    user: User
    folder: Path
    wanted: frozenset[str]
    sizes: Sizes
    times: int
    table: Table = field(default_factory=Table)
    news: int = 0
    writer: Writer = field(default_factory=Writer)
    _serial: int = 0

    def plain(self, port: int | None = None) -> dict[str, object]:
        """Return our settings for an unencrypted connection on this machine."""
        return {
            "host": "127.0.0.1",
            "port": port or self.server.port,
            "security": "plain",
            "username": self.user.name,
        }

    def tls(self, port: int | None = None) -> dict[str, object]:
        """Return our settings for TLS."""
        return {
            "host": self.server.host,
            "port": port or self.server.tls_port,
            "username": self.user.name,
            "ca_file": str(self.server.certificates.authority),
        }

    def ours(self, where: dict[str, object], *, kept_open: bool = True, **options: Any) -> Ours:
        """Start our program with an empty store."""
        self._serial += 1
        config = configure(
            self.folder, name=f"ours{self._serial}", where=where, kept_open=kept_open
        )
        return Ours(config, **options)

    def first_scan(self, where: dict[str, object], times: int, **options: Any) -> tuple[Took, Any]:
        """Scan with an empty store, some times; return the best run and what was stored."""
        best: Took | None = None
        stored: Any = None
        for _ in range(times):
            ours = self.ours(where, **options)
            took = ours.poll()
            stored = ours.stored()
            ours.close()
            if best is None or took.seconds < best.seconds:
                best = took
        assert best is not None
        return best, stored

    def more_mail(self) -> None:
        """Ten new messages come, one the council's."""
        at = datetime.now(UTC)
        mails = list(self.writer.news(10, 1_000_000 + self.news, at))
        self.news += 10
        self.wanted |= append(self.server, self.user, "INBOX", mails)
