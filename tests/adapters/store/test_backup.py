"""A backup is one moment of a store, whole or refused, and fits either database."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from inboxwatch.adapters.store import backup, open_store, restore
from inboxwatch.adapters.store.archive import FORMAT
from inboxwatch.application.ports import Transaction
from inboxwatch.application.records import FolderState
from inboxwatch.domain.errors import StoreError
from inboxwatch.domain.message import FolderRole
from inboxwatch.domain.overrides import Verb
from tests.builders_store import (
    NINE,
    a_delivery,
    a_place,
    a_placement,
    a_poll,
    a_reminder,
    an_entry,
    an_override,
    an_unreadable,
    at,
)


def fill(url: str, subject: str = "odd \x00\ud800 é") -> None:
    store = open_store(url)
    with store.transaction() as tx:
        sha256 = tx.save_original(bytes(range(256)))
        for n in range(3):
            entry = an_entry(f"{n}@x", subject=subject, locations=(a_place(n),), minutes=n)
            tx.save_entry("anna", entry, frozenset({f"k{n}"}))
        tx.set_original("anna", "0@x", sha256)
        tx.save_folder_state(FolderState(account="home", folder="INBOX", role=FolderRole.INBOX))
        tx.save_poll(a_poll(1))
        tx.save_unreadable("anna", an_unreadable(9))
        tx.save_placements("anna", [a_placement("0@x", "t1")])
        tx.add_override("anna", an_override(Verb.MARK, "0@x", value="answered"))
        tx.file_reminders("anna", [a_reminder("0@x")], NINE)
        tx.add_delivery(replace(a_delivery("d1"), not_before=at(4)))
        tx.remember_sent_id("anna", "reminder@x")
        tx.set_setting("local-secret", "s")
    store.close()


def everything(tx: Transaction) -> tuple[object, ...]:
    entries = tx.entries("anna")
    return (
        entries,
        [tx.original(e.message.original_sha256) for e in entries if e.message.original_sha256],
        tx.entries_sharing("anna", frozenset({"k1"})),
        tx.our_ids("anna"),
        tx.known_uids("home", "INBOX", 7),
        tx.folder_states("home"),
        tx.last_poll("home"),
        tx.unreadables("anna"),
        tx.placements("anna"),
        tx.overrides("anna"),
        tx.filed_reminders("anna"),
        tx.deliveries("anna"),
        tx.setting("local-secret"),
        tx.counts(),
    )


def held(url: str) -> tuple[object, ...]:
    store = open_store(url)
    with store.transaction(read_only=True) as tx:
        found = everything(tx)
    store.close()
    return found


def test_a_backup_restores_into_either_database(
    tmp_path: Path, postgres_url: str, url: str
) -> None:
    source = url if url != postgres_url else str(tmp_path / "other.db")
    fill(url)
    made = backup(url, tmp_path / "one.zip")
    assert (made.rows("messages"), made.rows("originals"), made.rows("nothing")) == (3, 1, 0)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    for number, target in enumerate((str(tmp_path / "back.db"), postgres_url)):
        restore(tmp_path / "one.zip", target, force=target == url)
        assert held(target) == held(url)
        again = tmp_path / f"again-{number}.zip"
        backup(target, again)
        assert again.read_bytes() == (tmp_path / "one.zip").read_bytes()
    assert source


def test_a_restored_store_counts_on_from_where_it_was(url: str, tmp_path: Path) -> None:
    fill(url)
    backup(url, tmp_path / "one.zip")
    restore(tmp_path / "one.zip", url, force=True)
    store = open_store(url)
    with store.transaction() as tx:
        later = tx.add_override("anna", an_override(Verb.UNLINK, "1@x"))
        tx.save_entry("anna", an_entry("new@x", locations=(a_place(77),)), frozenset())
        tx.file_reminders("anna", [a_reminder("1@x")], NINE)
        ids = [override.id for override in tx.overrides("anna")]
    store.close()
    assert ids == [ids[0], later.id]
    assert later.id > ids[0]


def test_a_backup_is_one_moment_of_a_store_in_use(url: str, tmp_path: Path) -> None:
    fill(url)
    store = open_store(url)
    with store.transaction() as tx:
        tx.save_entry("anna", an_entry("uncommitted@x"), frozenset())
        made = backup(url, tmp_path / "one.zip")
    store.close()
    assert made.rows("messages") == 3


def test_a_store_that_holds_something_is_replaced_only_by_force(url: str, tmp_path: Path) -> None:
    fill(url)
    backup(url, tmp_path / "one.zip")
    store = open_store(url)
    with store.transaction() as tx:
        tx.save_entry("anna", an_entry("later@x"), frozenset())
    with pytest.raises(StoreError, match="in use already") as caught:
        restore(tmp_path / "one.zip", url)
    assert "--force" in caught.value.remedy
    with store.transaction() as tx:
        assert len(tx.entries("anna")) == 4

    restore(tmp_path / "one.zip", url, force=True)
    with store.transaction() as tx:
        assert len(tx.entries("anna")) == 3
    store.close()


def test_an_empty_store_is_filled_without_force(url: str, tmp_path: Path) -> None:
    fill(str(tmp_path / "source.db"))
    backup(tmp_path / "source.db", tmp_path / "one.zip")
    open_store(url).close()
    restore(tmp_path / "one.zip", url)
    assert held(url) == held(str(tmp_path / "source.db"))


def rewritten(source: Path, target: Path, changes: dict[str, bytes | None]) -> Path:
    """Copy a zip with members replaced or left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A sound backup."""
    fill(str(tmp_path / "source.db"))
    return backup(tmp_path / "source.db", tmp_path / "sound.zip").path


@pytest.mark.parametrize(
    "changes",
    [
        {"tables/messages.jsonl": b"{}\n"},
        {"tables/messages.jsonl": b""},
        {"tables/messages.jsonl": None},
        {"manifest.json": None},
        {"manifest.json": b"no json"},
        {"manifest.json": b"[]"},
        {"manifest.json": b'{"format": "another", "version": 1}'},
        {"manifest.json": b'{"format": "inboxwatch-backup", "version": 1}'},
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    made: Path, tmp_path: Path, url: str, changes: dict[str, bytes | None]
) -> None:
    fill(url, "mine")
    before = held(url)
    bad = rewritten(made, tmp_path / "bad.zip", changes)
    with pytest.raises(StoreError, match="or it is damaged"):
        restore(bad, url, force=True)
    assert held(url) == before


def test_a_cut_off_backup_is_refused(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    for length in (0, 100, len(whole) // 2, len(whole) - 1):
        bad = tmp_path / "bad.zip"
        bad.write_bytes(whole[:length])
        with pytest.raises(StoreError, match="or it is damaged"):
            restore(bad, tmp_path / "target.db")
    flipped = bytearray(whole)
    flipped[len(whole) // 3] ^= 0xFF
    bad.write_bytes(flipped)
    with pytest.raises(StoreError, match="or it is damaged"):
        restore(bad, tmp_path / "target.db")
    assert not (tmp_path / "target.db").exists()


def test_a_backup_of_a_later_format_is_refused_by_name(made: Path, tmp_path: Path) -> None:
    manifest = json.dumps({"format": FORMAT, "version": 2}).encode()
    later = rewritten(made, tmp_path / "later.zip", {"manifest.json": manifest})
    with pytest.raises(StoreError, match="version 2"):
        restore(later, tmp_path / "target.db")


def test_a_backup_never_overwrites_a_file_nor_leaves_half_of_one(tmp_path: Path) -> None:
    source = str(tmp_path / "source.db")
    fill(source)
    mine = tmp_path / "letter.odt"
    mine.write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        backup(source, mine)
    assert mine.read_text() == "mine"
    with pytest.raises(StoreError, match="does not exist"):
        backup(source, tmp_path / "no folder" / "one.zip")
    with pytest.raises(StoreError, match="nothing to back up"):
        backup(tmp_path / "none.db", tmp_path / "one.zip")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letter.odt", "source.db"]


def test_a_backup_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        restore(tmp_path / "none.zip", tmp_path / "target.db")


def test_a_damaged_store_is_set_aside_not_deleted(made: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.db"
    target.write_bytes(b"broken " * 5_000)
    with pytest.raises(StoreError, match="is not an inboxwatch store"):
        restore(made, target)
    restore(made, target, force=True)
    assert held(str(target)) == held(str(tmp_path / "source.db"))
    assert (tmp_path / "target.db.damaged-1").read_bytes() == b"broken " * 5_000

    shutil.copyfile(tmp_path / "target.db.damaged-1", target)
    restore(made, target, force=True)
    assert (tmp_path / "target.db.damaged-2").exists()
