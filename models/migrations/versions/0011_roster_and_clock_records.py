"""Rosters, leave, how each clock ended; rounds of a case's notices, cards that wait.

Revision: 0011, after 0010
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "roster",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(day, weekday) = 1", name=op.f("ck_roster_day_or_weekday")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_roster_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("commune", "day", "person_id", name=op.f("uq_roster_commune")),
        sa.UniqueConstraint("commune", "weekday", "person_id", name="uq_roster_commune_weekday"),
    )
    op.create_table(
        "duty_marks",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on_duty", sa.Boolean(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_duty_marks_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("commune", "person_id", name=op.f("pk_duty_marks")),
    )
    op.create_table(
        "leaves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("stand_in_id", sa.Uuid(), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_leaves_ends_after_it_begins")),
        sa.CheckConstraint("stand_in_id <> person_id", name=op.f("ck_leaves_somebody_else")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_leaves_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["stand_in_id"],
            ["people.id"],
            name=op.f("fk_leaves_stand_in_id_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["told_by"],
            ["people.id"],
            name=op.f("fk_leaves_told_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index("ix_leaves_commune_last", "leaves", ["commune", "last"])
    op.create_table(
        "clock_records",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("pauses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_clock_records_case_id_cases"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_records")),
        sa.UniqueConstraint("case_id", "clock", "round", name=op.f("uq_clock_records_case_id")),
    )
    op.create_index("ix_clock_records_ended_at", "clock_records", ["ended_at", "commune"])
    op.add_column("cases", sa.Column("card_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "rungs", sa.Column("round", sa.SmallInteger(), server_default="1", nullable=False)
    )
    op.drop_constraint("uq_rungs_case_id", "rungs")
    op.create_unique_constraint("uq_rungs_case_id", "rungs", ["case_id", "round", "rung"])


def downgrade() -> None:
    op.drop_constraint("uq_rungs_case_id", "rungs")
    op.execute("DELETE FROM rungs WHERE round > 1")
    op.create_unique_constraint("uq_rungs_case_id", "rungs", ["case_id", "rung"])
    op.drop_column("rungs", "round")
    op.drop_column("cases", "card_at")
    op.drop_table("clock_records")
    op.drop_table("leaves")
    op.drop_table("duty_marks")
    op.drop_table("roster")
