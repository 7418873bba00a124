"""Files beside photos, what pictures look like and say of themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "picture_bands",
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["evidence.sha256"], name=op.f("fk_picture_bands_sha256_evidence")),
        sa.PrimaryKeyConstraint("band", "sha256", name=op.f("pk_picture_bands")),
    )
    with op.batch_alter_table("evidence") as batch_op:
        batch_op.add_column(sa.Column("look", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("exif", sa.Text(), nullable=True))
        batch_op.alter_column(
            "mime", existing_type=sa.VARCHAR(length=40), type_=sa.String(length=100), existing_nullable=False
        )

    with op.batch_alter_table("photos") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=10), server_default="photo", nullable=False))
        batch_op.add_column(sa.Column("name", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("resembles", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("distance", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("days_apart", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("km_apart", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_photos_known_kind"), "kind in ('photo','document','voice','video')"
        )
        batch_op.create_foreign_key(batch_op.f("fk_photos_resembles_photos"), "photos", ["resembles"], ["id"])


def downgrade() -> None:
    """Take them back; only for development."""
    with op.batch_alter_table("photos") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_photos_resembles_photos"), type_="foreignkey")
        batch_op.drop_column("km_apart")
        batch_op.drop_column("days_apart")
        batch_op.drop_column("distance")
        batch_op.drop_column("resembles")
        batch_op.drop_column("name")
        batch_op.drop_column("kind")

    with op.batch_alter_table("evidence") as batch_op:
        batch_op.alter_column(
            "mime", existing_type=sa.String(length=100), type_=sa.VARCHAR(length=40), existing_nullable=False
        )
        batch_op.drop_column("exif")
        batch_op.drop_column("look")

    op.drop_table("picture_bands")
