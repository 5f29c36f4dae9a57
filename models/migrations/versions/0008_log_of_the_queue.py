"""PgQueuer's own log and statistics no longer written ahead: its «balanced» durability.

Two rows and ten index entries for every job, read by nobody but PgQueuer's dashboard.  The queue
itself stays as durable as everything else; after a crash only these two are empty.

Revision: 0008, after 0007
Deploy: at any time
"""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = ("pgqueuer_log", "pgqueuer_statistics")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} SET UNLOGGED")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} SET LOGGED")
