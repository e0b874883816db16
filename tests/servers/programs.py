"""Finds, starts and stops the real servers' programs; knows nothing of what they serve."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_ALSO_LOOK_IN = ("/usr/sbin", "/usr/local/sbin", "/sbin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a server runs as, in numbers."""

    uid: int
    gid: int


class ServerFailed(AssertionError):
    """A real server is missing, or did not start: the test fails, it is never skipped."""


def program(name: str, *, package: str, also_in: Sequence[str] = ()) -> str:
    """The path of a program, or a failure that names the Debian package it comes from."""
    places = os.pathsep.join([*also_in, os.environ.get("PATH", ""), *_ALSO_LOOK_IN])
    found = shutil.which(name, path=places)
    if found is None:
        raise ServerFailed(
            f"{name} is not installed. These tests need the real thing: "
            f"apt-get install {package} (or run `make setup` as root)"
        )
    return found


def unprivileged(*names: str) -> Identity | None:
    """When we are root, the first of these users that exists; servers refuse root's mail and data.

    None when we are somebody ordinary: then the server runs as ourselves.
    """
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in (*names, "nobody"):
        if name in known and known[name].pw_uid != 0:
            return Identity(uid=known[name].pw_uid, gid=known[name].pw_gid)
    raise ServerFailed(f"run as root, and no user of {names} is there to step down to")


def folder_for(server: str, *, owner: Identity | None = None) -> Path:
    """A short new folder that every uid may walk through (pytest's own is closed to others).

    Its path is short because a Unix socket in it may be at most 107 bytes long.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"iw-{server}-"))
    folder.chmod(0o755)
    if owner is not None:
        os.chown(folder, owner.uid, owner.gid)
    return folder


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start(
    command: Sequence[str], *, log: Path, death_signal: str, identity: Identity | None = None
) -> subprocess.Popen[bytes]:
    """Start `command` so that it dies with the test run, even when that is killed.

    Args:
        command: the program and its arguments; it must stay in the foreground.
        log: gets what it prints.
        death_signal: sent by the kernel when the test run is gone.
        identity: whom to run as; None keeps ours.
    """
    setpriv = [program("setpriv", package="util-linux"), "--pdeathsig", death_signal]
    if identity is not None:
        setpriv += [f"--reuid={identity.uid}", f"--regid={identity.gid}", "--clear-groups"]
    with log.open("ab") as output:
        return subprocess.Popen(
            [*setpriv, "--", *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
        )


def wait_until(
    ready: Callable[[], bool],
    process: subprocess.Popen[bytes],
    *,
    what: str,
    log: Path,
    seconds: float = 30,
) -> None:
    """Return when `ready` says so; raise ServerFailed with the log's end if it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerFailed(f"{what} ended with {process.returncode}:\n{tail(log)}")
        if ready():
            return
        time.sleep(0.02)
    raise ServerFailed(f"{what} was not ready after {seconds} s:\n{tail(log)}")


def stop(process: subprocess.Popen[bytes], signal: int, *, seconds: float = 10) -> None:
    """Ask with `signal`, then insist; returns when the process and its group are gone."""
    if process.poll() is None:
        process.send_signal(signal)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    try:
        os.killpg(process.pid, 9)
    except ProcessLookupError:
        return


def tail(log: Path, *, lines: int = 30) -> str:
    """The end of a server's log, for a failure's message."""
    if not log.exists():
        return "(it logged nothing)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
