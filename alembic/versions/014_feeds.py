"""feeds: when what a link shows changed otherwise than by shifts, and alarms."""

import sqlalchemy as sa
from alembic import op

revision = "014"
down_revision = "013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("calendar_links") as batch:
        batch.add_column(sa.Column("alarm_minutes", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("shown_times", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("shown_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("rosters") as batch:
        batch.add_column(sa.Column("shown_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("rosters") as batch:
        batch.drop_column("shown_at")
    with op.batch_alter_table("calendar_links") as batch:
        batch.drop_column("shown_at")
        batch.drop_column("shown_times")
        batch.drop_column("alarm_minutes")
