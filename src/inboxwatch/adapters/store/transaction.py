"""The whole transaction, put together from its parts."""

from __future__ import annotations

from inboxwatch.adapters.store.folders import Folders
from inboxwatch.adapters.store.housekeeping import Housekeeping
from inboxwatch.adapters.store.judging import Judging
from inboxwatch.adapters.store.messages import Messages
from inboxwatch.adapters.store.outbox import Outbox
from inboxwatch.adapters.store.pages import Pages
from inboxwatch.adapters.store.threads import Threads


class SqlTransaction(Messages, Folders, Threads, Judging, Pages, Outbox, Housekeeping):
    """Everything `ports.Transaction` asks for; `ports` says what each part promises."""
