"""which authority sent the team of a visit: units are counted for each"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# As it stands in the visit's document; a visit begun before teams were known has none.
KEPT = {
    "sqlite": "json_extract(document, '$.attendance[0]')",
    "postgresql": "document::json -> 'attendance' ->> 0",
}


def upgrade() -> None:
    """Bring the table forward, and fill in what its documents say."""
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("authority_id", sa.String(length=32), nullable=False, server_default=""))
    kept = KEPT[op.get_bind().dialect.name]
    op.execute(f"update visits set authority_id = coalesce({kept}, '')")  # noqa: S608


def downgrade() -> None:
    """Take it back; only for development."""
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_column("authority_id")
