"""Make the pictures of the documentation from the sample that ships with the program.

    python benchmarks/pictures.py [FOLDER]

Needs Debian's chromium and poppler-utils. Another picture is another line in PICTURES.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

from inboxwatch.adapters import holidays
from inboxwatch.adapters.export.documents import pdf_bytes
from inboxwatch.adapters.export.report import report_html
from inboxwatch.application.picture import Picture
from inboxwatch.bootstrap.auditing import audit_files
from inboxwatch.bootstrap.showing import sample_reminder

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
ME = "sam.hartley@example.org"
WIDE, PHONE = (1100, 1000), (420, 900)


def sample() -> Picture:
    with as_file(files("inboxwatch") / "presets" / "demo") as folder:
        return audit_files(
            [folder],
            me=[ME],
            watch=("kent.gov.uk", "medway.gov.uk"),
            as_of=datetime(2026, 6, 1, 7, 0, tzinfo=UTC),
        )


def page(html: bytes, target: Path, size: tuple[int, int]) -> None:
    """Photograph a page in the browser."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_bytes(html)
        subprocess.run(
            [
                shutil.which("chromium") or "chromium",
                "--headless",
                "--no-sandbox",
                "--hide-scrollbars",
                f"--user-data-dir={folder}/profile",
                f"--window-size={size[0]},{size[1]}",
                f"--screenshot={target}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def paper(pdf: bytes, target: Path, number: int) -> None:
    """Draw one page of a PDF."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "paper.pdf"
        source.write_bytes(pdf)
        subprocess.run(
            [
                "pdftoppm", "-r", "80", "-png", "-singlefile", "-f", str(number), "-l", str(number),
                str(source), str(target.with_suffix("")),
            ],
            check=True,
            timeout=120,
        )  # fmt: skip


def chronology(picture: Picture) -> bytes:
    return pdf_bytes(picture, holidays.calendars()["england-and-wales"])


PICTURES: dict[str, Callable[[Picture, Path], None]] = {
    "report.png": lambda picture, to: page(report_html(picture), to, WIDE),
    "reminder.png": lambda picture, to: page(
        sample_reminder(picture, to=ME).html.encode(), to, PHONE
    ),
    "chronology-summary.png": lambda picture, to: paper(chronology(picture), to, 1),
    "chronology-timelines.png": lambda picture, to: paper(chronology(picture), to, 3),
    "chronology-thread.png": lambda picture, to: paper(chronology(picture), to, 5),
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    picture = sample()
    for name, draw in PICTURES.items():
        draw(picture, folder / name)
        print(f"{folder / name}: {(folder / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
