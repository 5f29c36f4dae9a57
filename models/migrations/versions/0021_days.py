"""The province's own days, and what it changed in the calendar of a year.

Revision: 0021, after 0020
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

WHEN = sa.DateTime(timezone=True)


def _somebody(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["people.id"], name=op.f(f"fk_{table}_{column}_people"), ondelete="SET NULL"
    )


def upgrade() -> None:
    op.create_table(
        "own_days",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("added_at", WHEN, nullable=False),
        sa.Column("removed_at", WHEN, nullable=True),
        _somebody("own_days", "added_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_days")),
    )
    op.create_table(
        "day_changes",
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("occasion_on", sa.Date(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=True),
        sa.Column("days_before", sa.Integer(), nullable=True),
        sa.Column("hour", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", WHEN, nullable=False),
        sa.Column("looked_by", sa.Uuid(), nullable=True),
        _somebody("day_changes", "changed_by"),
        _somebody("day_changes", "looked_by"),
        sa.PrimaryKeyConstraint("occasion", "occasion_on", name=op.f("pk_day_changes")),
    )


def downgrade() -> None:
    op.drop_table("day_changes")
    op.drop_table("own_days")
