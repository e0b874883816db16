"""Builds adapters and hands them in: the only place that knows everyone."""

from inboxwatch.bootstrap.app import App, open_app
from inboxwatch.bootstrap.keeping import backup_store, migrate_store, restore_store
from inboxwatch.bootstrap.pure import check_files, known_bodies, yardstick_of
from inboxwatch.bootstrap.sources import try_login

__all__ = [
    "App",
    "backup_store",
    "check_files",
    "known_bodies",
    "migrate_store",
    "open_app",
    "restore_store",
    "try_login",
    "yardstick_of",
]
