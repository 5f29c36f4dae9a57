"""Files that are made here: how they are called, and what they are to be made from.

Revision: 0004
Deploy: before the code
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("media", sa.Column("name", sa.String(), nullable=True))
    op.add_column("media", sa.Column("making", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("media", "making")
    op.drop_column("media", "name")
