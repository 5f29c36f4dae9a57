"""Roll-calls of villages: their households, who was asked, and words of safety unasked.

Revision: 0014, after 0013
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rollcalls",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("villages", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("at_risk_only", sa.Boolean(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", WHEN, nullable=False),
        sa.Column("made_at", WHEN, nullable=True),
        sa.Column("asked_at", WHEN, nullable=True),
        sa.Column("walk_at", WHEN, nullable=True),
        sa.Column("ends_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["started_by"],
            ["people.id"],
            name=op.f("fk_rollcalls_started_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollcalls")),
    )
    op.create_index(
        "ix_rollcalls_running",
        "rollcalls",
        ["commune"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "rollcall_households",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rollcall_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("village", sa.String(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.Column("answered_at", WHEN, nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rollcall_id"],
            ["rollcalls.id"],
            name=op.f("fk_rollcall_households_rollcall_id_rollcalls"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["households.id"],
            name=op.f("fk_rollcall_households_household_id_households"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["people.id"],
            name=op.f("fk_rollcall_households_answered_by_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_rollcall_households_case_id_cases"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollcall_households")),
        sa.UniqueConstraint(
            "rollcall_id", "number", name=op.f("uq_rollcall_households_rollcall_id")
        ),
    )
    op.create_index(
        op.f("ix_rollcall_households_household_id"), "rollcall_households", ["household_id"]
    )
    op.create_table(
        "rollcall_asks",
        sa.Column("rollcall_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=True),
        sa.ForeignKeyConstraint(
            ["rollcall_id"],
            ["rollcalls.id"],
            name=op.f("fk_rollcall_asks_rollcall_id_rollcalls"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_rollcall_asks_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["rollcall_households.id"],
            name=op.f("fk_rollcall_asks_unit_id_rollcall_households"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rollcall_id", "conversation_id", name=op.f("pk_rollcall_asks")),
    )
    op.create_index("ix_rollcall_asks_conversation_id", "rollcall_asks", ["conversation_id"])
    op.create_index(op.f("ix_rollcall_asks_unit_id"), "rollcall_asks", ["unit_id"])
    op.create_index(
        "ix_rollcall_asks_waiting",
        "rollcall_asks",
        ["rollcall_id", "unit_id"],
        postgresql_where=sa.text("asked_at IS NULL"),
    )
    op.create_table(
        "safe_words",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_safe_words_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_safe_words")),
    )


def downgrade() -> None:
    for table in ("safe_words", "rollcall_asks", "rollcall_households", "rollcalls"):
        op.drop_table(table)
