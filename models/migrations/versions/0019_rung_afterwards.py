"""A connection may say that its workers are woken after the commit instead of by it.

PostgreSQL lets no two transactions that notify commit at the same time.

Revision: 0019, after 0018
Deploy: before the code
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

TRIGGER = "tg_pgqueuer_changed"
UNLESS = "WHEN (current_setting('queue.rung_afterwards', true) IS DISTINCT FROM 'on') "


def _made_again(change: Callable[[str], str]) -> None:
    """Make PgQueuer's trigger again, as it is but for the change."""
    found = sa.text(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE tgname = :name AND tgrelid = 'pgqueuer'::regclass"
    )
    made = op.get_bind().execute(found, {"name": TRIGGER}).scalar_one()
    op.execute(f"DROP TRIGGER {TRIGGER} ON pgqueuer")
    op.execute(change(made))


def upgrade() -> None:
    _made_again(lambda made: made.replace("EXECUTE FUNCTION", f"{UNLESS}EXECUTE FUNCTION"))


def downgrade() -> None:
    _made_again(lambda made: re.sub(r"WHEN \(.*\) (?=EXECUTE)", "", made))
