% if upgrades and upgrades.count('op.') > 30:
<%text># </%text>ruff: noqa: PLR0915
% endif
"""${message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Bring the tables forward."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take them back; only for development."""
    ${downgrades if downgrades else "pass"}
