"""House rules that a machine can check: names, sizes, floors, pins, what no file may hold."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_LINES = 300
CODE = ("src", "tests", "benchmarks", "migrations")
NOT_OURS = {".git", ".venv", "__pycache__", "build", "dist", "inboxwatch-demo", ".hypothesis"}
BANNED_NAMES = {
    "util",
    "utils",
    "helper",
    "helpers",
    "manager",
    "managers",
    "handler",
    "handlers",
    "data",
    "info",
    "process",
    "mailbox",
}
# Written in parts, so that this file passes its own test.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("docker", "io"),
        ("docker", "com"),
        ("ghcr", "io"),
        ("gcr", "io"),
        ("quay", "io"),
        ("pkg", "dev"),
        ("debian", "org"),
        ("crates", "io"),
        ("golang", "org"),
        ("rubygems", "org"),
        ("anaconda", "org"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:work|root|Users|home/(?!you/)\w+)/\w")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|NotImplemented" + r"Error")
SKIPPED = re.compile(r"\b(?:pytest\.(?:mark\.)?|mark\.)(?:skip|skipif|xfail|import" + r"orskip)\b")


@cache
def files() -> tuple[Path, ...]:
    """Every file of the repository: what git knows or would take, else what lies here."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0 and listing.stdout:
        names = {name for name in os.fsdecode(listing.stdout).split("\0") if name}
        return tuple(path for path in sorted(ROOT / name for name in names) if path.is_file())
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name.endswith("_cache"):
            continue
        if path.is_dir():
            yield from _walk(path)
        elif not path.name.startswith(".coverage"):
            yield path


def text_of(path: Path) -> str:
    """The text, or nothing for a file of bytes or one that is just being replaced."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ""
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def python_files(*folders: str) -> tuple[Path, ...]:
    return tuple(
        path
        for path in files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders
    )


def found_in_files(pattern: re.Pattern[str], paths: tuple[Path, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if (match := pattern.search(line))
    ]


def test_no_file_is_two_ideas() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(text_of(path).splitlines()) for path in python_files(*CODE)
    }
    assert len(lengths) > 10
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_a_module_is_named_by_a_noun_of_its_own() -> None:
    parts = {
        path.relative_to(ROOT): {
            *path.relative_to(ROOT).parts[:-1],
            path.stem.removeprefix("test_"),
        }
        for path in python_files("src", "tests")
    }
    assert [str(path) for path, names in parts.items() if names & BANNED_NAMES] == []


def test_every_module_says_what_it_is_for() -> None:
    modules = {path: text_of(path) for path in python_files("src")}
    silent = [
        str(path.relative_to(ROOT))
        for path, text in modules.items()
        if text and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    suffixes = {".py", ".toml", ".md", ".html", ".js", ".css", ".yaml", ".yml", ".txt", ""}
    ours = tuple(path for path in files() if path.suffix in suffixes)
    assert found_in_files(UNFINISHED, ours) == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    assert found_in_files(SKIPPED, python_files("tests")) == []


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile("|".join(rf"(?:^|[^\w-]){re.escape(host)}\b" for host in REGISTRIES))
    assert found_in_files(hosts, files()) == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert found_in_files(MACHINE_PATH, files()) == []


def locked(name: str) -> dict[str, str]:
    """Package to its pin with everything under it."""
    lines = [
        line
        for line in (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
        if line and not line.lstrip().startswith("#")
    ]
    entries = re.split(r"\n(?! )", "\n".join(lines))
    return {re.split(r"[=\[ ]", entry, maxsplit=1)[0]: entry for entry in entries}


@pytest.mark.parametrize("name", ["build", "dev", "runtime"])
def test_every_package_is_pinned_by_hash(name: str) -> None:
    pinned = re.compile(
        r"[a-z0-9.-]+(\[[a-z,]+\])?==\S+( ; [^\\]+)?( \\\n +--hash=sha256:[0-9a-f]{64})+"
    )
    entries = locked(name)
    assert entries
    assert [entry for entry in entries.values() if not pinned.fullmatch(entry)] == []


def test_what_runs_is_what_was_tested() -> None:
    tested = locked("dev")
    assert {
        package: entry
        for name in ("build", "runtime")
        for package, entry in locked(name).items()
        if entry.split()[0] != tested[package].split()[0]
    } == {}


def test_every_dependency_is_in_the_locks() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    runtime = [
        *project["project"]["dependencies"],
        *(x for extra in extras.values() for x in extra),
    ]
    groups = project["dependency-groups"]
    wanted = {
        "runtime": runtime,
        "build": groups["build"],
        "dev": [*runtime, *(entry for entry in groups["dev"] if isinstance(entry, str))],
    }
    for lock, requirements in wanted.items():
        names = {
            re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", entry, maxsplit=1)[0]).lower()
            for entry in requirements
        }
        assert names - {"inboxwatch"} - locked(lock).keys() == set(), lock


def test_imports_only_point_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_hooks_fetch_nothing() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"repo: *(\S+)", hooks) == ["local"]


def test_the_container_is_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert bases == ["python:${PYTHON}-slim"] * 2
    assert users
    assert not users[-1].startswith(("0", "root"))


@pytest.mark.parametrize(
    "script",
    [
        ".ci/run",
        "requirements/venv",
        "requirements/lock",
        "requirements/debian-packages",
        "requirements/private-packages",
    ],
)
def test_scripts_can_be_run_and_stop_at_the_first_failure(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text()
    subprocess.run(["bash", "-n", str(path)], check=True)
