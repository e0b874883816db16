"""A Courier IMAP server of the test run's own, from an unpacked package.

Courier's listener and password check read paths that only an installation has. So this greets,
checks the password and hands the connection to Courier's own `imapd`, as its `imaplogin` does.
"""

import contextlib
import itertools
import os
import pwd
import re
import shlex
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.servers import programs
from tests.servers.dovecot import User
from tests.servers.unpacked import environment, unpacked

PACKAGE = "courier-imap"
_SETTING = re.compile(r"^(IMAP_\w+)=['\"]?([^$'\"\n]*)['\"]?$", re.MULTILINE)


@dataclass(slots=True, kw_only=True)
class CourierServer:
    """A running server; every folder's name begins with `INBOX.`."""

    folder: Path
    listener: socket.socket
    imapd: Path
    settings: dict[str, str]
    owner: programs.Identity | None
    change_watcher: socket.socket
    _users: dict[str, str] = field(default_factory=dict)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _count: Iterator[int] = field(default_factory=itertools.count)

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self.listener.getsockname()[1]
        return port

    def new_user(self) -> User:
        """Add a user with an empty INBOX."""
        user = User(name=f"parent{next(self._count)}@example.org", password="secret")
        home = self.folder / user.name
        for path in (
            home,
            home / "Maildir",
            *(home / "Maildir" / n for n in ("cur", "new", "tmp")),
        ):
            path.mkdir()
            if self.owner is not None:
                os.chown(path, self.owner.uid, self.owner.gid)
        self._users[user.name] = user.password
        return user

    def deliver(
        self, user: User, folder: str, mails: Iterable[bytes], *, at: datetime | None = None
    ) -> None:
        """Put mails into a folder that is there, as a delivery does it: its APPEND is slow here."""
        below = "".join(folder.partition(".")[1:])
        new = self.folder / user.name / "Maildir" / below / "new"
        for mail in mails:
            path = new / f"{time.time_ns():020d}.{next(self._count)}.localhost"
            path.write_bytes(mail.replace(b"\r\n", b"\n"))
            when = at.timestamp() if at is not None else time.time()
            os.utime(path, (when, when))
            if self.owner is not None:
                os.chown(path, self.owner.uid, self.owner.gid)

    def stop(self) -> None:
        """Hang up on everybody, and remove every file."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.change_watcher.close()
        for process in self._running:
            process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._greet, args=(client,), daemon=True).start()

    def _greet(self, client: socket.socket) -> None:
        can = f"CAPABILITY {self.settings['IMAP_CAPABILITY']}"
        with client, contextlib.suppress(OSError):
            client.sendall(f"* OK [{can}] Courier-IMAP ready.\r\n".encode())
            while line := _line(client):
                tag, _, command = line.strip().partition(" ")
                verb = command.partition(" ")[0].upper()
                if verb == "LOGIN":
                    name, password = shlex.split(command)[1:]
                    if self._users.get(name) == password:
                        self._hand_over(client, name, tag)
                        return
                    client.sendall(f"{tag} NO Login failed.\r\n".encode())
                elif verb == "CAPABILITY":
                    client.sendall(f"* {can}\r\n{tag} OK CAPABILITY completed\r\n".encode())
                elif verb == "LOGOUT":
                    client.sendall(f"* BYE bye\r\n{tag} OK LOGOUT completed\r\n".encode())
                    return
                else:
                    client.sendall(f"{tag} NO Error in IMAP command {verb}\r\n".encode())

    def _hand_over(self, client: socket.socket, name: str, tag: str) -> None:
        home = self.folder / name
        around = {
            **self.settings,
            **environment(),
            "HOME": str(home),
            "PROTOCOL": "IMAP",
            "TCPREMOTEIP": "127.0.0.1",
            "TCPREMOTEPORT": "1",
            "AUTHENTICATED": name,
            "AUTHADDR": name,
            "IMAPLOGINTAG": tag,
        }
        stepped_down = (
            {"user": self.owner.uid, "group": self.owner.gid, "extra_groups": []}
            if self.owner is not None
            else {}
        )
        with (self.folder / "log").open("ab") as log:
            self._running.append(
                subprocess.Popen(  # type: ignore[call-overload]
                    [self.imapd, "Maildir"],
                    stdin=client,
                    stdout=client,
                    stderr=log,
                    env=around,
                    cwd=home,
                    **stepped_down,
                )
            )


def start_courier() -> CourierServer:
    """Start an instance without users.

    Raises:
        programs.ServerFailed: Courier is not unpacked.
    """
    imapd = unpacked("usr/bin/imapd", package=PACKAGE)
    # As Debian ships it.
    shipped = unpacked("etc/courier/imapd", package=PACKAGE).read_text()
    owner = programs.unprivileged("nobody")
    folder = programs.folder_for("courier", owner=owner)
    server = CourierServer(
        folder=folder,
        listener=socket.create_server(("127.0.0.1", 0)),
        imapd=imapd,
        settings={
            **dict(_SETTING.findall(shipped)),
            "IMAP_USELOCKS": "0",
            "GAM_CLIENT_ID": folder.name,
        },
        owner=owner,
        change_watcher=_silent_watcher(folder.name, owner),
    )
    threading.Thread(target=server.serve, daemon=True).start()
    return server


def _silent_watcher(name: str, owner: programs.Identity | None) -> socket.socket:
    """Somebody where gamin's server would be: without, each session looks for it over a second."""
    user = pwd.getpwuid(owner.uid if owner is not None else os.geteuid()).pw_name
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"\0/tmp/fam-{user}-{name}".encode().ljust(108, b"\0"))
    listener.listen(4096)
    return listener


def _line(client: socket.socket) -> str:
    """Read a line and not a byte behind it: what follows is for `imapd`."""
    said = b""
    while not said.endswith(b"\n"):
        byte = client.recv(1)
        if not byte:
            return ""
        said += byte
    return said.decode()
