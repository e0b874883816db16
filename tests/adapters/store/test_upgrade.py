"""What a store of an older schema holds is found in the newest one."""

from __future__ import annotations

import sqlalchemy as sa

from inboxwatch.adapters.store import Migrated, migrate, open_store
from inboxwatch.adapters.store.engine import place_of
from inboxwatch.adapters.store.tables import SCHEMA
from inboxwatch.application.records import FolderState
from inboxwatch.domain.message import FolderRole
from tests.adapters.store.test_schema import fill, pretend
from tests.builders_store import a_reminder, an_entry, at

# What the fourth schema changed, back to what it was.
BEFORE_0004 = (
    "DROP INDEX ix_folders_account",
    "CREATE INDEX ix_messages_person ON messages (person)",
)


def test_an_upgrade_finds_reminders_and_texts_by_message(url: str) -> None:
    """A store of the first schema, with an odd id, answers as a new one does."""
    fill(url)
    store = open_store(url)
    with store.transaction() as tx:
        tx.save_entry("an\x00na", an_entry("b@x", sender=None, fingerprint="f"), frozenset())
        tx.file_reminders("an\x00na", [a_reminder("\x10@x", covers=("\x10@x", "c@x"))], at(0))
    store.close()
    engine = sa.create_engine(place_of(url).url)
    with engine.begin() as connection:
        for table in (
            "reminder_messages", "changes", "page_marks", "pages", "unplaced", "answers",
        ):  # fmt: skip
            connection.execute(sa.text(f"DROP TABLE {table}"))
        for statement in (
            *BEFORE_0004,
            "DROP INDEX ix_messages_sender_key_wording_key_at",
            "DROP INDEX ix_messages_person_at",
            "CREATE INDEX ix_messages_sender_key_wording_key ON messages (sender_key, wording_key)",
            "UPDATE messages SET sender_key = NULL WHERE message_id = 'b@x'",
        ):
            connection.execute(sa.text(statement))
    engine.dispose()
    pretend(url, "0001")

    assert migrate(url) == Migrated(before="0001", after=SCHEMA)

    store = open_store(url)
    with store.transaction() as tx:
        for about in ("\x10@x", "c@x"):
            assert len(tx.reminders_about("an\x00na", [about])) == 1
        assert tx.texts_around("an\x00na", "", "f", at(9), "z@x") == (1, ())
        assert tx.changes("anna").last == 0
        assert len(tx.entries("anna")) == 1
    store.close()


def test_an_upgrade_has_everything_judged_again(url: str) -> None:
    """Pages of the second schema say less; what judgements rested on is forgotten with them."""
    fill(url)
    store = open_store(url)
    with store.transaction() as tx:
        tx.set_setting("judged-on:anna", "{}")
        tx.set_setting("local-secret", "s")
    store.close()
    engine = sa.create_engine(place_of(url).url)
    with engine.begin() as connection:
        for statement in (
            *BEFORE_0004,
            "DROP TABLE page_marks",
            "DROP TABLE answers",
            "ALTER TABLE pages ADD COLUMN names TEXT NOT NULL DEFAULT ''",
        ):
            connection.execute(sa.text(statement))
    engine.dispose()
    pretend(url, "0002")

    assert migrate(url) == Migrated(before="0002", after=SCHEMA)

    store = open_store(url)
    with store.transaction() as tx:
        assert tx.setting("judged-on:anna") is None
        assert tx.setting("local-secret") == "s"
        assert tx.pages("anna") == ()
        assert len(tx.entries("anna")) == 1
    store.close()


def test_an_upgrade_keeps_all_and_finds_the_folders_of_an_account(url: str) -> None:
    """The fourth schema finds the same by other indexes."""
    fill(url)
    store = open_store(url)
    state = FolderState(account="home", folder="INBOX", role=FolderRole.INBOX)
    with store.transaction() as tx:
        tx.save_folder_state(state)
    store.close()
    engine = sa.create_engine(place_of(url).url)
    with engine.begin() as connection:
        for statement in BEFORE_0004:
            connection.execute(sa.text(statement))
    engine.dispose()
    pretend(url, "0003")

    assert migrate(url) == Migrated(before="0003", after=SCHEMA)

    engine = sa.create_engine(place_of(url).url)
    look = sa.inspect(engine)
    names = {
        index["name"] for table in ("messages", "folders") for index in look.get_indexes(table)
    }
    engine.dispose()
    assert "ix_folders_account" in names
    assert "ix_messages_person" not in names
    store = open_store(url)
    with store.transaction() as tx:
        assert tx.folder_states("home") == {"INBOX": state}
        assert len(tx.entries("anna")) == 1
    store.close()
