"""The first schema: messages, folders, threads, decisions, the outbox, originals.

It names plain column types, so that it stays what it was when the program's types change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger()),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("digest", name=op.f("uq_deliveries_digest")),
    )
    op.create_index(op.f("ix_deliveries_person"), "deliveries", ["person"])
    op.create_index(op.f("ix_deliveries_state_created_at"), "deliveries", ["state", "created_at"])
    op.create_table(
        "folders",
        sa.Column("folder_key", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("folder_key", name=op.f("pk_folders")),
    )
    op.create_table(
        "messages",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("original_sha256", sa.Text()),
        sa.Column("sender_key", sa.LargeBinary()),
        sa.Column("wording_key", sa.LargeBinary()),
        sa.Column("classification", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_original_sha256"), "messages", ["original_sha256"])
    op.create_index(op.f("ix_messages_person"), "messages", ["person"])
    op.create_index(
        op.f("ix_messages_sender_key_wording_key"), "messages", ["sender_key", "wording_key"]
    )
    op.create_table(
        "originals",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("packing", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_originals")),
    )
    op.create_table(
        "overrides",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("council_mailbox", sa.Text()),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_overrides_person"), "overrides", ["person"])
    op.create_table(
        "polls",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("account_key", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("scanned", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_polls")),
    )
    op.create_index(op.f("ix_polls_account_key_ended_at"), "polls", ["account_key", "ended_at"])
    op.create_table(
        "reminders",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("reminder", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reminders")),
        sa.UniqueConstraint("digest", name=op.f("uq_reminders_digest")),
    )
    op.create_index(op.f("ix_reminders_message"), "reminders", ["message"])
    op.create_index(op.f("ix_reminders_person"), "reminders", ["person"])
    op.create_table(
        "sent_ids",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sent_ids")),
    )
    op.create_index(op.f("ix_sent_ids_person"), "sent_ids", ["person"])
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "unreadables",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("folder_key", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("unreadable", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_unreadables")),
        sa.UniqueConstraint("place", name=op.f("uq_unreadables_place")),
    )
    op.create_index(op.f("ix_unreadables_folder_key"), "unreadables", ["folder_key"])
    op.create_index(op.f("ix_unreadables_person"), "unreadables", ["person"])
    op.create_table(
        "locations",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("folder_key", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.digest"], name=op.f("fk_locations_message"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_locations")),
        sa.UniqueConstraint("place", name=op.f("uq_locations_place")),
    )
    op.create_index(
        op.f("ix_locations_folder_key_uidvalidity_uid"),
        "locations",
        ["folder_key", "uidvalidity", "uid"],
    )
    op.create_index(op.f("ix_locations_message"), "locations", ["message"])
    op.create_table(
        "message_keys",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"],
            ["messages.digest"],
            name=op.f("fk_message_keys_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "message", name=op.f("pk_message_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_message_keys_message"), "message_keys", ["message"])
    op.create_table(
        "placements",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("thread_key", sa.LargeBinary(), nullable=False),
        sa.Column("council_mailbox", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.digest"], name=op.f("fk_placements_message"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_placements")),
    )
    op.create_index(op.f("ix_placements_message"), "placements", ["message"])
    op.create_index(op.f("ix_placements_person"), "placements", ["person"])
    op.create_index(op.f("ix_placements_thread_key"), "placements", ["thread_key"])
