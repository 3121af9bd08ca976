"""absences that calendars of others bring."""

import sqlalchemy as sa
from alembic import op

revision = "013"
down_revision = "012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("external_calendars", sa.Column("unknown", sa.Text(), server_default="[]", nullable=False))
    op.create_table(
        "external_absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("event_type", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["external_calendars.id"],
            name=op.f("fk_external_absences_calendar_id_external_calendars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_external_absences_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_absences")),
    )
    op.create_index(op.f("ix_external_absences_calendar_id"), "external_absences", ["calendar_id"])


def downgrade() -> None:
    op.drop_table("external_absences")
    with op.batch_alter_table("external_calendars") as batch:
        batch.drop_column("unknown")
