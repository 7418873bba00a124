"""what the indicators add up, indices published by others, summaries sent by themselves"""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward, and measure the visits there are."""
    measures = op.create_table(
        "measures",
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("briefed", sa.BigInteger(), nullable=True),
        sa.Column("staff", sa.BigInteger(), nullable=True),
        sa.Column("absent", sa.BigInteger(), nullable=True),
        sa.Column("required", sa.BigInteger(), nullable=True),
        sa.Column("late_files", sa.BigInteger(), nullable=True),
        sa.Column("apologies", sa.BigInteger(), nullable=True),
        sa.Column("satisfied", sa.BigInteger(), nullable=True),
        sa.Column("rated", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_measures_visit_id_visits")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_measures")),
    )
    op.create_table(
        "external_indices",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=7, scale=2), nullable=True),
        sa.Column("entered_by", sa.String(length=32), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("rank between 1 and total", name=op.f("ck_external_indices_rank_of_total")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_external_indices_unit_id_units")),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_external_indices_entered_by_people")),
        sa.PrimaryKeyConstraint("unit_id", "name", "year", name=op.f("pk_external_indices")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("every", sa.String(length=5), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("told", sa.Date(), nullable=True),
        sa.CheckConstraint("every in ('week','month')", name=op.f("ck_subscriptions_known_rhythm")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_subscriptions_person_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_subscriptions_unit_id_units")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_subscriptions")),
    )
    op.create_table(
        "targets",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_targets_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "code", "year", name=op.f("pk_targets")),
    )
    op.create_index(op.f("ix_results_visit_id_code_outcome"), "results", ["visit_id", "code", "outcome"])
    _measure(op.get_bind(), measures)


def downgrade() -> None:
    """Take them back."""
    op.drop_index(op.f("ix_results_visit_id_code_outcome"), table_name="results")
    op.drop_table("targets")
    op.drop_table("subscriptions")
    op.drop_table("external_indices")
    op.drop_table("measures")


def _measure(connection: Any, measures: Any) -> None:
    """As `inspection.measures` did when this was written."""
    finished = sa.text("select id, document from visits where status in ('awaiting_signature', 'signed')")
    applies = sa.text("select distinct visit_id, code from results where outcome not in ('na', 'hidden')")
    applicable = {(row.visit_id, row.code) for row in connection.execute(applies)}
    rows = []
    for visit_id, document in connection.execute(finished).all():
        answers = json.loads(document)["answers"]

        def value(code: str, field: str = "gia_tri", *, id: str = visit_id, given: Any = answers) -> Decimal | None:
            found = given[code][0].get(field) if code in given and (id, code) in applicable else None
            found = found.get("$number") if isinstance(found, dict) else found
            return None if found is None or isinstance(found, bool) else Decimal(found)

        briefed, staff = _both(value("A04", "da_quan_triet"), value("A04", "tong"))
        absent, required = _both(value("C01", "vang_khong_ly_do"), value("C01", "tong"))
        apologies, late = _both(Decimal(0) if value("F05") == 0 else value("F06"), value("F05"))
        files, percent = value("F04"), value("F07")
        row = {
            "visit_id": visit_id, "briefed": briefed, "staff": staff, "absent": absent, "required": required,
            "late_files": late, "apologies": apologies, "satisfied": None, "rated": None,
        }  # fmt: skip
        if files and percent is not None:
            hundredths = int((percent * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
            row |= {"satisfied": hundredths * int(files), "rated": int(files)}
        rows.append(row)
    if rows:
        connection.execute(measures.insert(), rows)


def _both(part: Decimal | None, whole: Decimal | None) -> tuple[int | None, int | None]:
    return (None, None) if part is None or whole is None else (int(part), int(whole))
