"""Which files, folders and archives are read, and what is said of the others."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from inboxwatch.adapters.mailfile import archive
from inboxwatch.domain.errors import ConfigError
from inboxwatch.domain.message import FolderRole
from tests.mail_files import COUNCIL, ME, NOW, ids, mail, mbox, scan, write

SHOP = "news@shop.example"
REPORT = "Content-Type: multipart/report; boundary=r\n"


def test_drafts_are_never_read(tmp_path: Path) -> None:
    write(tmp_path / "Drafts", mbox(mail(1)))
    write(tmp_path / "Takeout.mbox", mbox(mail(2, extra="X-Gmail-Labels: Drafts\n"), mail(3)))

    assert ids(scan(tmp_path)) == ["m3"]


def test_a_maildir_tree_is_read_with_its_folders(tmp_path: Path) -> None:
    for place in ("", ".Sent/", ".Kent.Caf&AOk-/", ".Drafts/"):
        for part in ("cur", "new", "tmp"):
            (tmp_path / place / part).mkdir(parents=True)
    write(tmp_path / "new" / "1.a.host", mail(1, sender=COUNCIL, to=ME))
    write(tmp_path / "cur" / "2.b.host:2,S", mail(2, sender=SHOP, to=ME))
    write(tmp_path / "cur" / "3.c.host:2,D", mail(3))
    write(tmp_path / ".Sent/cur" / "4.d.host:2,S", mail(4))
    write(tmp_path / ".Kent.Caf&AOk-/cur" / "5.e.host:2,S", mail(5, sender=COUNCIL, to=ME))
    write(tmp_path / ".Drafts/cur" / "6.f.host:2,S", mail(6))
    write(tmp_path / "dovecot-uidlist", b"3 V1\n")

    found = scan(tmp_path)

    assert ids(found) == ["m1", "m4", "m5"]
    assert found.folders == ("INBOX", "Kent/Café", "Sent")
    assert found.messages[1].locations[0].role is FolderRole.SENT
    assert found.not_scanned == ()


def test_a_folder_of_eml_files_and_a_single_one_are_read(tmp_path: Path) -> None:
    for number in (1, 2):
        write(tmp_path / "Sent Items" / f"{number}.eml", mail(number))
    write(tmp_path / "Sent Items" / "note.txt", b"not mail at all")

    folder, single = scan(tmp_path), scan(tmp_path / "Sent Items" / "2.eml")

    assert ids(folder) == ["m1", "m2"]
    assert folder.messages[0].locations[0].role is FolderRole.SENT
    assert [note.place.rpartition("/")[2] for note in folder.not_scanned] == ["note.txt"]
    assert ids(single) == ["m2"]


def test_mail_that_begins_with_many_headers_of_a_mail_system_is_read(tmp_path: Path) -> None:
    """Exchange writes kilobytes of its own before it comes to From."""
    raw = mail(1)
    own = b"".join(b"X-MS-Exchange-Organization-%d: %s\n" % (n, b"a" * 60) for n in range(99))
    write(tmp_path / "without ending", own + raw)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as file:
        file.writestr("Sent/1.eml", (own + raw).replace(b"\n", b"\r\n"))

    assert ids(scan(tmp_path / "without ending")) == ["m1"]
    assert ids(scan(tmp_path / "all.zip")) == ["m1"]


def takeout(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    os.utime(path, (NOW.timestamp(),) * 2)
    return path


def test_a_takeout_archive_is_read_by_its_labels_without_unpacking(tmp_path: Path) -> None:
    answer = mail(3, sender="officer@trust.example", to=ME, extra="In-Reply-To: <m1@example.org>\n")
    line = b"From 1759000000000000001@xxx Mon Mar 02 09:00:00 +0000 2026"
    path = takeout(
        tmp_path / "takeout-001.zip",
        {
            "Takeout/Mail/All mail Including Spam and Trash.mbox": mbox(
                answer,
                mail(1, extra="X-Gmail-Labels: Sent\nX-GM-THRID: 17\n"),
                mail(2, sender=COUNCIL, to=ME, extra="X-Gmail-Labels: Spam\n"),
                line=line,
            ),
            "Takeout/Mail/School.mbox": mbox(mail(4)),
            "Takeout/archive_browser.html": b"<p>index</p>",
            "Takeout/Mail/broken.mbox": b"not an mbox",
        },
    )

    found = scan(path)

    assert {m.message_id[:2]: m.locations[0].role for m in found.messages} == {
        "m1": FolderRole.SENT, "m2": FolderRole.JUNK, "m3": FolderRole.ALL, "m4": FolderRole.USER,
    }  # fmt: skip
    assert [m.thread_keys for m in found.messages if m.message_id == "m1@example.org"] == [
        ("gmail:17",)
    ]
    assert [note.reason for note in found.not_scanned] == ["it is neither mbox nor .eml"]


def test_an_archive_packed_tighter_than_mail_can_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_BOMB_FROM", 1_000_000)
    path = takeout(
        tmp_path / "bomb.zip",
        {"bomb.mbox": mbox(mail(1, body="\n" * 3_000_000)), "good.mbox": mbox(mail(2))},
    )

    found = scan(path)

    assert ids(found) == ["m2"]
    assert [note.reason for note in found.not_scanned] == ["it is packed tighter than mail can be"]


def test_a_damaged_archive_gives_what_can_be_read_and_says_so(tmp_path: Path) -> None:
    path = takeout(tmp_path / "t.zip", {"a.mbox": mbox(mail(1)), "b.mbox": mbox(mail(2))})
    content = bytearray(path.read_bytes())
    at = content.find(b"a.mbox") + 30
    content[at : at + 20] = b"\xff" * 20
    path.write_bytes(bytes(content))

    found = scan(path)

    assert ids(found) == ["m2"]
    assert len(found.not_scanned) == 1


def test_what_is_missing_is_one_clear_error_that_names_it_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        scan(tmp_path / "a.mbox", tmp_path / "b.mbox")

    assert "a.mbox" in caught.value.problem
    assert len(caught.value.faults) == 2
    assert ".zip" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("garbage.bin", os.urandom(5_000).replace(b"\n", b""), "neither mbox"),
        ("passwd", b"root:x:0:0::/root:/bin/sh\nbin:x:1:1::/bin:/bin/sh\n", "neither mbox"),
        ("empty.eml", b"", "empty"),
        ("old.pst", b"!BDN", "export the folder"),
        ("all.tgz", b"\x1f\x8b", "unpack it first"),
        ("broken.zip", b"PK\x03\x04" + b"\x00" * 50, "damaged"),
    ],
)
def test_a_file_that_is_no_mail_says_so_and_what_to_do(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        scan(write(tmp_path / name, content))

    assert reason in caught.value.problem
    assert name in caught.value.problem


def test_a_directory_without_mail_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "note.txt", b"hello")

    with pytest.raises(ConfigError, match="no mail was found"):
        scan(tmp_path)


def test_an_unreadable_folder_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "Inbox", mbox(mail(1, sender=COUNCIL, to=ME)))
    locked = write(tmp_path / "Locked", mbox(mail(2)))
    opened = Path.open

    def refuse(path: Path, *args: object, **named: object) -> object:  # root may open anything
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    found = scan(tmp_path)

    assert ids(found) == ["m1"]
    assert [(n.place, n.reason) for n in found.not_scanned] == [(str(locked), "Permission denied")]


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    from inboxwatch.adapters.mailfile import MailFiles
    from inboxwatch.adapters.mime import MimeReader
    from tests.mail_files import WATCH

    path = write(tmp_path / "Inbox", mbox(mail(1), mail(2)))
    told: list[tuple[str, int, int | None]] = []

    MailFiles((path,), reader=MimeReader(now=lambda: NOW), now=lambda: NOW).scan(
        WATCH, progress=lambda what, done, total: told.append((what, done, total))
    )

    assert told[-1] == ("Inbox", path.stat().st_size, path.stat().st_size)
