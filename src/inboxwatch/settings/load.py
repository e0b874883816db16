"""Load settings from environment, file and defaults; list every fault at once."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from inboxwatch.domain.bodies import why_no_body
from inboxwatch.domain.errors import ConfigError
from inboxwatch.settings.model import Settings
from inboxwatch.settings.names import (
    CONFIG_VARIABLE,
    is_secret,
    nearest,
    unknown_variables,
    variable,
)

FILE_NAME = "inboxwatch.toml"


def candidates() -> tuple[Path, ...]:
    """Return where a configuration is looked for, in order."""
    return (
        Path(FILE_NAME),
        Path(platformdirs.user_config_dir("inboxwatch")) / FILE_NAME,
        Path("/config") / FILE_NAME,
    )


def find_config(explicit: Path | None = None) -> Path | None:
    """Return the configuration file to use, or None when there is none.

    Raises:
        ConfigError: a file was named and is not there.
    """
    named = explicit or (
        Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None
    )
    if named is None:
        return next((path for path in candidates() if path.is_file()), None)
    if not named.is_file():
        raise ConfigError(
            f"the configuration {named} does not exist",
            remedy="Check --config, or make one with: inboxwatch init",
        )
    return named


def load(explicit: Path | None = None) -> tuple[Settings, Path | None]:
    """Return the settings and the file they came from; relative paths lie beside that file.

    Raises:
        ConfigError: with every fault found, each with its file and key.
    """
    path = find_config(explicit)
    from_file = _read(path) if path else {}
    faults = [*_secrets_in(from_file, path, ()), *unknown_variables(os.environ)]
    settings: Settings | None = None
    try:
        settings = Settings(**from_file)
        faults += _cross_faults(settings, path)
        if path is not None:
            settings = _beside(settings, path.parent)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        faults += [_fault(e, path) for e in found if not _told_already(e)]
    except SettingsError as error:
        faults.append(f"environment: {error}")
    if faults or settings is None:
        plural = "mistake" if len(faults) == 1 else "mistakes"
        raise ConfigError(
            f"the configuration has {len(faults)} {plural}",
            remedy="Correct what is listed, then run: inboxwatch config check",
            faults=tuple(faults),
        )
    return settings, path


def _beside(value: Any, folder: Path) -> Any:
    """Return a setting whose relative paths lie in a folder, and whose `~` is the user's home."""
    if isinstance(value, Path):
        return folder / (value.expanduser() if value.parts[:1] == ("~",) else value)
    if isinstance(value, dict):
        return {name: _beside(inner, folder) for name, inner in value.items()}
    if isinstance(value, BaseModel):
        here = {name: getattr(value, name) for name in type(value).model_fields}
        moved = {name: _beside(inner, folder) for name, inner in here.items()}
        # Only what moved: a copy counts what it is given as set by the user.
        return value.model_copy(update={n: new for n, new in moved.items() if new != here[n]})
    return value


def _read(path: Path) -> dict[str, Any]:
    try:
        # Windows' editors put a byte order mark in front.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{path} is not valid TOML: {error}",
            remedy="Correct that line; text stands in quotation marks, lists in [ ].",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} cannot be read: {error}",
            remedy="Check that it is a text file which this user may read.",
        ) from error


def _secrets_in(table: dict[str, Any], path: Path | None, above: tuple[str, ...]) -> list[str]:
    """Refuse secrets in the file: it gets copied, shared and backed up."""
    faults = []
    for key, value in table.items():
        here = (*above, str(key))
        if isinstance(value, dict):
            faults += _secrets_in(value, path, here)
        elif is_secret(here):
            faults.append(
                f"{path}: {'.'.join(here)}: a secret must not stand in this file; use"
                f" {'.'.join(here)}_file or the variable {variable(here)}"
            )
    return faults


def _told_already(error: Any) -> bool:
    """Tell whether the check of variables has reported this unknown name."""
    where = tuple(str(part) for part in error["loc"])
    return error["type"] == "extra_forbidden" and variable(where) in os.environ


def _fault(error: Any, path: Path | None) -> str:
    where = tuple(str(part) for part in error["loc"])
    key = ".".join(where) or "settings"
    source = str(path) if path else "settings"
    if variable(where) in {name.upper() for name in os.environ}:
        source, key = "environment", variable(where)
    if error["type"] == "extra_forbidden":
        hint = nearest(where)
        return f"{source}: {key}: unknown key" + (f"; did you mean {hint}?" if hint else "")
    if error["type"] == "missing":
        return f"{source}: {key}: is missing"
    return f"{source}: {key}: {error['msg'].removeprefix('Value error, ')}"


def _cross_faults(settings: Settings, path: Path | None) -> list[str]:
    """Find faults that no single key shows."""
    source = str(path) if path else "settings"
    faults = []
    for name, account in settings.accounts.items():
        if account.security == "plain" and account.host not in ("127.0.0.1", "localhost", "::1"):
            faults.append(
                f"{source}: accounts.{name}.security: plain sends your password unprotected and"
                " is only allowed to this machine itself; use tls"
            )
    for name, hook in settings.webhooks.items():
        if not hook.url.startswith(("https://", "http://")):
            faults.append(f"{source}: webhooks.{name}.url: must begin with https://")
    faults += _sign_in_faults(settings, source)
    if settings.accounts and not settings.watch:
        faults.append(
            f'{source}: watch: is empty; name the councils, as in watch = ["kent.gov.uk"]'
        )
    own = settings.own_addresses()
    faults += [
        f"{source}: watch: '{word}' {why}; write it like kent.gov.uk"
        for word in settings.watch
        if word not in settings.bodies and (why := why_no_body(word, own))
    ]
    return faults


def _sign_in_faults(settings: Settings, source: str) -> list[str]:
    name = settings.email.sign_in_as
    if not name:
        return []
    account = settings.accounts.get(name)
    if account is None:
        known = ", ".join(settings.accounts) or "none"
        return [f"{source}: email.sign_in_as: there is no account '{name}'; known: {known}"]
    if account.sign_in == "password":
        return [
            f"{source}: email.sign_in_as: account '{name}' has a password and no sign-in; name the"
            " password in email.password_file"
        ]
    return []
