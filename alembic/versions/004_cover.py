"""find cover, swap, take over."""

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None

_CHANGES = ("import", "edit", "cover", "merge", "undo")
_NOTICES = ("starts", "ends", "changed", "short_notice", "gaps", "unreachable", "groups", "people", "digest")
_UNDECIDED = "state = 'open' OR (state = 'taken' AND change_id IS NULL)"


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _allow(table: str, *kinds: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        batch.create_check_constraint(op.f(f"ck_{table}_kind"), sa.text(f"kind IN ({listed})"))


def _people(table: str, *columns: str, ondelete: str | None = None) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], ["users.id"], name=op.f(f"fk_{table}_{name}_users"), ondelete=ondelete)
        for name in columns
    ]


def upgrade() -> None:
    _allow("schedule_changes", "import", "edit", "cover", "swap", "takeover", "merge", "undo")
    _allow("notices", *_NOTICES, "cover")
    op.add_column("rosters", sa.Column("cover_approval", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("rosters", sa.Column("cover_warn_minutes", sa.Integer(), server_default="720", nullable=False))
    states = ("open", "taken", "approved", "withdrawn", "expired", "void", "refused")
    op.create_table(
        "cover_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("kind", "cover", "swap", "takeover"), nullable=False),
        sa.Column("state", _enum("state", *states), nullable=False),
        sa.Column("duty_uid", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=True),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("wanted_uid", sa.String(length=64), nullable=True),
        sa.Column("wanted_user_id", sa.Integer(), nullable=True),
        sa.Column("wanted_position", sa.String(length=100), nullable=True),
        sa.Column("wanted_start_at", sa.BigInteger(), nullable=True),
        sa.Column("wanted_end_at", sa.BigInteger(), nullable=True),
        sa.Column("taker_id", sa.Integer(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("objection_until", sa.BigInteger(), nullable=True),
        sa.Column("objected_by_id", sa.Integer(), nullable=True),
        sa.Column("nudged_at", sa.BigInteger(), nullable=True),
        sa.Column("warned_at", sa.BigInteger(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("end_at > start_at", name=op.f("ck_cover_requests_span")),
        sa.CheckConstraint("(kind = 'swap') = (wanted_uid IS NOT NULL)", name=op.f("ck_cover_requests_wanted")),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_cover_requests_roster_id_rosters")),
        sa.ForeignKeyConstraint(["duty_uid"], ["duties.uid"], name=op.f("fk_cover_requests_duty_uid_duties")),
        sa.ForeignKeyConstraint(["wanted_uid"], ["duties.uid"], name=op.f("fk_cover_requests_wanted_uid_duties")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["schedule_changes.id"], name=op.f("fk_cover_requests_change_id_schedule_changes")
        ),
        *_people(
            "cover_requests",
            *("owner_id", "asked_by_id", "wanted_user_id", "taker_id", "approver_id", "objected_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_requests")),
    )
    undecided = sa.text(_UNDECIDED)
    op.create_index(
        "uq_cover_requests_undecided",
        "cover_requests",
        ["duty_uid"],
        unique=True,
        sqlite_where=undecided,
        postgresql_where=undecided,
    )
    op.create_index("ix_cover_requests_state", "cover_requests", ["state", "roster_id"])
    op.create_index("ix_cover_requests_change_id", "cover_requests", ["change_id"])
    op.create_table(
        "cover_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("role", _enum("role", "owner", "asked", "admin", "group"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("answer", _enum("answer", "yes", "no"), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("replaced_id", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("loud", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.BigInteger(), nullable=True),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) <> (chat_id IS NULL)", name=op.f("ck_cover_messages_receiver")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["cover_requests.id"],
            name=op.f("fk_cover_messages_request_id_cover_requests"),
            ondelete="CASCADE",
        ),
        *_people("cover_messages", "user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.id"],
            name=op.f("fk_cover_messages_chat_id_chats"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_messages")),
        sa.UniqueConstraint("request_id", "user_id", name="uq_cover_messages_user_id"),
        sa.UniqueConstraint("request_id", "chat_id", name="uq_cover_messages_chat_id"),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_cover_messages_due", "cover_messages", ["due_at"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    """What was swapped or taken over was covered, for the earlier version; requests are gone with their tables."""
    op.drop_table("cover_messages")
    op.drop_table("cover_requests")
    op.drop_column("rosters", "cover_warn_minutes")
    op.drop_column("rosters", "cover_approval")
    connection = op.get_bind()
    connection.execute(sa.text("DELETE FROM notices WHERE kind = 'cover'"))
    connection.execute(sa.text("UPDATE schedule_changes SET kind = 'cover' WHERE kind IN ('swap', 'takeover')"))
    _forget_choice(connection)
    _allow("notices", *_NOTICES)
    _allow("schedule_changes", *_CHANGES)


def _forget_choice(connection: sa.Connection) -> None:
    """Takes a kind of notice that the earlier version does not know from what people have switched off."""
    users = sa.table("users", sa.column("id"), sa.column("notices_off"))
    for row in connection.execute(sa.select(users).where(users.c.notices_off.contains("cover"))).all():
        left = ",".join(kind for kind in row.notices_off.split(",") if kind != "cover")
        connection.execute(users.update().where(users.c.id == row.id).values(notices_off=left))
