"""Refresh tokens at rest: encrypted, one file an account, readable by this user alone.

The key is the user's (environment or secret file) or lies beside the tokens, made when first used.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from cryptography.fernet import Fernet, InvalidToken
from filelock import FileLock, Timeout

from inboxwatch.domain.errors import ConfigError, MailSourceError

_FORM = 1
_KEY_BYTES = 32
_LOCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a sign-in. It is good for this provider and client id alone."""

    provider: str
    client_id: str
    refresh_token: str = field(repr=False)
    signed_in_as: str = ""


class Vault:
    """Keeps one `Kept` an account in a folder of its own."""

    def __init__(self, folder: Path, *, key: str = "") -> None:
        """Without `key` the file `key` in the folder is the key.

        Args:
            folder: made with mode 0700 when something is kept.
            key: 32 random bytes in base64.
        """
        self._folder = folder
        self._key = key

    def __repr__(self) -> str:
        return f"Vault({str(self._folder)!r})"

    def load(self, account: str) -> Kept:
        """Return what is kept of an account.

        Raises:
            MailSourceError: not signed in, or the file is damaged or of another key.
            ConfigError: the file or the key cannot be read.
        """
        path = self._path(account)
        with _file_errors(path):
            try:
                sealed = path.read_bytes()
            except FileNotFoundError:
                raise MailSourceError(
                    f"account '{account}' is not signed in",
                    remedy=f"Sign in: inboxwatch sign-in {account}",
                    transient=False,
                ) from None
            fernet = self._fernet(make=False)
        try:
            table = json.loads(fernet.decrypt(sealed)) if fernet else None
            if table is None or table["form"] != _FORM or table["account"] != account:
                raise ValueError
            return Kept(
                provider=str(table["provider"]),
                client_id=str(table["client_id"]),
                refresh_token=str(table["refresh_token"]),
                signed_in_as=str(table["signed_in_as"]),
            )
        except (InvalidToken, ValueError, KeyError, TypeError):
            raise MailSourceError(
                f"account '{account}': the kept sign-in {path} is damaged, or its key was changed",
                remedy=f"Put the key back, or sign in again: inboxwatch sign-in {account}",
                transient=False,
            ) from None

    def save(self, account: str, kept: Kept) -> None:
        """Keep a sign-in in place of the one before, whole or not at all.

        Raises:
            ConfigError: it cannot be written.
        """
        table = {
            "form": _FORM,
            "account": account,
            "provider": kept.provider,
            "client_id": kept.client_id,
            "refresh_token": kept.refresh_token,
            "signed_in_as": kept.signed_in_as,
        }
        path = self._path(account)
        with _file_errors(path):
            self._make_folder()
            fernet = self._fernet(make=True)
            assert fernet is not None
            new = self._written(fernet.encrypt(json.dumps(table).encode()))
            new.replace(path)

    def forget(self, account: str) -> bool:
        """Remove what is kept of an account; tell whether there was something."""
        path = self._path(account)
        with _file_errors(path):
            there = path.exists()
            path.unlink(missing_ok=True)
            return there

    @contextmanager
    def lock(self, account: str) -> Iterator[None]:
        """Let one process at a time renew an account.

        Raises:
            MailSourceError: transient: another one has held it for a minute.
        """
        path = self._path(account).with_suffix(".lock")
        with _file_errors(path):
            self._make_folder()
            lock = FileLock(path, timeout=_LOCK_SECONDS, mode=0o600)
            try:
                lock.acquire()
            except Timeout:
                raise MailSourceError(
                    f"account '{account}': another inboxwatch is renewing its sign-in",
                    remedy="It will be tried again.",
                    transient=True,
                ) from None
        try:
            yield
        finally:
            lock.release()

    def _path(self, account: str) -> Path:
        # Escaped, so that no name leads out of the folder or to another account's file.
        return self._folder / f"{quote(account, safe='')}.token"

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _fernet(self, *, make: bool) -> Fernet | None:
        """Return the cipher; None when there is no key and none is to be made."""
        if self._key:
            return Fernet(_checked(self._key, "the key for kept sign-ins (token_key)"))
        path = self._folder / "key"
        if not path.exists():
            if not make:
                return None
            new = self._written(Fernet.generate_key())
            try:
                os.link(new, path)  # unlike a rename it never replaces a key made meanwhile
            except FileExistsError:
                pass
            finally:
                new.unlink()
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        return Fernet(_checked(path.read_text(encoding="ascii", errors="replace"), str(path)))

    def _written(self, content: bytes) -> Path:
        """Return a new file of this user's with the content, on disk."""
        path = self._folder / f".{secrets.token_hex(8)}"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path


def _checked(key: str, where: str) -> bytes:
    text = key.strip().replace("+", "-").replace("/", "_")
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise ConfigError(
            f"{where} is not a key: it must be 32 random bytes in base64",
            remedy="Make one: openssl rand -base64 32",
        )
    return base64.urlsafe_b64encode(raw)


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"the kept sign-in {path} cannot be used: {error.strerror or type(error).__name__}",
            remedy="Check that its folder belongs to this user and that the disk is not full.",
        ) from error
