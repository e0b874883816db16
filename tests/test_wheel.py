"""The wheel alone is enough for `demo` and `audit`: its data and migrations are in it."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.e2e.household import clean_environment

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contents of the wheel in a folder of their own, as an installer lays them out."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed: Path, tmp_path: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "inboxwatch", *words],
        cwd=tmp_path,
        env={**clean_environment(tmp_path), "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_demo_and_audit_run_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    assert "Taxi did not come again" in run(installed, tmp_path, "demo")
    assert (tmp_path / "inboxwatch-demo" / "report.html").stat().st_size > 5_000
    sample = installed / "inboxwatch" / "presets" / "demo"
    out = run(
        installed, tmp_path, "audit", str(sample), "--me", "sam.hartley@example.org",
        "--watch", "kent.gov.uk", "--json",
    )  # fmt: skip
    value = json.loads(out)
    assert {t["status"] for t in value["threads"]} >= {"overdue", "answered", "undelivered"}
    assert value["scanned"]["messages"] == 34


def test_the_migrations_are_carried_and_used(installed: Path, tmp_path: Path) -> None:
    assert (installed / "inboxwatch" / "migrations" / "versions").is_dir()
    (tmp_path / "inboxwatch.toml").write_text(f'data_folder = "{tmp_path / "data"}"\n')
    assert "the store is now at" in run(installed, tmp_path, "migrate")
    where = run(installed, tmp_path, "config", "show")
    assert str(tmp_path / "data") in where
