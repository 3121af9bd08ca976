"""sick leave, a type of absence of its own."""

import json

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

_BEFORE = ("duty", "unavailable", "vacation")
_FIELDS = ("user_id", "position", "start_at", "end_at", "event_type", "note")


def _allow(*kinds: str) -> None:
    # A batch on SQLite loses indexes over expressions: it is dropped before and made again.
    op.drop_index("ix_duties_type_span", "duties")
    with op.batch_alter_table("duties") as duties:
        duties.drop_constraint(op.f("ck_duties_event_type"), type_="check")
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        duties.create_check_constraint(op.f("ck_duties_event_type"), sa.text(f"event_type IN ({listed})"))
    op.create_index("ix_duties_type_span", "duties", ["event_type", sa.text("(end_at - start_at)")])


def upgrade() -> None:
    _allow(*_BEFORE, "sick")


def downgrade() -> None:
    """Whoever is ill is unavailable again, in the log too, which the earlier version reads by position only."""
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE duties SET event_type = 'unavailable' WHERE event_type = 'sick'"))
    items = sa.table("schedule_change_items", *(sa.column(name) for name in ("id", "before", "after")))
    for row in connection.execute(sa.select(items)).all():
        texts = {name: _as_before(text) for name, text in (("before", row.before), ("after", row.after))}
        if texts != {"before": row.before, "after": row.after}:
            connection.execute(items.update().where(items.c.id == row.id).values(texts))
    _allow(*_BEFORE)


def _as_before(text: str | None) -> str | None:
    values = json.loads(text) if text is not None else None
    if isinstance(values, dict):
        values = [values.get(name) for name in _FIELDS]
    if values is None:
        return None
    values[4] = "unavailable" if values[4] == "sick" else values[4]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
