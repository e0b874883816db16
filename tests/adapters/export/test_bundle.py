"""The evidence bundle: whole, the same bytes, and not one byte can change unseen."""

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inboxwatch.adapters.export.bundle import Evidence, Written, write_bundle
from inboxwatch.adapters.export.manifest import archive_entry, verify
from inboxwatch.application.picture import Picture
from inboxwatch.application.redaction import redact
from inboxwatch.domain.errors import ConfigError, EvidenceMismatch
from tests.builders import assembled, from_council, from_us, judged, moment

SENT = b"From: parent@example.org\r\nSubject: Question\r\n\r\nPlease tell me.\r\n"
REPLY = b"From: send@kent.gov.uk\nSubject: Re: Question\n\nBy post.\n"
KEPT = {hashlib.sha256(raw).hexdigest(): raw for raw in (SENT, REPLY)}


def picture() -> Picture:
    asked = from_us("2026-03-02 09:00", "asked@example.org")
    reply = from_council("2026-03-04 09:00", message_id="reply@kent.gov.uk", to=asked)
    again = from_us("2026-04-02 09:00", "again@example.org", references=("asked@example.org",))
    sums = [*KEPT, "0" * 64]
    entries = [
        replace(e, message=replace(e.message, original_sha256=sum))
        for e, sum in zip((asked, reply, again), sums, strict=True)
    ]
    return Picture(
        as_of=moment("2026-06-01 09:00"),
        threshold="10 working days",
        calendar="england-and-wales",
        verdicts=(judged(*entries),),
        assembly=assembled(*entries),
    )


def write(
    path: Path, original: Callable[[str], bytes | None] | None = KEPT.get, **changes: object
) -> Written:
    known = changes.pop("picture", picture())
    assert isinstance(known, Picture)
    with path.open("w+b") as out:
        return write_bundle(
            out,
            Evidence(
                picture=known,
                listed=known.verdicts,
                documents={"list.csv": b"status\r\n", "chronology.pdf": b"%PDF-1.7"},
                settings={"after": "10wd"},
                original=original,
            ),
        )


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "evidence.zip"
    write(path)
    return path


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same archive with its files changed."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, raw in files.items():
            archive.writestr(archive_entry(name), raw)
    return other


def test_a_whole_bundle_is_verified(bundle: Path) -> None:
    found = verify(bundle)
    assert (found.originals, found.missing_originals, found.redacted) == (2, 1, False)
    assert found.sha256 == hashlib.sha256(bundle.read_bytes()).hexdigest()
    assert found.as_of == "2026-06-01T09:00:00+01:00"
    assert verify(bundle, sha256=found.sha256.upper()) == found


def test_it_holds_every_original_as_it_came_with_its_headers(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        names = archive.namelist()
        assert archive.read("originals/00001-2026-03-02-sent.eml") == SENT
        assert archive.read("originals/00002-2026-03-04-received.eml") == REPLY
        assert (
            archive.read("headers/00001-2026-03-02-sent.txt") == SENT.split(b"\r\n\r\n")[0] + b"\n"
        )
        assert archive.read("headers/00002-2026-03-04-received.txt").endswith(b"Re: Question\n")
        manifest = json.loads(archive.read("manifest.json"))
        readme = archive.read("README.txt").decode()
    assert "list.csv" in names
    assert [m["message_id"] for m in manifest["missing_originals"]] == ["again@example.org"]
    assert manifest["how"]["settings"] == {"after": "10wd"}
    assert manifest["how"]["threshold"] == "10 working days"
    assert "not legal advice" in manifest["how"]["limits"]
    assert "sha256sum -c SHA256SUMS" in readme
    assert "1 more were not kept" in readme


def test_the_same_evidence_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    written = write(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()
    assert written.sha256 == verify(bundle).sha256
    assert (written.originals, written.missing) == (2, 1)


def test_sha256sum_agrees(bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0


def test_any_single_changed_byte_is_found(bundle: Path) -> None:
    raw = bundle.read_bytes()
    other = bundle.with_name("other.zip")

    @given(st.integers(0, len(raw) - 1), st.integers(1, 255))
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def changed(at: int, by: int) -> None:
        spoilt = bytearray(raw)
        spoilt[at] ^= by
        other.write_bytes(spoilt)
        with pytest.raises(EvidenceMismatch) as found:
            verify(other)
        assert found.value.exit_code == 6

    changed()


def test_a_changed_a_missing_and_an_added_file_are_named(bundle: Path) -> None:
    name = "originals/00001-2026-03-02-sent.eml"

    def change(files: dict[str, bytes]) -> None:
        files[name] = files[name].replace(b"Please", b"please")

    with pytest.raises(EvidenceMismatch, match=f"{name} was changed"):
        verify(rewritten(bundle, change))
    with pytest.raises(EvidenceMismatch, match=f"{name} is missing"):
        verify(rewritten(bundle, lambda files: files.__delitem__(name)))
    with pytest.raises(EvidenceMismatch, match=r"extra\.eml was added"):
        verify(rewritten(bundle, lambda files: files.update({"originals/extra.eml": b"x"})))
    with pytest.raises(EvidenceMismatch, match="another length"):
        verify(rewritten(bundle, lambda files: files.update({name: b"short"})))


@pytest.mark.parametrize("name", ["manifest.json", "SHA256SUMS"])
def test_the_manifest_itself_is_guarded(bundle: Path, name: str) -> None:
    with pytest.raises(EvidenceMismatch, match=f"{name} is missing"):
        verify(rewritten(bundle, lambda files: files.__delitem__(name)))

    def change(files: dict[str, bytes]) -> None:
        files[name] = files[name].replace(b"0", b"1", 1)

    with pytest.raises(EvidenceMismatch):
        verify(rewritten(bundle, change))


def test_a_forged_bundle_differs_from_the_sum_that_was_noted(bundle: Path, tmp_path: Path) -> None:
    noted = verify(bundle).sha256
    forged = tmp_path / "forged.zip"
    write(forged, original=lambda _: None)
    assert verify(forged).originals == 0
    with pytest.raises(EvidenceMismatch, match="its SHA-256 is"):
        verify(forged, sha256=noted)


def test_a_bundle_packed_anew_is_told_from_a_changed_one(bundle: Path) -> None:
    other = bundle.with_name("packed.zip")
    with zipfile.ZipFile(bundle) as archive, zipfile.ZipFile(other, "w") as anew:
        for name in archive.namelist():
            anew.writestr(name, archive.read(name), compress_type=zipfile.ZIP_DEFLATED)
    with pytest.raises(EvidenceMismatch, match="the archive around them"):
        verify(other)


def test_a_file_that_stands_twice_is_found(bundle: Path) -> None:
    other = bundle.with_name("twice.zip")
    shutil.copy(bundle, other)
    with zipfile.ZipFile(other, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(archive_entry("list.csv"), b"other")
    with pytest.raises(EvidenceMismatch, match="twice"):
        verify(other)


@pytest.mark.parametrize("raw", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(raw)
    with pytest.raises(EvidenceMismatch):
        verify(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        verify(tmp_path / "absent.zip")


def test_another_version_is_not_guessed_at(bundle: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = files["manifest.json"].replace(b'"version": 1', b'"version": 2')

    with pytest.raises(EvidenceMismatch, match="another format or version"):
        verify(rewritten(bundle, change))


def test_an_original_that_is_not_what_it_was_is_left_out(tmp_path: Path) -> None:
    written = write(tmp_path / "x.zip", original=lambda _: b"something else")
    assert (written.originals, written.missing) == (0, 3)


def test_a_redacted_bundle_holds_no_original_and_no_name(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    written = write(path, original=None, picture=redact(picture()))
    assert (written.originals, written.missing) == (0, 3)
    assert verify(path).redacted
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"example.org" not in everything
    assert b"send@" not in everything
    assert next(iter(KEPT)).encode() in everything  # so that an original can be matched later
