"""Programs of servers that Debian installs one at a time: unpacked by set-up, never installed."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.servers.programs import ServerFailed

_ROOT = Path(__file__).parents[2] / ".venv" / "servers"  # where `make setup` unpacks them


def unpacked(path: str, *, package: str) -> Path:
    """The unpacked file of a package, or a failure that says how to get it."""
    if not (_ROOT / path).exists():
        raise ServerFailed(f"{package} is not unpacked in {_ROOT}. Say: make setup")
    return _root() / path


def environment() -> dict[str, str]:
    """What such a program needs around it: its own libraries, and nothing of ours."""
    root = _root()
    folders = [*root.glob("usr/lib/*-linux-gnu*"), *root.glob("lib/*-linux-gnu*")]
    folders += [root / "usr/lib", root / "usr/lib/courier-authlib"]
    (unsafe,) = root.glob("usr/lib/*/libeatmydata.so")  # nobody keeps this mail: no fsync
    return {
        "LD_PRELOAD": str(unsafe),
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "LD_LIBRARY_PATH": os.pathsep.join(map(str, folders)),
    }


@cache
def _root() -> Path:
    """The folder, or a copy of it where others than root cannot walk to it: servers step down."""
    if os.geteuid() != 0 or all(p.stat().st_mode & 0o001 for p in (_ROOT, *_ROOT.parents)):
        return _ROOT
    copy = Path(tempfile.mkdtemp(prefix="iw-servers-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    shutil.copytree(_ROOT, copy, symlinks=True, dirs_exist_ok=True)
    copy.chmod(0o755)
    return copy
