"""Find by words which question an answer names, and which answers name a question.

Pages are made again by the next review, which judges everything: what stored judgements rest on is
forgotten.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BASIS = "judged-on:%"


def upgrade() -> None:
    connection = op.get_bind()
    settings = sa.table("settings", sa.column("name"))
    connection.execute(settings.delete().where(settings.c.name.like(_BASIS)))
    op.drop_table("pages")
    op.create_table(
        "pages",
        sa.Column("thread_key", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("body_key", sa.LargeBinary(), nullable=False),
        sa.Column("begun", sa.BigInteger()),
        sa.Column("ended", sa.BigInteger()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("thread_key", name=op.f("pk_pages")),
    )
    op.create_index(op.f("ix_pages_body_key_ended"), "pages", ["body_key", "ended"])
    op.create_index(op.f("ix_pages_person"), "pages", ["person"])
    op.create_table(
        "page_marks",
        sa.Column("mark_key", sa.LargeBinary(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=False),
        sa.Column("thread_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_key"],
            ["pages.thread_key"],
            name=op.f("fk_page_marks_thread_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mark_key", "ended", "thread_key", name=op.f("pk_page_marks")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_page_marks_thread_key"), "page_marks", ["thread_key"])
    op.create_table(
        "answers",
        sa.Column("body_key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message"],
            ["messages.digest"],
            name=op.f("fk_answers_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("body_key", "at", "message", name=op.f("pk_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_answers_message"), "answers", ["message"])
