"""Read a TOML file; what is wrong joins a list of faults. Knows no table's meaning."""

from __future__ import annotations

import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


def read_toml(path: Path | Traversable, faults: list[str]) -> dict[str, Any]:
    """Return the content of a TOML file, nothing when it cannot be read; faults name the file.

    A byte order mark, as Windows' editors put it in front, is no fault.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as fault:
        faults.append(f"{path}: cannot be read ({fault.strerror})")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        faults.append(f"{path}: is not TOML ({fault})")
    return {}
