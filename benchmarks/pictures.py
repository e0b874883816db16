"""Make the pictures of the documentation from the sample that ships with the program.

    make pictures        or: .venv/bin/python -m benchmarks.pictures [FOLDER]

Needs Debian's chromium and poppler-utils. Another picture is another line in PICTURES.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from inboxwatch.adapters import holidays
from inboxwatch.adapters.export.documents import pdf_bytes
from inboxwatch.adapters.export.report import report_html
from inboxwatch.application.picture import Picture
from inboxwatch.bootstrap.showing import sample_reminder
from inboxwatch.entrypoints.web.server import PageServer
from tests.demo_mail import ME, demo_picture
from tests.entrypoints.web.demo_site import known_of, users

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
COLOURS = 96  # of each picture's own palette: text stays smooth, a file stays small
DESK, PHONE = (1120, 860), (400, 860)
Scheme = Literal["light", "dark"]


@dataclass(frozen=True, kw_only=True)
class Studio:
    """What pictures are taken of, and with."""

    browser: Browser
    address: str  # of the page
    picture: Picture

    @contextmanager
    def window(self, size: tuple[int, int], scheme: Scheme) -> Iterator[Page]:
        """Open a window of the browser."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
        )
        yield context.new_page()
        context.close()


Draw = Callable[[Studio], bytes]


def shown(path: str, size: tuple[int, int], scheme: Scheme = "light", *, follow: str = "") -> Draw:
    """Photograph a page of the running site, or the one behind the link of these words."""

    def draw(studio: Studio) -> bytes:
        with studio.window(size, scheme) as page:
            page.goto(path)
            if follow:
                page.get_by_role("link", name=follow).first.click()
                page.wait_for_load_state()
            return page.screenshot()

    return draw


def document(html: Callable[[Picture], str], size: tuple[int, int]) -> Draw:
    """Photograph a document that stands alone."""

    def draw(studio: Studio) -> bytes:
        with studio.window(size, "light") as page:
            page.set_content(html(studio.picture))
            return page.screenshot()

    return draw


def paper(number: int) -> Draw:
    """Draw one page of the chronology."""

    def draw(studio: Studio) -> bytes:
        raw = pdf_bytes(studio.picture, holidays.calendars()["england-and-wales"])
        return subprocess.run(
            ["pdftoppm", "-r", "80", "-png", "-f", str(number), "-l", str(number), "-"],
            input=raw,
            stdout=subprocess.PIPE,
            check=True,
            timeout=120,
        ).stdout

    return draw


THREAD = "Request for an EHC needs assessment"
PICTURES: dict[str, Draw] = {
    "page.png": shown("/", DESK),
    "page-dark.png": shown("/", DESK, "dark"),
    "page-phone.png": shown("/", PHONE, follow=THREAD),
    "page-phone-dark.png": shown("/review", PHONE, "dark"),
    "page-figures.png": shown("/statistics", DESK),
    "report.png": document(lambda picture: report_html(picture).decode(), DESK),
    "reminder.png": document(lambda picture: sample_reminder(picture, to=ME).html, PHONE),
    "chronology-summary.png": paper(1),
    "chronology-timelines.png": paper(3),
    "chronology-thread.png": paper(5),
}


def small(png: bytes) -> bytes:
    """Write a picture with a palette."""
    out = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as started:
        known = known_of(Path(data))
        server = PageServer(known, port=0, users=users())
        server.start()
        studio = Studio(
            browser=started.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            ),
            address=server.address.rstrip("/"),
            picture=demo_picture(),
        )
        for name, draw in PICTURES.items():
            raw = small(draw(studio))
            (folder / name).write_bytes(raw)
            print(f"{folder / name}: {len(raw):,} bytes")
        studio.browser.close()
        server.close()
        known.store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
