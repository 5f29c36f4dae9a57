"""What a commune has decided for itself, one row a commune.

Revision: 0002, after 0001
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "commune_settings",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("mode", sa.String(), server_default="usual", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["people.id"],
            name=op.f("fk_commune_settings_changed_by_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("commune", name=op.f("pk_commune_settings")),
    )


def downgrade() -> None:
    op.drop_table("commune_settings")
