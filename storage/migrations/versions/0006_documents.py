"""official documents: who takes part, numbers, templates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "visit_members",
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_members_visit_id_visits")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_visit_members_person_id_people")),
        sa.PrimaryKeyConstraint("visit_id", "person_id", name=op.f("pk_visit_members")),
    )
    op.create_index(op.f("ix_visit_members_person_id"), "visit_members", ["person_id"])
    op.create_table(
        "document_numbers",
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("authority_id", sa.String(length=32), nullable=False),
        sa.Column("decision", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_document_numbers_counted_from_one")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_document_numbers_visit_id_visits")),
        sa.PrimaryKeyConstraint("visit_id", "kind", name=op.f("pk_document_numbers")),
        sa.UniqueConstraint(
            "kind",
            "authority_id",
            "decision",
            "year",
            "number",
            name=op.f("uq_document_numbers_kind_authority_id_decision_year_number"),
        ),
    )
    op.create_table(
        "document_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("kept_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_document_templates_unit_id_units")),
        sa.ForeignKeyConstraint(["kept_by"], ["people.id"], name=op.f("fk_document_templates_kept_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_templates")),
    )
    op.create_index(op.f("ix_document_templates_unit_id_kind"), "document_templates", ["unit_id", "kind"])


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("document_templates")
    op.drop_table("document_numbers")
    op.drop_table("visit_members")
