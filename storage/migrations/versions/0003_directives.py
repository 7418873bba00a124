# ruff: noqa: PLR0915
"""directives, requests and remedies"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "obligation_kinds",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("ladder", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_obligation_kinds")),
    )
    op.create_table(
        "directives",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("number_symbol", sa.String(length=60), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("issuer_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("entered_by", sa.String(length=32), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_directives_entered_by_people")),
        sa.ForeignKeyConstraint(["issuer_id"], ["units.id"], name=op.f("fk_directives_issuer_id_units")),
        sa.ForeignKeyConstraint(["parent_id"], ["directives.id"], name=op.f("fk_directives_parent_id_directives")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directives")),
        sa.UniqueConstraint("key", name=op.f("uq_directives_key")),
    )
    with op.batch_alter_table("directives", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directives_issuer_id_year"), ["issuer_id", "year"], unique=False)

    op.create_table(
        "conclusions",
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=32), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_conclusions_entered_by_people")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_conclusions_visit_id_visits")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_conclusions")),
    )
    op.create_table(
        "demands",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("directive_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("due_rule", sa.String(length=40), nullable=False),
        sa.Column("addressees", sa.String(length=300), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["directive_id"], ["directives.id"], name=op.f("fk_demands_directive_id_directives")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demands")),
    )
    with op.batch_alter_table("demands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demands_directive_id"), ["directive_id"], unique=False)

    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("issued", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('report','extension','not_ours','question','plan')", name=op.f("ck_requests_known_kind")
        ),
        sa.CheckConstraint(
            "state in ('waiting','granted','returned','withdrawn','noted')", name=op.f("ck_requests_known_state")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_requests_answered_by_people")),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_requests_asked_by_people")),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_requests_obligation_id_obligations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requests_obligation_id"), ["obligation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_state_told_at"), ["state", "told_at"], unique=False)

    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repeat_of", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_findings_repeat_of_findings"), "findings", ["repeat_of"], ["id"])

    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("directive_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("demand_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("finding_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("complete_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("look_on", sa.Date(), nullable=False, server_default="0001-01-01"))
        batch_op.drop_constraint(batch_op.f("ck_obligations_known_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_obligations_known_state"),
            "state in ('open','reported','returned','accepted','cancelled')",
        )
        batch_op.create_index(batch_op.f("ix_obligations_state_look_on"), ["state", "look_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligations_demand_id_year"), ["demand_id", "year"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_obligations_finding_id"), ["finding_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_obligations_finding_id_findings"), "findings", ["finding_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_obligations_directive_id_directives"), "directives", ["directive_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_obligations_demand_id_demands"), "demands", ["demand_id"], ["id"])

    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.alter_column(
            "stage", existing_type=sa.VARCHAR(length=8), type_=sa.String(length=12), existing_nullable=False
        )
        batch_op.create_index(batch_op.f("ix_reminders_person_id_day"), ["person_id", "day"], unique=False)


def downgrade() -> None:
    """Take them back; only for development."""
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminders_person_id_day"))
        batch_op.alter_column(
            "stage", existing_type=sa.String(length=12), type_=sa.VARCHAR(length=8), existing_nullable=False
        )

    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_obligations_demand_id_demands"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_obligations_directive_id_directives"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_obligations_finding_id_findings"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_obligations_finding_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_obligations_state_look_on"))
        batch_op.drop_index(batch_op.f("ix_obligations_demand_id_year"))
        batch_op.drop_constraint(batch_op.f("ck_obligations_known_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_obligations_known_state"), "state in ('open','reported','accepted','cancelled')"
        )
        batch_op.drop_column("look_on")
        batch_op.drop_column("complete_by")
        batch_op.drop_column("finding_id")
        batch_op.drop_column("demand_id")
        batch_op.drop_column("directive_id")

    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_findings_repeat_of_findings"), type_="foreignkey")
        batch_op.drop_column("repeat_of")

    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_state_told_at"))
        batch_op.drop_index(batch_op.f("ix_requests_obligation_id"))

    op.drop_table("requests")
    with op.batch_alter_table("demands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demands_directive_id"))

    op.drop_table("demands")
    op.drop_table("conclusions")
    with op.batch_alter_table("directives", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directives_issuer_id_year"))

    op.drop_table("directives")
    op.drop_table("obligation_kinds")
