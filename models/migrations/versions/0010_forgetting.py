"""When the words of a case went, and who asked for everything to go.

Revision: 0010, after 0009
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("cases", sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("erase_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_cases_done",
        "cases",
        [sa.literal_column("coalesce(closed_at, answered_at)")],
        unique=False,
        postgresql_where=sa.text("emptied_at IS NULL AND status NOT IN ('new', 'taken')"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_cases_done",
        table_name="cases",
        postgresql_where=sa.text("emptied_at IS NULL AND status NOT IN ('new', 'taken')"),
    )
    op.drop_column("people", "erase_asked_at")
    op.drop_column("cases", "emptied_at")
