"""Messages kept for the next contact, delivery reports, and people who take a chat over.

Revision: 0005
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for name in ("delivered_at", "seen_at", "kept_at"):
        op.add_column("outbox", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "outbox", sa.Column("mailbox", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    for name in ("mailbox_since", "paused_until"):
        op.add_column("conversations", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    _waiting("done_at IS NULL AND NOT mailbox")
    op.create_index(
        "ix_outbox_mailbox",
        "outbox",
        ["conversation_id", "id"],
        postgresql_where=sa.text("mailbox"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_mailbox", "outbox")
    _waiting("done_at IS NULL")
    for name in ("paused_until", "mailbox_since"):
        op.drop_column("conversations", name)
    for name in ("mailbox", "kept_at", "seen_at", "delivered_at"):
        op.drop_column("outbox", name)


def _waiting(rows: str) -> None:
    op.drop_index("ix_outbox_waiting", "outbox")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["conversation_id", "id"],
        postgresql_where=sa.text(rows),
    )
