"""The program in a terminal of a chosen width, or with its output sent elsewhere."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

from tests.e2e.household import clean_environment

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def in_terminal(*words: str, columns: int, folder: Path, raw: bool = False, **more: str) -> str:
    """Return what a terminal of so many columns shows.

    Args:
        folder: the home folder, and the one that the program runs in.
        raw: with the sequences that give colours.
        more: variables of the environment.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = clean_environment(folder) | {"TERM": "xterm-256color", **more}
    del environment["COLUMNS"]
    running = subprocess.Popen(
        [sys.executable, "-m", "inboxwatch", *words],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        shown += part
    os.close(ours)
    assert running.wait(timeout=60) in (0, 7, 10)
    text = shown.decode().replace("\r\n", "\n")
    return text if raw else _ESCAPES.sub("", text)


def piped(*words: str, folder: Path, stdout: str = "", **more: str) -> tuple[int, str, str]:
    """Return exit code, output and errors; with `stdout` the output goes to that file instead."""
    with open(stdout or os.devnull, "w") as elsewhere:
        done = subprocess.run(
            [sys.executable, "-m", "inboxwatch", *words],
            stdout=elsewhere if stdout else subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=clean_environment(folder) | more,
            cwd=folder,
            timeout=60,
            check=False,
        )
    return done.returncode, (done.stdout or b"").decode("latin-1"), done.stderr.decode("latin-1")
