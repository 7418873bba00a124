"""roles held in place of somebody absent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("for_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_roles_for_id_people"), "people", ["for_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_roles_not_for_itself"), "for_id is null or for_id <> person_id")
        batch_op.create_check_constraint(batch_op.f("ck_roles_absence_ends"), "for_id is null or valid_to is not null")


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_roles_absence_ends"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_roles_not_for_itself"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_roles_for_id_people"), type_="foreignkey")
        batch_op.drop_column("for_id")
