"""Decisions that wait to be told, ready replies, group chats, mornings, who cannot be reached.

Revision: 0007, after 0006
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_digests_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_digests")),
    )
    op.create_table(
        "reply_templates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["people.id"], name=op.f("fk_reply_templates_changed_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_templates")),
    )
    op.create_index(
        "ix_reply_templates_commune", "reply_templates", ["commune", "use"], unique=False
    )
    op.create_table(
        "staff_groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("linked_by", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_staff_groups_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["linked_by"], ["people.id"], name=op.f("fk_staff_groups_linked_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_groups")),
    )
    op.create_index(
        "ix_staff_groups_commune",
        "staff_groups",
        ["commune"],
        unique=False,
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )
    op.create_index(
        "uq_staff_groups_conversation_id",
        "staff_groups",
        ["conversation_id"],
        unique=True,
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("settled", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_decisions_by_id_people")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_decisions_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_case_id", "decisions", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_decisions_tell_at",
        "decisions",
        ["tell_at"],
        unique=False,
        postgresql_where=sa.text("settled IS NULL"),
    )
    op.create_index(
        "uq_decisions_waiting",
        "decisions",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("settled IS NULL"),
    )
    op.create_table(
        "unreached",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_unreached_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["people.id"], name=op.f("fk_unreached_closed_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unreached")),
    )
    op.create_index(
        "uq_unreached_open",
        "unreached",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_cases_waiting_since",
        "cases",
        ["waiting_since"],
        unique=False,
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_cases_waiting_since",
        table_name="cases",
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )
    op.drop_index(
        "uq_unreached_open", table_name="unreached", postgresql_where=sa.text("closed_at IS NULL")
    )
    op.drop_table("unreached")
    op.drop_index(
        "uq_decisions_waiting", table_name="decisions", postgresql_where=sa.text("settled IS NULL")
    )
    op.drop_index(
        "ix_decisions_tell_at", table_name="decisions", postgresql_where=sa.text("settled IS NULL")
    )
    op.drop_index("ix_decisions_case_id", table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(
        "uq_staff_groups_conversation_id",
        table_name="staff_groups",
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )
    op.drop_index(
        "ix_staff_groups_commune",
        table_name="staff_groups",
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )
    op.drop_table("staff_groups")
    op.drop_index("ix_reply_templates_commune", table_name="reply_templates")
    op.drop_table("reply_templates")
    op.drop_table("digests")
