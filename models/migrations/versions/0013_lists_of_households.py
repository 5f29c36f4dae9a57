"""Lists of households, their lines, and the cases and files that belong to them.

Revision: 0013, after 0012
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

OF_A_LIST = sa.text("list_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("village_key", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("happened", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deciding", sa.LargeBinary(), nullable=True),
        sa.Column(
            "sheets", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["people.id"], name=op.f("fk_lists_reporter_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"],
            name=op.f("fk_lists_conversation_id_conversations"), ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("code", name=op.f("uq_lists_code")),
    )  # fmt: skip
    op.create_index("ix_lists_village", "lists", ["commune", "village_key", "opened_at"])
    op.create_index(op.f("ix_lists_reporter_id"), "lists", ["reporter_id"])
    op.create_index(
        "ix_lists_filing", "lists", ["opened_at"], postgresql_where=sa.text("state = 'filing'")
    )
    op.create_table(
        "list_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column(
            "wrong", postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["lists.id"], name=op.f("fk_list_lines_list_id_lists"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_list_lines_case_id_cases"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_lines")),
        sa.UniqueConstraint("list_id", "number", name=op.f("uq_list_lines_list_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_list_lines_case_id"), "list_lines", ["case_id"])
    for table in ("cases", "media"):
        op.add_column(table, sa.Column("list_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_list_id_lists"), table, "lists", ["list_id"], ["id"]
        )
        op.create_index(f"ix_{table}_list_id", table, ["list_id"], postgresql_where=OF_A_LIST)


def downgrade() -> None:
    for table in ("media", "cases"):
        op.drop_index(f"ix_{table}_list_id", table_name=table, postgresql_where=OF_A_LIST)
        op.drop_constraint(op.f(f"fk_{table}_list_id_lists"), table, type_="foreignkey")
        op.drop_column(table, "list_id")
    op.drop_table("list_lines")
    op.drop_table("lists")
