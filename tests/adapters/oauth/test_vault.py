"""What is kept of a sign-in is encrypted, private, whole, and bound to its account."""

import base64
import os
import shutil
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from inboxwatch.adapters.oauth import Vault
from inboxwatch.adapters.oauth.vault import Kept
from inboxwatch.domain.errors import ConfigError, MailSourceError

KEPT = Kept(
    provider="google",
    client_id="client-1",
    refresh_token="refresh-very-secret",
    signed_in_as="parent@example.org",
)
KEY = base64.b64encode(bytes(range(200, 232))).decode()  # holds + and /


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sign-in"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("account", ["home", "../../etc/x", "a/b", ".", "Müller & Co", "x" * 60])
def test_what_was_kept_comes_back(folder: Path, account: str) -> None:
    Vault(folder).save(account, KEPT)
    assert Vault(folder).load(account) == KEPT
    assert {path.parent for path in files(folder.parent)} == {folder}


@pytest.mark.parametrize("key", ["", KEY], ids=["own key", "given key"])
def test_no_file_holds_the_token_or_whose_it_is(folder: Path, key: str) -> None:
    vault = Vault(folder, key=key)
    with vault.lock("home"):
        vault.save("home", KEPT)
    written = files(folder)
    assert len(written) >= 2
    for path in written:
        for text in (KEPT.refresh_token, KEPT.signed_in_as, KEPT.client_id):
            for form in (text.encode(), base64.b64encode(text.encode()).rstrip(b"=")):
                assert form not in path.read_bytes()


def test_only_this_user_can_read_any_of_it(folder: Path) -> None:
    before = os.umask(0)
    try:
        vault = Vault(folder)
        with vault.lock("home"):
            vault.save("home", KEPT)
    finally:
        os.umask(before)
    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in files(folder)} == {
        "home.token": 0o600,
        "home.lock": 0o600,
        "key": 0o600,
    }


def test_a_key_that_others_can_read_is_closed_to_them(folder: Path) -> None:
    Vault(folder).save("home", KEPT)
    (folder / "key").chmod(0o644)
    Vault(folder).load("home")
    assert mode(folder / "key") == 0o600


def test_neither_vault_nor_what_is_kept_shows_a_secret(folder: Path) -> None:
    shown = repr(Vault(folder, key=KEY)) + repr(KEPT)
    assert KEPT.refresh_token not in shown
    assert KEY not in shown


def test_a_given_key_writes_no_key_file(folder: Path) -> None:
    Vault(folder, key=f"{KEY}\n").save("home", KEPT)
    assert [path.name for path in files(folder)] == ["home.token"]
    assert Vault(folder, key=KEY).load("home") == KEPT


@pytest.mark.parametrize("key", ["passw0rd", base64.b64encode(b"x" * 31).decode(), "é" * 43])
def test_a_key_that_is_none_is_told_with_the_way_to_make_one(folder: Path, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Vault(folder, key=key).save("home", KEPT)
    assert "openssl rand -base64 32" in caught.value.remedy
    assert key not in str(caught.value)
    assert not (folder / "home.token").exists()


def test_an_account_that_never_signed_in_is_told_how(folder: Path) -> None:
    with pytest.raises(MailSourceError) as caught:
        Vault(folder).load("home")
    assert "is not signed in" in caught.value.problem
    assert caught.value.remedy == "Sign in: inboxwatch sign-in home"
    assert not caught.value.transient
    assert not folder.exists()


def broken(vault: Vault) -> str:
    with pytest.raises(MailSourceError) as caught:
        vault.load("home")
    assert not caught.value.transient
    assert "inboxwatch sign-in home" in caught.value.remedy
    return caught.value.problem


@pytest.mark.parametrize("cut", [0, 1, 40, -1])
def test_a_damaged_file_is_told_and_not_trusted(folder: Path, cut: int) -> None:
    vault = Vault(folder)
    vault.save("home", KEPT)
    path = folder / "home.token"
    path.write_bytes(path.read_bytes()[:cut])
    assert "is damaged, or its key was changed" in broken(vault)


def test_one_changed_byte_is_noticed(folder: Path) -> None:
    vault = Vault(folder)
    vault.save("home", KEPT)
    path = folder / "home.token"
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)
    assert "is damaged" in broken(vault)


def test_another_key_or_a_lost_one_opens_nothing(folder: Path) -> None:
    Vault(folder).save("home", KEPT)
    assert "its key was changed" in broken(Vault(folder, key=KEY))
    (folder / "key").unlink()
    assert "its key was changed" in broken(Vault(folder))
    assert not (folder / "key").exists()


def test_the_file_of_one_account_is_none_of_another(folder: Path) -> None:
    vault = Vault(folder)
    vault.save("work", KEPT)
    shutil.copy(folder / "work.token", folder / "home.token")
    assert "is damaged" in broken(vault)


def test_a_write_that_fails_leaves_what_was_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(folder)
    vault.save("home", KEPT)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        vault.save("home", replace(KEPT, refresh_token="newer"))
    monkeypatch.undo()
    assert vault.load("home") == KEPT
    assert [path.name for path in files(folder)] == ["home.token", "key"]


def test_many_first_uses_at_once_agree_on_one_key(folder: Path) -> None:
    gate = threading.Barrier(8)

    def first(number: int) -> None:
        gate.wait()
        Vault(folder).save(f"account{number}", KEPT)

    threads = [threading.Thread(target=first, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [Vault(folder).load(f"account{number}") for number in range(8)] == [KEPT] * 8


def test_forgetting_removes_the_file(folder: Path) -> None:
    vault = Vault(folder)
    vault.save("home", KEPT)
    assert vault.forget("home")
    assert not vault.forget("home")
    with pytest.raises(MailSourceError, match="is not signed in"):
        vault.load("home")
