"""What the head of a village says about a case, and whether heads are asked by themselves.

Revision: 0009, after 0008
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("cases", sa.Column("check_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("check_answer", sa.String(), nullable=True))
    op.add_column("cases", sa.Column("check_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_cases_check_due_at",
        "cases",
        ["check_due_at"],
        postgresql_where=sa.text("check_due_at IS NOT NULL"),
    )
    for name, usual in (("heads_asked", "true"), ("heads_masked", "false")):
        op.add_column(
            "commune_settings",
            sa.Column(name, sa.Boolean(), server_default=sa.text(usual), nullable=False),
        )


def downgrade() -> None:
    op.drop_column("commune_settings", "heads_masked")
    op.drop_column("commune_settings", "heads_asked")
    op.drop_index(
        "ix_cases_check_due_at",
        table_name="cases",
        postgresql_where=sa.text("check_due_at IS NOT NULL"),
    )
    for name in ("check_at", "check_answer", "check_due_at"):
        op.drop_column("cases", name)
