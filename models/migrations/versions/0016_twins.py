"""Cases that may be of one household, and the case another one follows.

Revision: 0016, after 0015
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

FOLLOWS = sa.text("same_as IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "twins",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("state", sa.String(), server_default="proposed", nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_twins_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["cases.id"], name=op.f("fk_twins_other_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_twins_decided_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_twins")),
        sa.UniqueConstraint("case_id", "other_id", name=op.f("uq_twins_case_id")),
    )
    op.create_index(
        "ix_twins_proposed",
        "twins",
        ["commune", "id"],
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_index("ix_twins_other_id", "twins", ["other_id"])
    op.add_column("cases", sa.Column("same_as", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_cases_same_as_cases"), "cases", "cases", ["same_as"], ["id"])
    op.create_index("ix_cases_same_as", "cases", ["same_as"], postgresql_where=FOLLOWS)


def downgrade() -> None:
    op.drop_index("ix_cases_same_as", table_name="cases", postgresql_where=FOLLOWS)
    op.drop_constraint(op.f("fk_cases_same_as_cases"), "cases", type_="foreignkey")
    op.drop_column("cases", "same_as")
    op.drop_table("twins")
