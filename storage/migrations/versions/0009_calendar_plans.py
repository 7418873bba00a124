"""plans of days off confirmed by year; a demand may name any number of units"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "calendar_plans",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_plans")),
    )
    with op.batch_alter_table("demands", schema=None) as batch_op:
        batch_op.alter_column("addressees", existing_type=sa.String(length=300), type_=sa.Text(), nullable=False)


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("demands", schema=None) as batch_op:
        batch_op.alter_column("addressees", existing_type=sa.Text(), type_=sa.String(length=300), nullable=False)
    op.drop_table("calendar_plans")
