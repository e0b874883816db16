"""Every format at once: the same bytes on any machine, and nobody's name when it is redacted."""

from __future__ import annotations

import io
import json
import locale
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from tests.adapters.export.every_file import sample
from tests.demo_mail import demo_messages

# Everybody in the sample, and what would lead to one of them.
NAMES = ("hartley", "helen", "marsh", "priya", "nair", "beckett", "whitlock", "grace", "a.h.",
         "sam ", "example.org", "icasework", "2031187", "1640333")  # fmt: skip


def made_elsewhere(**environment: str) -> dict[str, str]:
    """The sums of every file, made by another process with another environment."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.adapters.export.every_file"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_another_process_zone_and_language_make_the_same_bytes() -> None:
    """Neither the order of sets, nor the clock's zone, nor the language has a say."""
    one = made_elsewhere(PYTHONHASHSEED="1", TZ="Pacific/Auckland", LC_ALL="C")
    two = made_elsewhere(PYTHONHASHSEED="2718", TZ="America/St_Johns", LC_ALL=a_language())
    assert len(one) == 14
    assert [kind for kind in one if one[kind] != two[kind]] == []


def a_language() -> str:
    """A locale of this machine that is not plain C, where it has one."""
    for name in ("cy_GB.UTF-8", "de_DE.UTF-8", "en_GB.UTF-8", "C.UTF-8"):
        before = locale.setlocale(locale.LC_ALL)
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue
        finally:
            locale.setlocale(locale.LC_ALL, before)
        return name
    return "POSIX"


def texts(name: str, raw: bytes, folder: Path) -> Iterator[tuple[str, str]]:
    """Every text in a file: names of files in it, their insides, what a PDF holds unseen."""
    yield name, name
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield f"{name}, comment", archive.comment.decode("utf-8", "replace")
            for info in archive.infolist():
                yield f"{name}, comment", info.comment.decode("utf-8", "replace")
                yield from texts(f"{name}/{info.filename}", archive.read(info), folder)
    elif raw.startswith(b"%PDF-"):
        path = folder / "looked-at.pdf"
        path.write_bytes(raw)
        done = subprocess.run(
            ["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True
        )
        yield f"{name}, pages", done.stdout.decode()
        with pikepdf.open(path) as pdf:
            yield f"{name}, metadata", pdf.open_metadata().__str__() + str(dict(pdf.docinfo))
            for thing in pdf.objects:
                yield f"{name}, objects", " ".join(strings(thing))
    else:
        yield name, raw.decode("utf-8-sig")


def strings(thing: object) -> Iterator[str]:
    """Every text of a PDF's object."""
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Dictionary):
        for key, value in thing.items():
            yield key
            if not isinstance(value, pikepdf.Object) or not value.is_indirect:
                yield from strings(value)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            if not isinstance(value, pikepdf.Object) or not value.is_indirect:
                yield from strings(value)


@pytest.fixture(scope="module")
def redacted() -> dict[str, bytes]:
    return sample(redacted=True)


def everybody() -> tuple[str, ...]:
    """Each address and message id of the sample, beside the names."""
    ids = {message.message_id.casefold() for message in demo_messages()}
    people = {
        address.address
        for message in demo_messages()
        for address in (message.sender, *message.recipients)
        if address is not None and address.address
    }
    return (*NAMES, *sorted(ids), *sorted(people))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "ics", "report", "pdf", "bundle"])
def test_nobody_is_left_anywhere_in_a_redacted_file(
    redacted: dict[str, bytes], kind: str, tmp_path: Path
) -> None:
    """Not in a name of a file, a header, a property, a link, a chart's words or the metadata."""
    looked = 0
    for where, text in texts(f"list.{kind}", redacted[kind], tmp_path):
        looked += len(text)
        low = text.casefold()
        for name in everybody():
            assert name not in low, (where, name)
    assert looked > 1000
    assert "kent.gov.uk" in " ".join(t for _, t in texts(kind, redacted[kind], tmp_path))


def test_the_same_stand_in_means_the_same_in_every_format(
    redacted: dict[str, bytes], tmp_path: Path
) -> None:
    """A council mailbox has one stand-in, whichever file one reads."""
    listed = json.loads(redacted["json"])["threads"]
    boxes = {thread["council_mailbox"] for thread in listed}
    assert len(boxes) == 8
    for kind in ("csv", "xlsx", "report", "pdf", "bundle"):
        text = " ".join(t for _, t in texts(kind, redacted[kind], tmp_path))
        assert {b for b in boxes if b not in re.sub(r"[\u200b\n]", "", text)} == set(), kind


def test_without_redaction_the_names_are_found(tmp_path: Path) -> None:
    """The search finds what it looks for, or finding nothing would mean nothing."""
    for kind, raw in sample().items():
        text = " ".join(t for _, t in texts(kind, raw, tmp_path)).casefold()
        assert "send@kent.gov.uk" in text, kind
        if kind in ("json", "pdf", "bundle"):
            assert "hartley" in text, kind
