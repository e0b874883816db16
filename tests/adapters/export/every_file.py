"""Every kind of file, made of the sample; also a program, so that another process can make them."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import time

from inboxwatch.adapters.export.bundle import Evidence, write_bundle
from inboxwatch.adapters.export.documents import documents, pdf_bytes
from inboxwatch.adapters.export.report import report_html
from inboxwatch.application.picture import Picture
from inboxwatch.application.redaction import redact
from inboxwatch.entrypoints.cli.export import export_bytes
from tests.demo_mail import demo_picture, demo_yardstick


def every_file(picture: Picture) -> dict[str, bytes]:
    """Return the bytes of each format by its name."""
    calendar = demo_yardstick().calendars["england-and-wales"]
    bundle = io.BytesIO()
    write_bundle(
        bundle,
        Evidence(
            picture=picture,
            listed=picture.verdicts,
            documents=documents(picture, calendar),
            settings={"after": "10wd"},
            original=None,
        ),
    )
    return {
        **{kind: export_bytes(picture, kind) for kind in ("csv", "xlsx", "json", "ics")},
        "report": report_html(picture, everything=True),
        "pdf": pdf_bytes(picture, calendar),
        "bundle": bundle.getvalue(),
    }


def sample(*, redacted: bool = False) -> dict[str, bytes]:
    """Return every file of the sample mail."""
    picture = demo_picture()
    return every_file(redact(picture, names=("A.H.",)) if redacted else picture)


if __name__ == "__main__":
    time.tzset()
    made = {**sample(), **{f"{k}-redacted": raw for k, raw in sample(redacted=True).items()}}
    json.dump({k: hashlib.sha256(raw).hexdigest() for k, raw in made.items()}, sys.stdout)
