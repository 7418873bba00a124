"""what finished visits amount to, added up by unit and month"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# The month of a moment, in Vietnam.
MONTH = {
    "sqlite": "strftime('%Y-%m-01', v.finished_at, '+7 hours')",
    "postgresql": "date_trunc('month', v.finished_at at time zone 'Asia/Ho_Chi_Minh')::date",
}
SUMMED = ("absent", "required", "late_files", "apologies", "satisfied", "rated")


def upgrade() -> None:
    """Bring the tables forward, and add up what is there."""
    op.create_table(
        "visit_tallies",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("grade", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("visits", "scored", "tenths", *SUMMED)),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_visit_tallies_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklists.id"], name=op.f("fk_visit_tallies_checklist_id_checklists")
        ),
        sa.PrimaryKeyConstraint(
            "unit_id", "month", "checklist_id", "form", "status", "grade", name=op.f("pk_visit_tallies")
        ),
    )
    op.create_table(
        "item_tallies",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("met", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_item_tallies_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklists.id"], name=op.f("fk_item_tallies_checklist_id_checklists")
        ),
        sa.PrimaryKeyConstraint("unit_id", "month", "checklist_id", "code", name=op.f("pk_item_tallies")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_unit_id_finished_at"), ["unit_id", "finished_at"], unique=False)
    month = MONTH[op.get_bind().dialect.name]
    sums = ", ".join(f"coalesce(sum(m.{name}), 0)" for name in SUMMED)
    op.execute(
        f"insert into visit_tallies select v.unit_id, {month}, v.checklist_id, v.form, v.status, "  # noqa: S608
        "coalesce(v.grade, ''), count(*), count(v.score), coalesce(sum(cast(round(v.score * 10) as bigint)), 0), "
        f"{sums} from visits v left join measures m on m.visit_id = v.id where v.finished_at is not null "
        "and v.status in ('awaiting_signature', 'signed', 'ended_early') group by 1, 2, 3, 4, 5, 6"
    )
    op.execute(
        f"insert into item_tallies select v.unit_id, {month}, v.checklist_id, r.code, "  # noqa: S608
        "sum(case when r.outcome = 'met' then 1 else 0 end), sum(case when r.outcome = 'not_met' then 1 else 0 end) "
        "from results r join visits v on v.id = r.visit_id where v.finished_at is not null and "
        "v.status in ('awaiting_signature', 'signed') and r.outcome in ('met', 'not_met') group by 1, 2, 3, 4"
    )


def downgrade() -> None:
    """Take them back; only for development."""
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_unit_id_finished_at"))
    op.drop_table("item_tallies")
    op.drop_table("visit_tallies")
