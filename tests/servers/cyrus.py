"""A Cyrus IMAP server (Fastmail's family) of the test run's own, from an unpacked package."""

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import programs
from tests.servers.dovecot import User
from tests.servers.unpacked import environment, unpacked

PACKAGE = "cyrus-imapd"
_FOLDERS = ("socket", "proc", "db", "lock", "user", "quota", "log", "msg", "ptclient", "sync")


@dataclass(frozen=True, slots=True, kw_only=True)
class CyrusServer:
    """A running server. It takes any password, and makes a user at the first sign-in.

    New users have Sent, Drafts, Junk, Trash and Archive, with their special use.
    """

    folder: Path
    process: subprocess.Popen[bytes]
    port: int
    _count: Iterator[int] = field(default_factory=itertools.count)

    def new_user(self) -> User:
        """Name a user whom nobody has signed in as."""
        return User(name=f"parent{next(self._count)}", password="secret")

    def stop(self) -> None:
        """Stop, and remove every file."""
        programs.stop(self.process, signal.SIGKILL)  # asked kindly it waits for its workers
        shutil.rmtree(self.folder, ignore_errors=True)


def start_cyrus() -> CyrusServer:
    """Start an instance without users and wait until it greets.

    Raises:
        programs.ServerFailed: Cyrus is not unpacked or did not start.
    """
    # What Debian's service calls cyrmaster.
    master = unpacked("usr/lib/cyrus/bin/master", package=PACKAGE)
    identity = programs.unprivileged("nobody")
    folder = programs.folder_for("cyrus", owner=identity)
    for name in ("spool", *(f"conf/{name}" for name in _FOLDERS)):
        _made(folder, name, identity)
    port = programs.free_port()
    owner = pwd.getpwuid(identity.uid if identity else os.geteuid()).pw_name
    (folder / "imapd.conf").write_text(_settings(folder, owner))
    (folder / "cyrus.conf").write_text(_services(folder, master.parent, port))
    log = folder / "log"
    settings = [f"{name}={value}" for name, value in environment().items()]
    process = programs.start(
        [
            *("env", "-i", *settings, str(master), "-D"),
            *("-C", f"{folder}/imapd.conf", "-M", f"{folder}/cyrus.conf"),
            *("-p", f"{folder}/conf/pid"),
        ],
        log=log,
        death_signal="TERM",
        identity=identity,
    )
    server = CyrusServer(folder=folder, process=process, port=port)
    try:
        programs.wait_until(lambda: _greets(port), process, what="cyrus", log=log)
    except BaseException:
        server.stop()
        raise
    return server


def _made(folder: Path, name: str, owner: programs.Identity | None) -> None:
    path = folder
    for part in name.split("/"):
        path /= part
        path.mkdir(exist_ok=True)
        if owner is not None:
            os.chown(path, owner.uid, owner.gid)


def _settings(folder: Path, owner: str) -> str:
    return f"""\
configdirectory: {folder}/conf
defaultpartition: default
partition-default: {folder}/spool
cyrus_user: {owner}
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN
allowplaintext: yes
unixhierarchysep: yes
altnamespace: yes
autocreate_users: anyone
autocreate_quota: 0
autocreate_inbox_folders: Sent | Drafts | Junk | Trash | Archive
xlist-sent: Sent
xlist-drafts: Drafts
xlist-junk: Junk
xlist-trash: Trash
xlist-archive: Archive
skiplist_unsafe: yes
"""


def _services(folder: Path, programs_in: Path, port: int) -> str:
    settings = f"-C {folder}/imapd.conf"
    return f"""\
START {{
  recover cmd="{programs_in}/ctl_cyrusdb {settings} -r"
}}
SERVICES {{
  imap cmd="{programs_in}/imapd {settings}" listen="127.0.0.1:{port}" prefork=1 maxchild=200
}}
EVENTS {{
}}
"""


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            return connection.recv(4) == b"* OK"
    except OSError:
        return False
