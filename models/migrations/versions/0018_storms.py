"""Storm mode, and who was told of it.

Revision: 0018, after 0017
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "storms",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", WHEN, nullable=False),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("untold", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["started_by"],
            ["people.id"],
            name=op.f("fk_storms_started_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storms")),
    )
    op.create_index(
        "ix_storms_standing", "storms", ["commune"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index(
        "ix_storms_untold", "storms", ["id"], postgresql_where=sa.text("untold IS NOT NULL")
    )
    op.create_table(
        "storm_told",
        sa.Column("storm_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("news", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["storm_id"],
            ["storms.id"],
            name=op.f("fk_storm_told_storm_id_storms"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_storm_told_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("storm_id", "conversation_id", "news", name=op.f("pk_storm_told")),
    )


def downgrade() -> None:
    op.drop_table("storm_told")
    op.drop_table("storms")
