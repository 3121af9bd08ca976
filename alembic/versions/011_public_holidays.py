"""whose public holidays and weekend a roster keeps."""

import sqlalchemy as sa
from alembic import op

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rosters", sa.Column("holidays", sa.String(length=40), server_default="", nullable=False))
    op.add_column("rosters", sa.Column("holidays_chosen", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("rosters") as batch:
        batch.drop_column("holidays_chosen")
        batch.drop_column("holidays")
