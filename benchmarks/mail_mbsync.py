"""mbsync (Debian's isync) in `benchmarks.mail`: it mirrors both folders into a Maildir."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from pathlib import Path

from benchmarks.mail_peers import Run


def mbsync_config(folder: Path, *, port: int, user: str) -> Path:
    """Write a configuration that mirrors both folders; the mirror is shared by port."""
    near = folder / "mirror"
    near.mkdir(parents=True, exist_ok=True)
    config = folder / f"mbsyncrc-{port}"
    config.write_text(
        f"""\
FSync no

IMAPAccount a
Host 127.0.0.1
Port {port}
User {user}
Pass secret
SSLType None
AuthMechs LOGIN

IMAPStore far
Account a

MaildirStore near
Path {near}/
Inbox {near}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX Sent
Create Near
Sync Pull
SyncState *
"""
    )
    return config


def mbsync(config: Path, *, times: int = 1) -> Run:
    """Run mbsync and return its best run."""
    runs = []
    for _ in range(times):
        began = time.perf_counter()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            ["mbsync", "-q", "-c", str(config), "-a"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "HOME": str(config.parent)},
        )
        seconds = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(f"mbsync: {done.stderr}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        runs.append(Run(seconds=seconds, cpu=cpu, peak_mb=0.0, found=0))
    return min(runs, key=lambda run: run.seconds)
