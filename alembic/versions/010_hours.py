"""hours: what counts as night, hours in two rosters at once, rates, closed months."""

import sqlalchemy as sa
from alembic import op

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rosters") as batch:
        batch.add_column(sa.Column("night_hours", sa.String(length=11), server_default="22:00-06:00", nullable=False))
        batch.add_column(sa.Column("hours_once", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("rates", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "closed_months",
        sa.Column("roster_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roster_id"], ["rosters.id"], name=op.f("fk_closed_months_roster_id_rosters"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("roster_id", "month", name=op.f("pk_closed_months")),
    )


def downgrade() -> None:
    op.drop_table("closed_months")
    with op.batch_alter_table("rosters") as batch:
        batch.drop_column("rates")
        batch.drop_column("hours_once")
        batch.drop_column("night_hours")
