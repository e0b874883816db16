"""Judge only what changed: a log of changes, pages of threads, unplaced mail, reminders by message.

It names plain column types and its own digest, so that it stays what it was when the program
changes.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ESCAPED = re.compile("\x10([0-9a-f]{4})")


def upgrade() -> None:
    op.drop_index(op.f("ix_messages_sender_key_wording_key"), "messages")
    op.create_index(
        op.f("ix_messages_sender_key_wording_key_at"),
        "messages",
        ["sender_key", "wording_key", "at"],
    )
    op.create_index(op.f("ix_messages_person_at"), "messages", ["person", "at"])
    op.create_table(
        "changes",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("message", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_changes_person"), "changes", ["person"])
    op.create_table(
        "pages",
        sa.Column("thread_key", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("body_key", sa.LargeBinary(), nullable=False),
        sa.Column("begun", sa.BigInteger()),
        sa.Column("ended", sa.BigInteger()),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("thread_key", name=op.f("pk_pages")),
    )
    op.create_index(op.f("ix_pages_body_key_ended"), "pages", ["body_key", "ended"])
    op.create_index(op.f("ix_pages_person_status"), "pages", ["person", "status"])
    op.create_table(
        "unplaced",
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("body_key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"],
            ["messages.digest"],
            name=op.f("fk_unplaced_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_unplaced")),
    )
    op.create_index(op.f("ix_unplaced_person"), "unplaced", ["person"])
    op.create_index(op.f("ix_unplaced_body_key_at"), "unplaced", ["body_key", "at"])
    op.create_table(
        "reminder_messages",
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("reminder", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder"],
            ["reminders.number"],
            name=op.f("fk_reminder_messages_reminder"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message", "reminder", name=op.f("pk_reminder_messages")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_reminder_messages_reminder"), "reminder_messages", ["reminder"])
    _find_reminders_by_message()
    _find_texts_without_sender()


def _find_texts_without_sender() -> None:
    connection = op.get_bind()
    messages = sa.table("messages", sa.column("person"), sa.column("sender_key"))
    bare = messages.c.sender_key.is_(None)
    for row in connection.execute(sa.select(messages.c.person).where(bare).distinct()).all():
        person = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), row.person)
        mine = messages.update().where(bare, messages.c.person == row.person)
        connection.execute(mine.values(sender_key=_digest(person, "")))


def _find_reminders_by_message() -> None:
    connection = op.get_bind()
    reminders = sa.table(
        "reminders", sa.column("number"), sa.column("person"), sa.column("reminder")
    )
    target = sa.table("reminder_messages", sa.column("message"), sa.column("reminder"))
    rows = [row for one in connection.execute(sa.select(reminders)) for row in _rows_of(one)]
    if rows:
        connection.execute(target.insert(), rows)


def _rows_of(row: Any) -> Iterator[dict[str, Any]]:
    reminder = json.loads(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), row.reminder))
    person = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), row.person)
    about = {reminder["key"]["unanswered"], *reminder.get("covers", ())}
    for message_id in sorted(about):
        yield {"message": _digest(person, message_id), "reminder": row.number}


def _digest(*parts: str) -> bytes:
    raws = [part.encode("utf-8", "surrogatepass") for part in parts]
    whole = b"".join([b"%d:%b" % (len(raw), raw) for raw in raws])
    return hashlib.sha256(whole).digest()[:16]
