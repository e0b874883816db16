"""Find an account's folders without reading everyone's; drop an index of messages that none uses.

What `ix_messages_person` finds, `ix_messages_person_at` finds too.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_folders_account"), "folders", ["account"])
    op.drop_index(op.f("ix_messages_person"), "messages")
