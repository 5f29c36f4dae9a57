"""Roll-calls that an alert begins, one for each commune.

Revision: 0020, after 0019
Deploy: before the code, with the old code stopped: a column it reads is dropped
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "alert_calls",
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("rollcall_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_alert_calls_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rollcall_id"],
            ["rollcalls.id"],
            name=op.f("fk_alert_calls_rollcall_id_rollcalls"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "commune", name=op.f("pk_alert_calls")),
    )
    op.create_index(
        "ix_alert_calls_waiting",
        "alert_calls",
        ["broadcast_id", "commune"],
        postgresql_where=sa.text("rollcall_id IS NULL"),
    )
    op.create_index(op.f("ix_alert_calls_rollcall_id"), "alert_calls", ["rollcall_id"])
    op.drop_column("broadcasts", "roll_call")


def downgrade() -> None:
    op.add_column(
        "broadcasts",
        sa.Column("roll_call", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.drop_table("alert_calls")
