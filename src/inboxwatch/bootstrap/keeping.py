"""Look after the store as a whole: migrate, back up, restore. No mail is read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from inboxwatch.adapters.store import backup, migrate, restore, schema_state
from inboxwatch.bootstrap.places import data_folder, store_place
from inboxwatch.settings.model import Settings


def migrate_store(settings: Settings) -> tuple[str | None, str, Path | None]:
    """Bring the store up to date after copying it; return (before, after, copy)."""
    done = migrate(
        store_place(settings),
        backup_to=data_folder(settings) / f"before-migration-{datetime.now(UTC):%Y%m%d-%H%M%S}.db",
    )
    return done.before, done.after, done.copy


def is_current(settings: Settings) -> bool:
    """Tell whether the store's tables are those of this program."""
    return schema_state(store_place(settings)).is_current


def backup_store(settings: Settings, target: Path) -> None:
    """Copy everything stored into one file."""
    backup(store_place(settings), target)


def restore_store(settings: Settings, source: Path, *, force: bool) -> None:
    """Bring back a backup."""
    restore(source, store_place(settings), force=force)
