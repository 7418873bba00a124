"""somebody whom a head lets follow what the unit owes"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    _known("role in ('admin','team-head','inspector','unit-head','delegate')")


def downgrade() -> None:
    """Take them back; only for development."""
    op.execute("delete from roles where role = 'delegate'")
    _known("role in ('admin','team-head','inspector','unit-head')")


def _known(roles: str) -> None:
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_roles_known_role"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_roles_known_role"), roles)
