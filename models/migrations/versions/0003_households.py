"""Households of a village and when their list was gone through.

Revision: 0003, after 0002
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "households",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("village_key", sa.String(), nullable=False),
        sa.Column("at_risk", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("basis_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column(
            "added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["people.id"],
            name=op.f("fk_households_added_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
    )
    op.create_index("ix_households_village", "households", ["commune", "village_key"])
    op.create_index(op.f("ix_households_phone_hash"), "households", ["phone_hash"])
    op.create_table(
        "list_reviews",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("village_key", sa.String(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("commune", "village_key", "due", name=op.f("pk_list_reviews")),
    )


def downgrade() -> None:
    op.drop_table("list_reviews")
    op.drop_index(op.f("ix_households_phone_hash"), table_name="households")
    op.drop_index("ix_households_village", table_name="households")
    op.drop_table("households")
