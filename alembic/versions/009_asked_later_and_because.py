"""who added the bot to groups of which no admin could be asked yet; why cover is wanted, as a kind of absence."""

import sqlalchemy as sa
from alembic import op

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chats", sa.Column("added_by", sa.String(length=200), nullable=True))
    op.add_column("chats", sa.Column("added_by_account", sa.BigInteger(), nullable=True))
    op.add_column("cover_requests", sa.Column("because", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("cover_requests", "because")
    op.drop_column("chats", "added_by_account")
    op.drop_column("chats", "added_by")
