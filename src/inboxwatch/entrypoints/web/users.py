"""Who may look: names, password hashes, API tokens, and the cases they are limited to."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from inboxwatch.bootstrap.places import secret
from inboxwatch.domain.errors import ConfigError
from inboxwatch.settings.model import PageSettings

PASSWORD_FOLDER = "page-passwords"  # noqa: S105 - the name of a folder
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024  # more only keeps the hasher busy
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_AT_ONCE = BoundedSemaphore(2)  # each check takes 64 MiB for a moment


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Someone who may sign in. `cases` is None when they may see everything."""

    name: str
    password_hash: str
    cases: frozenset[str] | None = None

    @property
    def mark(self) -> str:
        """What a session remembers of the password: another password ends the session."""
        return hashlib.sha256(self.password_hash.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token of the API, as its SHA-256."""

    name: str
    digest: bytes
    cases: frozenset[str] | None = None


@dataclass(frozen=True)
class Users:
    """Everyone who may look. Without anyone the page is open, and stays on this machine."""

    users: tuple[User, ...] = ()
    tokens: tuple[Token, ...] = ()
    hasher: PasswordHasher = field(default_factory=PasswordHasher)

    @property
    def is_open(self) -> bool:
        """Whether nobody has to sign in."""
        return not self.users

    def find(self, name: str) -> User | None:
        """Return the user of a name."""
        return next((user for user in self.users if user.name == name), None)

    def check(self, name: str, password: str) -> User | None:
        """Return the user when the password is right; takes as long for a name nobody has."""
        user = self.find(name.strip().lower())
        known = user.password_hash if user else self._nobody
        try:
            with _AT_ONCE:
                self.hasher.verify(known, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return None
        return user

    @cached_property
    def _nobody(self) -> str:
        return self.hasher.hash(os.urandom(16).hex())

    def bearer(self, token: str) -> Token | None:
        """Return the token of the API that was given, comparing every one in constant time."""
        given = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        found = None
        for one in self.tokens:
            if hmac.compare_digest(one.digest, given):
                found = one
        return found


def load_users(page: PageSettings, data_folder: Path) -> Users:
    """Return everyone the settings and the password folder name.

    Raises:
        ConfigError: a file cannot be read, or a user of the settings has no password.
    """
    folder = data_folder / PASSWORD_FOLDER
    names = {*page.users, *(path.name for path in _files(folder))}
    users, tokens = [], []
    for name in sorted(names):
        chosen = page.users.get(name)
        key = f"page.users.{name}"
        if chosen is not None and chosen.password_hash_file is not None:
            known = secret(None, chosen.password_hash_file, f"{key}.password_hash_file")
        elif (folder / name).is_file():
            known = secret(None, folder / name, f"{key}.password_hash_file")
        else:
            raise ConfigError(
                f"{key} has no password",
                remedy=f"Set one with: inboxwatch serve --set-password {name}",
            )
        if not known.startswith("$argon2"):
            raise ConfigError(
                f"the password file of '{name}' does not hold an argon2 hash",
                remedy=f"Make it anew with: inboxwatch serve --set-password {name}",
            )
        cases = frozenset(chosen.cases) if chosen is not None and chosen.cases else None
        users.append(User(name=check_name(name), password_hash=known, cases=cases))
        if chosen is not None:
            own = secret(chosen.api_token, chosen.api_token_file, f"{key}.api_token_file")
            tokens += _tokens(name, own, cases)
    whole = secret(page.api_token, page.api_token_file, "page.api_token_file")
    tokens += _tokens("api", whole, None)
    return Users(users=tuple(users), tokens=tuple(tokens))


def _files(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return ()
    return (path for path in folder.iterdir() if path.is_file() and _NAME.fullmatch(path.name))


def _tokens(name: str, token: str, cases: frozenset[str] | None) -> list[Token]:
    if not token:
        return []
    if len(token) < 16:
        raise ConfigError(
            f"the API token of '{name}' is shorter than 16 characters",
            remedy="Make one with: openssl rand -hex 32",
        )
    return [Token(name=name, digest=hashlib.sha256(token.encode()).digest(), cases=cases)]


def check_name(name: str) -> str:
    """Return a user's name, or say what one looks like.

    Raises:
        ConfigError: it is none.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"'{name}' cannot be the name of a user",
            remedy="Use up to 32 small letters, digits, dots, hyphens and underscores.",
        )
    return name


def set_password(page: PageSettings, data_folder: Path, name: str, password: str) -> Path:
    """Write the hash of a password where the page looks for it; readable by this user alone.

    Raises:
        ConfigError: the name or the password is unusable, or the file cannot be written.
    """
    check_name(name)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ConfigError(
            f"a password has at least {SHORTEST_PASSWORD} characters",
            remedy="Four words that you do not use together anywhere else do well.",
        )
    chosen = page.users.get(name)
    path = (chosen and chosen.password_hash_file) or data_folder / PASSWORD_FOLDER / name
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(PasswordHasher().hash(password) + "\n")
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(
            f"the password file {path} cannot be written: {error.strerror}",
            remedy="Check the folder and the space left there.",
        ) from error
    return path
