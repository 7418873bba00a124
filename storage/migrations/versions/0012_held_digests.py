"""digests that wait for the end of the sweep and for working hours"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAME = "ck_outbox_known_state"
BEFORE = "state in ('pending','sent','refused','expired')"
AFTER = "state in ('held','pending','sent','refused','expired')"


def upgrade() -> None:
    """Bring the tables forward."""
    _states(AFTER)


def downgrade() -> None:
    """Take them back; only for development."""
    op.execute("update outbox set state = 'pending' where state = 'held'")
    _states(BEFORE)


def _states(rule: str) -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), rule)
