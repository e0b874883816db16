"""Where things lie on this machine: data folder, secrets, store."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from pathlib import Path

import platformdirs
from pydantic import SecretStr

from inboxwatch.domain.errors import ConfigError
from inboxwatch.settings.model import AccountSettings, Settings

_CONTAINER_DATA = Path("/data")


def data_folder(settings: Settings) -> Path:
    """Return the folder for the store, health file and lock; made when it is not there.

    Raises:
        ConfigError: it cannot be made.
    """
    folder = settings.data_folder
    if folder is None:
        in_container = _CONTAINER_DATA.is_dir() and Path("/config").is_dir()
        folder = _CONTAINER_DATA if in_container else Path(platformdirs.user_data_dir("inboxwatch"))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigError(
            f"the data folder {folder} cannot be made: {error.strerror}",
            remedy="Name another with data_folder, or correct its permissions.",
        ) from error
    return folder


def health_file(settings: Settings) -> Path:
    """Return where the health file is."""
    return settings.service.health_file or data_folder(settings) / "health.json"


def store_place(settings: Settings) -> str | Path:
    """Return the store: a PostgreSQL URL, or the path of a SQLite file."""
    url = secret(settings.store.url, settings.store.url_file, "store.url")
    if url:
        return url
    return settings.store.path or data_folder(settings) / "inboxwatch.db"


def secret(value: SecretStr | None, file: Path | None, key: str) -> str:
    """Return a secret from the environment or its file, or an empty string.

    Raises:
        ConfigError: the file cannot be read or is empty; the secret is never in the message.
    """
    if value is not None:
        return value.get_secret_value()
    if file is None:
        return ""
    try:
        # Without the byte order mark of Windows' editors: no server would take it for the secret.
        text = file.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not a text file"
        raise ConfigError(
            f"the file of {key}, {file}, cannot be read: {why}",
            remedy="Put the secret alone into that file, readable only by this user.",
        ) from error
    if not text:
        raise ConfigError(
            f"the file of {key}, {file}, is empty",
            remedy="Put the secret alone into that file, readable only by this user.",
        )
    return text


def password_of(name: str, account: AccountSettings) -> str:
    """Return the password of an account.

    Raises:
        ConfigError: there is none.
    """
    password = secret(account.password, account.password_file, f"accounts.{name}.password_file")
    if not password:
        variable = f"INBOXWATCH_ACCOUNTS__{name.upper()}__PASSWORD_FILE"
        raise ConfigError(
            f"account '{name}' has no password",
            remedy=f"Name a file with password_file under [accounts.{name}], or set {variable}.",
        )
    return password


class _SharedContext(ssl.SSLContext):
    """Verifies names and certificates; offers no application protocol to anyone.

    A client of HTTP writes what it speaks into the context it is given, and every mail connection
    made later would offer that. Dovecot 2.4 hangs up on it (RFC 7301, 3.2).
    """

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Leave it as it is: HTTP/1.1, mail and sending all work without."""


def tls(*ca_files: Path | None) -> ssl.SSLContext:
    """Return a context that verifies certificates; made once and shared, since it is costly.

    Raises:
        ConfigError: a CA file cannot be used.
    """
    context = _SharedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    for ca_file in ca_files:
        if ca_file is None:
            continue
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(
                f"the CA file {ca_file} cannot be used: {error}",
                remedy="ca_file must name a file of certificates in PEM form.",
            ) from error
    return context
