"""away: an absence that somebody entered by hand is a change of its own kind."""

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None

_BEFORE = ("import", "edit", "cover", "swap", "takeover", "merge", "undo")


def _allow(*kinds: str) -> None:
    with op.batch_alter_table("schedule_changes") as changes:
        changes.drop_constraint(op.f("ck_schedule_changes_kind"), type_="check")
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        changes.create_check_constraint(op.f("ck_schedule_changes_kind"), sa.text(f"kind IN ({listed})"))


def upgrade() -> None:
    _allow("import", "edit", "cover", "swap", "takeover", "away", "merge", "undo")


def downgrade() -> None:
    """The earlier version knows it as an edit."""
    op.get_bind().execute(sa.text("UPDATE schedule_changes SET kind = 'edit' WHERE kind = 'away'"))
    _allow(*_BEFORE)
