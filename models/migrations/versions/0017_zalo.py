"""The Zalo channel: events, windows, tokens, uploads, one-time pages for a position.

Revision: 0017, after 0016
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "zalo_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("sent_at", TIME, nullable=False),
        sa.Column("received_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zalo_events")),
        sa.UniqueConstraint("key", name=op.f("uq_zalo_events_key")),
    )
    op.create_index(
        "ix_zalo_events_open",
        "zalo_events",
        ["user_id", "sent_at", "id"],
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "zalo_users",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("heard_at", TIME, nullable=True),
        sa.Column("follows", sa.Boolean(), nullable=True),
        sa.Column("knocked_at", TIME, nullable=True),
        sa.Column("warned_at", TIME, nullable=True),
        sa.Column("album", sa.String(), nullable=True),
        sa.Column("album_at", TIME, nullable=True),
        sa.Column("offered", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_zalo_users")),
    )
    op.create_table(
        "zalo_tokens",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=True),
        sa.Column("generation", sa.Integer(), server_default="1", nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=True),
        sa.Column("rotated_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("claimed_until", TIME, nullable=True),
        sa.Column("refused_at", TIME, nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("trouble_at", TIME, nullable=True),
        sa.Column("alarmed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_zalo_tokens")),
    )
    op.create_table(
        "zalo_uploads",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("uploaded_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_zalo_uploads")),
    )
    op.create_table(
        "position_links",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_position_links")),
    )


def downgrade() -> None:
    op.drop_table("position_links")
    op.drop_table("zalo_uploads")
    op.drop_table("zalo_tokens")
    op.drop_table("zalo_users")
    op.drop_index(
        "ix_zalo_events_open", "zalo_events", postgresql_where=sa.text("done_at IS NULL")
    )
    op.drop_table("zalo_events")
