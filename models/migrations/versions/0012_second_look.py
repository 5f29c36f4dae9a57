"""Whether a leader looks again at what officers decide.

Revision: 0012, after 0011
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column(
        "commune_settings",
        sa.Column("second_look", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("commune_settings", "second_look")
