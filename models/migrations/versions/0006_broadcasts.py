"""Broadcasts, their recipients, choices of topics; versions of one message in the outbox.

Revision: 0006, after 0005
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("alert", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("occasion", sa.String(), nullable=True),
        sa.Column("occasion_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("looked_by", sa.Uuid(), nullable=True),
        sa.Column("roll_call", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expanded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["people.id"],
            name=op.f("fk_broadcasts_approved_by_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["looked_by"],
            ["people.id"],
            name=op.f("fk_broadcasts_looked_by_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["people.id"],
            name=op.f("fk_broadcasts_made_by_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["people.id"],
            name=op.f("fk_broadcasts_proposed_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sa.UniqueConstraint("occasion", "occasion_on", name=op.f("uq_broadcasts_occasion")),
    )
    op.create_index(
        "ix_broadcasts_open",
        "broadcasts",
        ["state", "due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('draft','proposed','approved','running','paused')"),
    )
    op.create_table(
        "broadcast_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_broadcast_answers_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_broadcast_answers_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_answers")),
    )
    op.create_index(
        "ix_broadcast_answers_broadcast_id",
        "broadcast_answers",
        ["broadcast_id", "what"],
        unique=False,
    )
    op.create_index(
        op.f("ix_broadcast_answers_conversation_id"),
        "broadcast_answers",
        ["conversation_id"],
        unique=False,
    )
    op.create_table(
        "recipients",
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_recipients_broadcast_id_broadcasts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_recipients_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "conversation_id", name=op.f("pk_recipients")),
    )
    op.create_index(
        "ix_recipients_conversation_id",
        "recipients",
        ["conversation_id", "broadcast_id"],
        unique=False,
    )
    op.create_index(
        "ix_recipients_queued",
        "recipients",
        ["broadcast_id", "outbox_id"],
        unique=False,
        postgresql_where=sa.text("fate = 'queued'"),
    )
    op.create_index(
        "ix_recipients_waiting",
        "recipients",
        ["broadcast_id", "channel", "conversation_id"],
        unique=False,
        postgresql_where=sa.text("fate = 'waiting'"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("wants", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("broadcast_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name=op.f("fk_subscriptions_broadcast_id_broadcasts"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_subscriptions_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        "ix_subscriptions_standing",
        "subscriptions",
        ["person_id", "topic"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.add_column("outbox", sa.Column("updates", sa.String(), nullable=True))
    op.create_index(
        "ix_outbox_updates",
        "outbox",
        ["conversation_id", "updates", "id"],
        unique=False,
        postgresql_where=sa.text("updates IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_outbox_updates", table_name="outbox", postgresql_where=sa.text("updates IS NOT NULL")
    )
    op.drop_column("outbox", "updates")
    op.drop_index(
        "ix_subscriptions_standing",
        table_name="subscriptions",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("subscriptions")
    op.drop_index(
        "ix_recipients_waiting",
        table_name="recipients",
        postgresql_where=sa.text("fate = 'waiting'"),
    )
    op.drop_index(
        "ix_recipients_queued",
        table_name="recipients",
        postgresql_where=sa.text("fate = 'queued'"),
    )
    op.drop_index("ix_recipients_conversation_id", table_name="recipients")
    op.drop_table("recipients")
    op.drop_index(op.f("ix_broadcast_answers_conversation_id"), table_name="broadcast_answers")
    op.drop_index("ix_broadcast_answers_broadcast_id", table_name="broadcast_answers")
    op.drop_table("broadcast_answers")
    op.drop_index(
        "ix_broadcasts_open",
        table_name="broadcasts",
        postgresql_where=sa.text("state IN ('draft','proposed','approved','running','paused')"),
    )
    op.drop_table("broadcasts")
